import { ApiError, InputError, NetworkError } from '../errors.ts'
import { isTransient, backOff } from '../http/retry.ts'
import type { JsonObject } from '../lib/json.ts'
import type { Client } from './client.ts'
import type { Deposit } from './deposit.ts'
import { findMarked } from './find-marked.ts'
import { oddAnswer } from './odd-answer.ts'
import { findDraftsOf } from './target.ts'

/** What a deposit is created with, and found by if the answer is lost. */
export interface NewDeposit {
  /** What the first description holds; sent with the create call, so that the draft bears its mark from its first moment. */
  readonly metadata: JsonObject | undefined
  /** The related identifier that finds the draft again; undefined if this run has none. */
  readonly mark: string | undefined
  readonly title: string | undefined
  /** Told before the call is made again although a draft may have been made, which nobody can find. */
  readonly onSecondCall: () => void
}

/** How long to wait before each look for a lost draft: far longer than the search index lagged when it was measured (docs/server.md#lists). */
const LOOK_AFTER_MS = [0, 500, 1000, 2000, 3000, 4000] as const

/**
 * Creates a deposit, once: if the answer is lost, a deposit with the mark is looked for before the
 * call is made again.
 */
export async function createDraft(
  client: Client,
  wanted: NewDeposit,
  signal: AbortSignal,
): Promise<Deposit> {
  const { http } = client
  const body = wanted.metadata === undefined ? {} : { metadata: wanted.metadata }
  let isLost = false

  async function attempt(): Promise<Deposit> {
    if (isLost) wanted.onSecondCall()
    try {
      return await client.createDeposit(body, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!mayHaveActed(error)) throw error
      const found = await lookForDraft(client, wanted, signal).catch((cause: unknown) => {
        signal.throwIfAborted()
        throw orphanPossible({ lost: error, cause, origin: http.origin })
      })
      if (found) return found
      isLost = true
      throw error
    }
  }
  return http.repeat(attempt, signal, (error, count) =>
    isTransient(error) ? backOff(error, count, http.clock) : undefined,
  )
}

/** The request arrived, perhaps, and nobody knows what became of it. */
const mayHaveActed = (error: unknown): boolean =>
  isTransient(error) &&
  (error instanceof NetworkError
    ? error.bodySent
    : !(error instanceof ApiError && error.status === 429))

async function lookForDraft(
  client: Client,
  { mark, title }: Pick<NewDeposit, 'mark' | 'title'>,
  signal: AbortSignal,
): Promise<Deposit | undefined> {
  if (mark === undefined) throw new Error('Without GITHUB_REPOSITORY there is no mark to look for.')
  for (const waitMs of LOOK_AFTER_MS) {
    await client.http.clock.sleep(waitMs, signal)
    const { own } = await findMarked(client, { mark, title, files: [] }, signal)
    if (own?.state === 'draft') return own
  }
  return undefined
}

/** A second call could make a second deposit, so it is not made. */
function orphanPossible({
  lost,
  cause,
  origin,
}: {
  readonly lost: unknown
  readonly cause: unknown
  readonly origin: string
}): InputError {
  const words = (error: unknown): string => (error instanceof Error ? error.message : 'no reason')
  const problem = `Whether a draft was made is not known. The answer to the create call was lost: ${words(lost)} Looking for it did not help: ${words(cause)}`
  return new InputError([{ place: { input: 'deposit-id' }, problem }], {
    hint: `Look at ${origin}/me/uploads. If a new draft is there, run again with its id as deposit-id; else just run again.`,
    cause,
  })
}

/** The draft of the next version, and whether two jobs made one at the same moment. */
export interface NextVersion {
  readonly draft: Deposit
  /** A draft that this run made and that is not the next one, since another job made one as well. */
  readonly abandonedId: string | undefined
}

/**
 * The draft of the version after `latest`: the one that exists, whoever left it, else a new one.
 * Simultaneous calls make several drafts, of which only the last is the next one
 * (docs/server.md#rival-versions), so the call is made twice and the second answer counts.
 */
export async function openNextVersion(
  client: Client,
  latest: Deposit,
  signal: AbortSignal,
): Promise<NextVersion> {
  const firstId = await nextVersionOrNone(client, latest.id, signal)
  if (firstId === undefined) return openNextVersionLegacy(client, latest, signal)
  const id = (await client.native.nextVersion(latest.id, signal)) ?? firstId
  return {
    draft: await readNext(client, id, { latest, signal }),
    abandonedId: id === firstId ? undefined : firstId,
  }
}

/** What the server calls the next version must be a draft, or a record would be worked on. */
async function readNext(
  client: Client,
  id: string,
  { latest, signal }: { readonly latest: Deposit; readonly signal: AbortSignal },
): Promise<Deposit> {
  const draft = await client.getDeposit(id, signal)
  if (draft.state === 'draft') return draft
  throw oddAnswer(`the call for the version after record ${latest.id}`, 'draft')
}

/** Undefined where the server lacks the call, or keeps failing at it, as it did for single records (docs/server.md#next-version). */
async function nextVersionOrNone(
  client: Client,
  id: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await client.native.nextVersion(id, signal)
  } catch (error) {
    if (error instanceof ApiError && error.status >= 500) return undefined
    throw error
  }
}

/** For a server without the native route: its 400 says that a draft with files is pending, which the list then finds. */
async function openNextVersionLegacy(
  client: Client,
  latest: Deposit,
  signal: AbortSignal,
): Promise<NextVersion> {
  const known = await findPending(client, latest, signal)
  if (known) return { draft: known, abandonedId: undefined }
  try {
    const id = await client.nextVersionLegacy(latest.id, signal)
    return { draft: await readNext(client, id, { latest, signal }), abandonedId: undefined }
  } catch (error) {
    signal.throwIfAborted()
    const isPending =
      error instanceof ApiError &&
      error.answer.fieldErrors.some(({ field }) => field === 'files.enabled')
    if (!isPending && !mayHaveActed(error)) throw error
    const draft = await findPending(client, latest, signal)
    if (draft === undefined) throw error
    return { draft, abandonedId: undefined }
  }
}

async function findPending(
  client: Client,
  { conceptId }: Deposit,
  signal: AbortSignal,
): Promise<Deposit | undefined> {
  const [pending] = await findDraftsOf(client, conceptId, signal)
  return pending && client.getDeposit(pending.id, signal)
}

/** Drafts of the same concept other than this one: a job that runs at the same time may have made them. */
export async function findRivals(
  client: Client,
  draft: Deposit,
  signal: AbortSignal,
): Promise<readonly Deposit[]> {
  const drafts = await findDraftsOf(client, draft.conceptId, signal)
  return drafts.filter(({ id }) => id !== draft.id)
}
