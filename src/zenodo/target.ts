import { ApiError, InputError } from '../errors.ts'
import type { Client } from './client.ts'
import type { Deposit } from './deposit.ts'

/** What a name or a mark stands for. */
export type Target =
  /** Nothing yet: a deposit is to be created. */
  | { readonly kind: 'none' }
  /** A draft that was named or marked, with the version it follows, if any. */
  | { readonly kind: 'draft'; readonly draft: Deposit; readonly latest: Deposit | undefined }
  /** A published deposit: its latest version, and the newest draft after it, if somebody has begun one. */
  | {
      readonly kind: 'published'
      /** The version that was named; the latest one where it was the concept. */
      readonly named: Deposit
      readonly latest: Deposit
      readonly pending: Deposit | undefined
    }

/** The deposit of this id if it is one's own; undefined if the deposit API knows no such id. */
export async function readOwn(
  client: Client,
  id: string,
  signal: AbortSignal,
): Promise<Deposit | undefined> {
  try {
    return await client.getDeposit(id, signal)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 404) return undefined
    if (error.status === 410) throw deleted(id)
    if (error.status === 401 || error.status === 403) throw await explainRefusal(client, id, signal)
    throw error
  }
}

/** The deposit with what belongs to it: the version before a draft, the draft after a record. */
export async function toTarget(
  client: Client,
  deposit: Deposit,
  signal: AbortSignal,
): Promise<Target> {
  const { id, conceptId } = deposit
  if (deposit.state === 'draft') {
    return { kind: 'draft', draft: deposit, latest: await readLatestOf(client, deposit, signal) }
  }
  const [lookup, latestId = id, drafts] = await Promise.all([
    client.native.lookUpRecord(id, signal),
    client.native.latestVersion(id, signal),
    findDraftsOf(client, conceptId, signal),
  ])
  // A deleted record looks alive in the deposit API (docs/server.md#deleted).
  if (lookup.kind === 'deleted') throw deleted(id)
  const [latest, pending] = await Promise.all([
    latestId === id ? deposit : client.getDeposit(latestId, signal),
    readPending(client, findLastAfter(latestId, drafts), signal),
  ])
  return { kind: 'published', named: deposit, latest, pending }
}

/** Of several drafts the last is the next version (docs/server.md#rival-versions); one older than the latest version is left over. */
const findLastAfter = (latestId: string, drafts: readonly Deposit[]): Deposit | undefined =>
  drafts
    .filter(({ id }) => Number(id) > Number(latestId))
    .toSorted((one, other) => Number(other.id) - Number(one.id))[0]

/** The list lags: by now the draft may be published, or gone. */
async function readPending(
  client: Client,
  listed: Deposit | undefined,
  signal: AbortSignal,
): Promise<Deposit | undefined> {
  const draft = listed && (await readOwn(client, listed.id, signal))
  return draft?.state === 'draft' ? draft : undefined
}

/** The version that a draft follows. Only a concept that has been published has a DOI. */
async function readLatestOf(
  client: Client,
  draft: Deposit,
  signal: AbortSignal,
): Promise<Deposit | undefined> {
  if (draft.conceptDoi === undefined) return undefined
  const lookup = await client.native.lookUpRecord(draft.conceptId, signal)
  return lookup.kind === 'concept' ? client.getDeposit(lookup.latestId, signal) : undefined
}

/** Drafts of a concept that were never published, newest first, as the list shows them: without files and bucket. */
export async function findDraftsOf(
  client: Client,
  conceptId: string,
  signal: AbortSignal,
): Promise<readonly Deposit[]> {
  const listed = await client.findDeposits(`conceptrecid:${conceptId}`, signal)
  return listed.filter((item) => item.conceptId === conceptId && item.state === 'draft')
}

/** 403 is all the server says to a bad token and to somebody else's deposit alike; two reads tell them apart. */
async function explainRefusal(client: Client, id: string, signal: AbortSignal): Promise<Error> {
  if (!(await client.isTokenValid(signal))) return invalidToken(client.http.origin)
  const lookup = await client.native.lookUpRecord(id, signal)
  return lookup.kind === 'deleted' ? deleted(id) : foreign(id)
}

/** The server does not know the token. */
export const invalidToken = (origin: string): InputError =>
  new InputError([
    {
      place: { input: 'token' },
      problem: `${origin} does not accept this token: it is mistyped, expired, revoked, or was made on another instance. zenodo.org and sandbox.zenodo.org have separate accounts and tokens; make one at ${origin}/account/settings/applications/tokens/new/ with the scopes deposit:write and deposit:actions.`,
    },
  ])

/** A name that stands for nothing that can be used. */
export const wrongId = (problem: string): InputError =>
  new InputError([{ place: { input: 'deposit-id' }, problem }])

export const deleted = (id: string): InputError =>
  wrongId(`Record ${id} has been deleted. Leave deposit-id empty to make a new deposit.`)

export const foreign = (id: string): InputError =>
  wrongId(
    `Deposit ${id} belongs to another account than the token. Use a token of its owner, or ask the owner to share the record with edit rights.`,
  )
