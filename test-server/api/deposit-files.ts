import type { CompletedFile } from '../state/bucket.ts'
import { receive } from '../state/content.ts'
import type { Deposit } from '../state/deposit.ts'
import { refuseLocked, removeFile, storeUpload } from '../state/upload.ts'
import {
  badRequest,
  crash,
  forbidden,
  gatewayPage,
  json,
  noContent,
  noSuchFile,
  noSuchRoute,
  notUnderstood,
  Refusal,
} from '../transport/answer.ts'
import type { Exchange, Handler } from '../transport/exchange.ts'
import type { Json } from '../transport/json.ts'
import { readForm, secureFilename } from '../transport/multipart.ts'
import { shownFiles } from './deposition-json.ts'
import { getDraft } from './drafting.ts'
import { float, isUuid, quoteKey } from './stamp.ts'

const JSON_TYPE = 'application/json'
const GATEWAY_BYTES = 100 * 2 ** 20

function toJson(exchange: Exchange, { id, draft }: Deposit, file: CompletedFile): Json {
  const { key, content } = file
  const parent = `/api/records/${id}/${draft ? 'draft/' : ''}files`
  return {
    id: content.id,
    filename: key,
    filesize: float(content.size),
    checksum: content.md5,
    links: {
      self: exchange.link(`/api/deposit/depositions/${id}/files/${content.id}`),
      download: exchange.link(`${parent}/${quoteKey(key)}/content`),
    },
  }
}

/** The deposit, if the caller may see its files: those of a public record are everybody's. */
function getReadable(exchange: Exchange, id: string): Deposit {
  const deposit = exchange.world.getDraftOrRecord(id)
  const isPublic = !deposit.draft && deposit.record?.stored.access['files'] === 'public'
  if (!isPublic) exchange.allowOnly(deposit.concept.owner)
  return deposit
}

export const listDepositFiles: Handler = (exchange, { id = '' }) => {
  exchange.accept(JSON_TYPE)
  const deposit = getReadable(exchange, id)
  const files = [...(deposit.draft?.bucket.files.values() ?? [])]
  // A pending file has no checksum to show; the list does not expect that.
  if (files.some(({ status }) => status === 'pending')) throw crash()
  return json(
    200,
    shownFiles(deposit).map((file) => toJson(exchange, deposit, file)),
  )
}

export const getDepositFile: Handler = (exchange, { id = '', file: fileId = '' }) => {
  exchange.accept(JSON_TYPE)
  const deposit = getReadable(exchange, id)
  if (!isUuid(fileId)) throw crash()
  const file = shownFiles(deposit).find(({ content }) => content.id === fileId)
  if (!file) throw noSuchRoute()
  return json(200, toJson(exchange, deposit, file))
}

export const deleteDepositFile: Handler = async (exchange, { id = '', file: fileId = '' }) => {
  exchange.accept(JSON_TYPE)
  const deposit = exchange.world.getDraftOrRecord(id)
  exchange.allowOnly(deposit.concept.owner)
  if (!isUuid(fileId)) throw crash()
  const { draft } = deposit
  if (!draft) throw forbidden()
  const { bucket } = draft
  const file = bucket.findById(fileId)
  const removedKey = bucket.removed.get(fileId)
  if (!file) throw removedKey === undefined ? noSuchRoute() : noSuchFile(deposit.id, removedKey)
  refuseLocked(bucket)
  await removeFile(exchange.world, draft, file)
  return noContent()
}

/** The old multipart upload: names are simplified, nothing is replaced. */
export const postDepositFile: Handler = async (exchange, { id = '' }) => {
  const { world, body } = exchange
  if ((body.announcedBytes ?? 0) > GATEWAY_BYTES) {
    throw new Refusal(gatewayPage(413, 'Request Entity Too Large'))
  }
  exchange.accept(JSON_TYPE)
  const form = readForm(exchange.header('content-type') ?? '', await body.bytes())
  const { file, name } = form
  if (!file) {
    throw notUnderstood(
      'The browser (or proxy) sent a request that this server could not understand.',
    )
  }
  const key = secureFilename(name ?? file.filename)
  const deposit = world.getDeposit(id)
  const draft = getDraft(deposit)
  exchange.allowOnly(deposit.concept.owner)
  refuseLocked(draft.bucket)
  if (draft.bucket.files.has(key)) throw badRequest(`File with key ${key} already exists.`)
  const { bytes } = file
  if (bytes.length === 0) throw badRequest('Empty files are not accepted.')
  const chunks = async function* (): AsyncGenerator<Buffer> {
    yield await Promise.resolve(bytes)
  }
  const checksum = exchange.fault?.corruptChecksum ? 'wrong' : 'right'
  const stored = await storeUpload({
    world,
    deposit,
    draft,
    key,
    announcedBytes: bytes.length,
    receive: () => receive(chunks(), world.settings, checksum),
  })
  return json(201, toJson(exchange, deposit, stored))
}
