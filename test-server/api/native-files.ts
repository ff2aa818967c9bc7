import { isCompleted, type StoredFile, type Transfer } from '../state/bucket.ts'
import { receive } from '../state/content.ts'
import type { Deposit, Draft } from '../state/deposit.ts'
import { touch } from '../state/deposit.ts'
import { checkNewKeys, createFile, refuseLocked, removeFile } from '../state/upload.ts'
import {
  badRequest,
  crash,
  forbidden,
  invalid,
  noContent,
  noSuchFile,
} from '../transport/answer.ts'
import { BodyLost } from '../transport/body.ts'
import type { Exchange, Handler } from '../transport/exchange.ts'
import { isObject, objectAt, textAt, type Json } from '../transport/json.ts'
import { toDownload } from './download.ts'
import { acceptJson, getOwnDraft, inKind } from './native-drafts.ts'
import { toFileEntry, toFileList } from './file-json.ts'

interface Place {
  readonly deposit: Deposit
  readonly draft: Draft
  readonly file: StoredFile
}

function getFile(exchange: Exchange, id: string, key: string): Place {
  const { deposit, draft } = getOwnDraft(exchange, id)
  const file = draft.bucket.files.get(key)
  if (!file) throw noSuchFile(deposit.id, key)
  return { deposit, draft, file }
}

export const listDraftFiles: Handler = (exchange, { id = '' }) => {
  acceptJson(exchange)
  const { deposit } = getOwnDraft(exchange, id)
  return inKind(exchange, 200, () => toFileList(exchange.world, deposit, 'draft'))
}

function readTransfer(item: Json, index: number): Transfer {
  const transfer = objectAt(item, 'transfer')
  const type = textAt(transfer, 'type') ?? 'L'
  if (type === 'F')
    throw invalid({ field: `${index}.transfer.url`, messages: ['Domain not allowed'] })
  if (type !== 'L' && type !== 'M') throw forbidden()
  const { parts, part_size: partSize } = transfer
  const hasParts = typeof parts === 'number' && typeof partSize === 'number'
  return type === 'M' && hasParts ? { type, part_size: partSize, parts } : { type }
}

function readFiles(body: unknown, now: Date): readonly StoredFile[] {
  if (!Array.isArray(body)) throw invalid({ field: '0._schema', messages: ['Invalid input type.'] })
  if (body.length === 0) throw invalid({ field: '_schema', messages: ['No files to upload.'] })
  return body.map((item: unknown, index) => {
    const key = textAt(item, 'key')
    if (!isObject(item))
      throw invalid({ field: `${index}._schema`, messages: ['Invalid input type.'] })
    if (key === undefined) {
      throw invalid({ field: `${index}.key`, messages: ['Missing data for required field.'] })
    }
    const { size, checksum } = item
    const announced = {
      ...(size !== undefined && { size }),
      ...(checksum !== undefined && { checksum }),
    }
    return { ...createFile(key, now), transfer: readTransfer(item, index), announced }
  })
}

/** Announces files; even a locked edit takes the announcement, which then blocks its publish. */
export const initDraftFiles: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const body = await exchange.readJson()
  const files = readFiles(body, world.now())
  const { deposit, draft } = getOwnDraft(exchange, id)
  const { bucket } = draft
  const keys = files.map(({ key }) => key)
  const taken = keys.find((key) => bucket.files.has(key))
  if (taken !== undefined) throw badRequest(`File with key ${taken} already exists.`)
  checkNewKeys(bucket, keys)
  if (keys.some((key) => bucket.burntKeys.has(key))) throw crash()
  for (const file of files) bucket.files.set(file.key, file)
  return inKind(exchange, 201, () => toFileList(world, deposit, 'draft'))
}

/** Empties the draft, and spoils every name that was there. */
export const deleteAllFiles: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const { draft } = getOwnDraft(exchange, id)
  const { bucket } = draft
  refuseLocked(bucket)
  await bucket.lock.hold(async () => {
    await world.work()
    for (const key of bucket.files.keys()) bucket.burntKeys.add(key)
    bucket.files.clear()
    touch(draft, world.now())
  })
  return noContent()
}

export const getDraftFile: Handler = (exchange, { id = '', key = '' }) => {
  acceptJson(exchange)
  const { deposit, file } = getFile(exchange, id, key)
  return inKind(exchange, 200, () => toFileEntry(exchange.world, deposit, 'draft', file))
}

export const deleteDraftFile: Handler = async (exchange, { id = '', key = '' }) => {
  acceptJson(exchange)
  const { draft, file } = getFile(exchange, id, key)
  if (file.status === 'completed') refuseLocked(draft.bucket)
  await removeFile(exchange.world, draft, file)
  return noContent()
}

export const getDraftContent: Handler = (exchange, { id = '', key = '' }) => {
  const { deposit, file } = getFile(exchange, id, key)
  if (!isCompleted(file)) throw noSuchFile(deposit.id, key)
  return toDownload(file)
}

/** Takes the content of an announced file; a cut one removes the announcement, too. */
export const putDraftContent: Handler = async (exchange, { id = '', key = '' }) => {
  const { world, body } = exchange
  acceptJson(exchange)
  exchange.contentType('application/octet-stream')
  const { deposit, draft, file } = getFile(exchange, id, key)
  const { bucket } = draft
  if (file.transfer.type !== 'L') throw forbidden()
  const checksum = exchange.fault?.corruptChecksum ? 'wrong' : 'right'
  body.keepEarlyBytes()
  await bucket.lock.hold(async () => {
    try {
      const content = await receive(body.chunks(), world.settings, checksum)
      await world.work()
      if (file.status === 'pending') bucket.files.set(key, { ...file, content })
      else bucket.files.delete(key)
    } catch (error) {
      if (error instanceof BodyLost) bucket.files.delete(key)
      throw error
    }
  })
  const entry = (): Json => toFileEntry(world, deposit, 'draft', file)
  if (file.status === 'pending') return inKind(exchange, 200, entry)
  return inKind(exchange, 200, () => ({ ...entry(), errors: 'File upload transfer failed.' }))
}

/** Parts are accepted by plain InvenioRDM, not by Zenodo. */
export const putDraftPart: Handler = async (exchange, { id = '', key = '' }) => {
  acceptJson(exchange)
  exchange.contentType('application/octet-stream')
  getFile(exchange, id, key)
  await exchange.body.bytes()
  throw forbidden()
}

export const commitDraftFile: Handler = async (exchange, { id = '', key = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const { deposit, draft, file } = getFile(exchange, id, key)
  if (file.transfer.type !== 'L') throw forbidden()
  const { content } = file
  if (!content) throw badRequest('File upload is not complete.')
  if (content.size === 0) throw badRequest('Empty files are not accepted.')
  await world.work()
  const committed = { ...file, status: 'completed' as const, updated: world.now() }
  if (draft.bucket.files.has(key)) draft.bucket.files.set(key, committed)
  return inKind(exchange, 200, () => toFileEntry(world, deposit, 'draft', committed))
}
