import { isCompleted } from '../state/bucket.ts'
import { latestRecord, type Deposit } from '../state/deposit.ts'
import {
  forbidden,
  json,
  noSuchFile,
  notFound,
  notRegistered,
  Refusal,
  type Answer,
} from '../transport/answer.ts'
import type { Exchange, Handler } from '../transport/exchange.ts'
import { objectAt, textAt, without, type Json } from '../transport/json.ts'
import { etag, shownFiles } from './deposition-json.ts'
import { toDownload } from './download.ts'
import { acceptJson, inKind } from './native-drafts.ts'
import { toFileEntry, toFileList } from './file-json.ts'
import { toNative } from './native-json.ts'
import { toZenodo } from './zenodo-json.ts'
import { createRequest } from './publishing.ts'
import { toRequest } from './request-json.ts'
import { stamp } from './stamp.ts'

function refuseDeleted({ tombstone }: Deposit): void {
  if (!tombstone) return
  throw new Refusal(json(410, { status: 410, message: 'Record deleted', tombstone }))
}

function redirectPage(path: string): Answer {
  const text = `<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n<p>You should be redirected automatically to the target URL: <a href="${path}">${path}</a>. If not, click the link.\n`
  const headers = { 'content-type': 'text/html; charset=utf-8', location: path }
  return { status: 302, headers, text }
}

/** A record, or for a concept the way to its latest version. */
export const getRecord: Handler = (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const concept = world.findConcept(id)
  const latest = concept && latestRecord(concept)
  if (latest) return redirectPage(`/api/records/${latest.id}`)
  const deposit = world.getRecord(id)
  refuseDeleted(deposit)
  const isOwner = exchange.user === deposit.concept.owner
  const seesFiles = isOwner || deposit.record.stored.access['files'] === 'public'
  const hidden = seesFiles ? {} : { files: [] }
  const answer = inKind(
    exchange,
    200,
    () => forViewer(toNative(world, deposit, 'record'), { isOwner, seesFiles }),
    () => ({ ...toZenodo(world, deposit, 'record'), ...hidden }),
  )
  return { ...answer, headers: { ...answer.headers, ...etag({ ...deposit, draft: undefined }) } }
}

/** Only its owner learns whether a record has a later draft, and of files that are restricted. */
function forViewer(native: Json, viewer: { isOwner: boolean; seesFiles: boolean }): Json {
  const versions = without(objectAt(native, 'versions'), 'is_latest_draft')
  const shown = viewer.isOwner ? native : { ...native, versions }
  return viewer.seesFiles ? shown : without(shown, 'files')
}

/** Leads from any published version, or the concept, to the latest version. */
export const getLatest: Handler = (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const concept = world.findConcept(id) ?? world.getRecord(id).concept
  const latest = latestRecord(concept)
  if (!latest) throw notRegistered()
  const location = exchange.link(`/api/records/${latest.id}`)
  return json(301, { status: 301, message: 'Redirecting...', location }, { location })
}

/** The record, if the caller may see its files. */
function getOpen(exchange: Exchange, id: string): Deposit {
  const deposit = exchange.world.getRecord(id)
  refuseDeleted(deposit)
  const isOpen = deposit.record.stored.access['files'] === 'public'
  if (!isOpen) exchange.allowOnly(deposit.concept.owner)
  return deposit
}

export const listRecordFiles: Handler = (exchange, { id = '' }) => {
  acceptJson(exchange)
  return json(200, toFileList(exchange.world, getOpen(exchange, id), 'record'))
}

export const getRecordFile: Handler = (exchange, { id = '', key = '' }) => {
  acceptJson(exchange)
  const deposit = getOpen(exchange, id)
  const file = shownFiles({ ...deposit, draft: undefined }).find((shown) => shown.key === key)
  if (!file) throw noSuchFile(deposit.id, key)
  return json(200, toFileEntry(exchange.world, deposit, 'record', file))
}

export const getRecordContent: Handler = (exchange, { id = '', key = '' }) => {
  const deposit = getOpen(exchange, id)
  const file = shownFiles({ ...deposit, draft: undefined }).find((shown) => shown.key === key)
  if (!file || !isCompleted(file)) throw noSuchFile(deposit.id, key)
  return toDownload(file)
}

/** Deletes a recent record of the caller's; it stays visible in the deposit API. */
export const requestDeletion: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const body = await exchange.readJson()
  const deposit = world.getRecord(id)
  exchange.allowOnly(deposit.concept.owner)
  if (deposit.tombstone) throw forbidden()
  await world.work()
  const now = world.now()
  const removedBy = { user: String(world.ownerNumber(deposit.concept.owner)) }
  const reason = { id: textAt(body, 'reason') ?? 'other' }
  const tombstone: Json = {
    note: '',
    removed_by: removedBy,
    removal_date: stamp(now),
    is_visible: true,
    removal_reason: reason,
    deletion_policy: { id: 'grace-period-v1' },
  }
  deposit.tombstone = tombstone
  world.reindex(deposit)
  const details = { community: undefined, now }
  const request = createRequest('record-deletion', 'accepted', details)
  deposit.requests.push(request)
  return json(200, toRequest(exchange, deposit, request))
}

/** Unlocks the files of an edit. */
export const modifyFiles: Handler = (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const deposit = world.getRecord(id)
  exchange.allowOnly(deposit.concept.owner)
  if (!deposit.draft) throw notFound()
  deposit.draft.bucket.isLocked = false
  const details = { community: undefined, now: world.now() }
  const request = createRequest('file-modification', 'accepted', details)
  deposit.requests.push(request)
  return json(200, toRequest(exchange, deposit, request))
}
