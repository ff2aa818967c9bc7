import { breaksIndexing } from '../metadata/effects.ts'
import { changeRow, lostMetadataRace, lostRace } from '../state/draft-row.ts'
import { touch, type Deposit, type Draft, type StoredMetadata } from '../state/deposit.ts'
import {
  crash,
  forbidden,
  invalid,
  json,
  NATIVE,
  noSuchPid,
  type Answer,
  type FieldError,
} from '../transport/answer.ts'
import type { Exchange, Handler } from '../transport/exchange.ts'
import { isObject, type Json } from '../transport/json.ts'
import { etag } from './deposition-json.ts'
import { openEdit, openNextVersion } from './depositions.ts'
import { getDraft, importFiles, stepsOf, typeOf } from './drafting.ts'
import { readNative } from './native-input.ts'
import { toFileList } from './file-json.ts'
import { toNative } from './native-json.ts'
import { toZenodo } from './zenodo-json.ts'
import { indexPublished, publish } from './publishing.ts'

/** Refuses unless JSON of either kind is taken. */
export function acceptJson(exchange: Exchange): void {
  exchange.accept('application/json', NATIVE)
}

/** Answers in the JSON that was asked for. */
export function inKind(
  exchange: Exchange,
  status: number,
  native: () => Json,
  zenodo = native,
): Answer {
  if (!exchange.wantsNative) return json(status, zenodo())
  return json(status, native(), { 'content-type': NATIVE })
}

function shown(
  exchange: Exchange,
  status: number,
  deposit: Deposit,
  errors: readonly FieldError[] = [],
): Answer {
  const { world } = exchange
  const answer = inKind(
    exchange,
    status,
    () => toNative(world, deposit, 'draft', errors),
    () => toZenodo(world, deposit, 'draft'),
  )
  return { ...answer, headers: { ...answer.headers, ...etag(deposit) } }
}

/** A draft of the caller's; of a record that is not being edited there is none. */
export function getOwnDraft(exchange: Exchange, id: string): { deposit: Deposit; draft: Draft } {
  const deposit = exchange.world.getDeposit(id)
  const draft = getDraft(deposit)
  exchange.allowOnly(deposit.concept.owner)
  return { deposit, draft }
}

export const getNativeDraft: Handler = (exchange, { id = '' }) => {
  acceptJson(exchange)
  const deposit = exchange.world.findDeposit(id)
  // Reading looks for drafts only: concepts and plain records do not exist there.
  if (!deposit?.draft) throw noSuchPid()
  exchange.allowOnly(deposit.concept.owner)
  return shown(exchange, 200, deposit)
}

async function readObject(exchange: Exchange): Promise<Json> {
  const body = await exchange.readJson()
  if (!isObject(body)) throw crash()
  return body
}

export const createNativeDraft: Handler = async (exchange) => {
  const { world } = exchange
  acceptJson(exchange)
  const body = await readObject(exchange)
  const user = exchange.getUser()
  const { stored, errors } = readNative(world, body, undefined)
  await world.work()
  return shown(exchange, 201, world.createDeposit(user, stored), errors)
}

export const putNativeDraft: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const body = await readObject(exchange)
  const { deposit, draft } = getOwnDraft(exchange, id)
  const { revision } = draft
  const { stored, errors } = readNative(world, body, deposit)
  await changeRow(
    draft,
    revision,
    () => lostMetadataRace(typeOf(stored)),
    async () => {
      await world.work()
      draft.stored = stored
      touch(draft, world.now(), stepsOf(stored))
    },
  )
  if (breaksIndexing(stored)) throw crash()
  world.reindex(deposit)
  return shown(exchange, 200, deposit, errors)
}

/** Opens the edit of a record, or answers with the one that is open. */
export const editNatively: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const deposit = world.getDeposit(id)
  exchange.allowOnly(deposit.concept.owner)
  if (deposit.tombstone) throw forbidden()
  await world.work()
  if (deposit.record && !deposit.draft) openEdit(world, deposit, deposit.record)
  return shown(exchange, 201, deposit)
}

export const publishNatively: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const { deposit, draft } = getOwnDraft(exchange, id)
  await publish(world, deposit, draft)
  if (breaksIndexing(draft.stored)) throw crash()
  indexPublished(world, deposit)
  return inKind(
    exchange,
    202,
    () => toNative(world, deposit, 'record'),
    () => toZenodo(world, deposit, 'record'),
  )
}

/** The draft of the next version, without files; the same one as long as it is pending. */
export const createVersion: Handler = async (exchange, { id = '' }) => {
  acceptJson(exchange)
  return shown(exchange, 201, await openNextVersion(exchange, id))
}

export const importDraftFiles: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const { deposit, draft } = getOwnDraft(exchange, id)
  await draft.bucket.lock.hold(async () => {
    await world.work()
    importFiles(world, deposit, draft)
    touch(draft, world.now())
  })
  return inKind(exchange, 201, () => toFileList(world, deposit, 'draft'))
}

/** Saves another DOI in the draft, or none. */
async function saveDoi(
  exchange: Exchange,
  deposit: Deposit,
  draft: Draft,
  doi: StoredMetadata['doi'],
): Promise<void> {
  const { world } = exchange
  await changeRow(
    draft,
    draft.revision,
    () => lostRace(draft),
    async () => {
      await world.work()
      draft.stored = { ...draft.stored, doi }
      touch(draft, world.now())
    },
  )
  world.reindex(deposit)
}

export const reserveDoi: Handler = async (exchange, { id = '' }) => {
  acceptJson(exchange)
  const { deposit, draft } = getOwnDraft(exchange, id)
  if (draft.stored.doi) {
    throw invalid({ field: 'pids.doi', messages: ['A PID already exists for type doi'] })
  }
  const identifier = `${exchange.world.settings.doiPrefix}/zenodo.${deposit.id}`
  await saveDoi(exchange, deposit, draft, { identifier, provider: 'datacite' })
  return shown(exchange, 201, deposit)
}

export const giveDoiBack: Handler = async (exchange, { id = '' }) => {
  acceptJson(exchange)
  const { deposit, draft } = getOwnDraft(exchange, id)
  if (!draft.stored.doi) throw noSuchPid()
  await saveDoi(exchange, deposit, draft, undefined)
  return shown(exchange, 200, deposit)
}
