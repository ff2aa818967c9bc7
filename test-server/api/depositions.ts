import { breaksIndexing } from '../metadata/effects.ts'
import { fromLegacy } from '../metadata/from-legacy.ts'
import { toDeposition, etag } from './deposition-json.ts'
import { indexPublished, publish } from './publishing.ts'
import { getDraft, importFiles, nextVersionOf, stepsOf, toStored, typeOf } from './drafting.ts'
import { changeRow, lostMetadataRace } from '../state/draft-row.ts'
import { createDraft, latestRecord, touch, type Deposit, type Published } from '../state/deposit.ts'
import type { World } from '../state/world.ts'
import {
  badRequest,
  crash,
  forbidden,
  invalid,
  json,
  noContent,
  preconditionFailed,
  type Answer,
} from '../transport/answer.ts'
import type { Exchange, Handler } from '../transport/exchange.ts'
import { isObject, objectAt, without, type Json } from '../transport/json.ts'

const JSON_TYPE = 'application/json'

const shown = (status: number, world: World, deposit: Deposit): Answer =>
  json(status, toDeposition(world, deposit), etag(deposit))

export const createDeposition: Handler = async (exchange) => {
  const { world } = exchange
  exchange.accept(JSON_TYPE)
  const body = await exchange.readJson()
  const input = fromLegacy(body, world.now())
  const user = exchange.getUser()
  const hasMetadata = Object.keys(objectAt(body, 'metadata')).length > 0
  const { stored } = toStored(world, input, undefined)
  await world.work()
  const deposit = world.createDeposit(user, stored)
  if (hasMetadata && deposit.draft) deposit.draft.revision = 5
  if (breaksIndexing(stored)) throw crash()
  return shown(201, world, deposit)
}

export const getDeposition: Handler = (exchange, { id = '' }) => {
  exchange.accept(JSON_TYPE)
  const deposit = exchange.world.getDraftOrRecord(id)
  exchange.allowOnly(deposit.concept.owner)
  return shown(200, exchange.world, deposit)
}

/** The revision a client insists on; the server's own ETag is quoted, which it does not take. */
function readIfMatch(exchange: Exchange): number | undefined {
  const header = exchange.header('if-match')
  if (header === undefined) return undefined
  if (/^\d+$/.test(header)) return Number(header)
  throw invalid({ field: 'if_match', messages: ['Not a valid integer.'] })
}

export const putDeposition: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  exchange.accept(JSON_TYPE)
  const body = await exchange.readJson()
  const wanted = readIfMatch(exchange)
  const input = fromLegacy(body, world.now())
  const deposit = world.getDeposit(id)
  const draft = getDraft(deposit)
  exchange.allowOnly(deposit.concept.owner)
  const seen = draft.revision
  if (wanted !== undefined && wanted !== seen) {
    throw preconditionFailed(`Revision id provided(${wanted}) doesn't match record's one(${seen})`)
  }
  const { stored } = toStored(world, input, draft.stored)
  await changeRow(
    draft,
    seen,
    () => lostMetadataRace(typeOf(stored)),
    async () => {
      await world.work()
      draft.stored = { ...stored, doi: input.doi ?? draft.stored.doi }
      touch(draft, world.now(), isObject(body) && 'metadata' in body ? stepsOf(stored) : 1)
    },
  )
  if (breaksIndexing(stored)) throw crash()
  world.reindex(deposit)
  return shown(200, world, deposit)
}

/** DELETE and the discard action: deletes a first draft for good, drops the edit of a record. */
export const discardDeposition: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  exchange.accept(JSON_TYPE)
  const deposit = world.getDeposit(id)
  const draft = getDraft(deposit)
  exchange.allowOnly(deposit.concept.owner)
  if (deposit.review?.status === 'submitted') {
    const advice = 'Please cancel the review first.'
    throw badRequest(`You cannot delete a draft with an open review. ${advice}`)
  }
  await draft.bucket.lock.hold(() =>
    draft.row.hold(async () => {
      await world.work()
      world.discardDraft(deposit)
    }),
  )
  return noContent()
}

export const publishDeposition: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  exchange.accept(JSON_TYPE)
  const deposit = world.getDeposit(id)
  const draft = getDraft(deposit)
  exchange.allowOnly(deposit.concept.owner)
  await publish(world, deposit, draft)
  if (breaksIndexing(draft.stored)) throw crash()
  indexPublished(world, deposit)
  return json(202, withoutCommunities(toDeposition(world, deposit)), etag(deposit))
}

/** The answer to a publish leaves communities out; a later GET shows those that are unknown. */
function withoutCommunities(deposition: Json): Json {
  const metadata = without(objectAt(deposition, 'metadata'), 'communities')
  return { ...deposition, metadata }
}

/** Opens the edit of a record: metadata only, its bucket is locked. */
export function openEdit(world: World, deposit: Deposit, record: Published): void {
  const bucket = world.createBucket(deposit)
  bucket.inherit(record.bucket, world.now())
  for (const key of bucket.files.keys()) if (!record.keys.has(key)) bucket.files.delete(key)
  bucket.isLocked = true
  const draft = createDraft(record.stored, bucket, world.now())
  deposit.draft = { ...draft, revision: 12, created: record.created }
  world.reindex(deposit)
}

export const editDeposition: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  exchange.accept(JSON_TYPE)
  const deposit = world.getDeposit(id)
  exchange.allowOnly(deposit.concept.owner)
  const { record, draft, tombstone } = deposit
  if (tombstone) throw forbidden()
  await world.work()
  if (record && !draft && !deposit.draft) openEdit(world, deposit, record)
  return shown(201, world, deposit)
}

/** The next draft of a record's concept: the pending one, or a new one. Two calls at once make two. */
export async function openNextVersion(exchange: Exchange, id: string): Promise<Deposit> {
  const { world } = exchange
  const { concept, record } = world.getRecord(id)
  exchange.allowOnly(concept.owner)
  if (record.stored.doi?.provider === 'external') throw forbidden()
  const pending = concept.nextDraft
  await world.work()
  if (pending) return pending
  const next = world.createNextVersion(concept, nextVersionOf(world, concept))
  const latest = latestRecord(concept)
  if (latest) world.reindex(latest)
  return next
}

export const newVersion: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  exchange.accept(JSON_TYPE)
  const next = await openNextVersion(exchange, id)
  const draft = getDraft(next)
  importFiles(world, next, draft)
  touch(draft, world.now())
  world.reindex(next)
  return shown(201, world, next)
}
