import { ApiError, DoubtfulPublishError, NetworkError, ProtocolError } from '../errors.ts'
import { isTransient } from '../http/retry.ts'
import type { Client } from './client.ts'
import type { Deposit } from './deposit.ts'

/** How long to look after each call whose answer was lost, before the call is repeated. A gateway's 504 is often followed by success minutes later (docs/server.md#time-outs). */
const LOOKING_MS = [15_000, 45_000, 180_000] as const
const FIRST_LOOK_MS = 500
const MAX_LOOK_MS = 15_000

/** Told while the outcome of a publish call is being found out. */
export type OnDoubt = (error: unknown) => void

/**
 * Publishes, and returns the deposit as read back afterwards: published is what the server says is
 * published. A refusal is thrown as it came. A lost answer is looked into for minutes, and only a
 * deposit that was seen to be still a draft then is published again. What the server says to that
 * second call tells nothing of the first, which may still take effect.
 * @throws DoubtfulPublishError if even looking settles nothing
 */
export async function publish(
  client: Client,
  id: string,
  options: { readonly signal: AbortSignal; readonly onDoubt: OnDoubt },
): Promise<Deposit> {
  const { signal, onDoubt } = options
  let doubt: unknown
  let isRefused = false
  let seen: Deposit | undefined
  for (const [round, lookingMs] of LOOKING_MS.entries()) {
    const isRepeatable = seen !== undefined && !isRefused && round <= client.http.retries
    if (round === 0 || isRepeatable) {
      try {
        await client.publish(id, signal)
      } catch (error) {
        signal.throwIfAborted()
        isRefused = !isDoubtful(error)
        if (isRefused && round === 0) throw error
        onDoubt(error)
        doubt = error
      }
    }
    seen = await lookUntilPublished(client, id, { doubt, lookingMs, signal })
    if (seen?.state === 'record') return seen
  }
  throw unsettled(id, { seen, doubt })
}

function unsettled(
  id: string,
  { seen, doubt }: { readonly seen: Deposit | undefined; readonly doubt: unknown },
): DoubtfulPublishError {
  const since = seen === undefined ? 'it could not be read' : 'it read as a draft'
  const why = doubt instanceof Error ? ` ${doubt.message}` : ''
  return new DoubtfulPublishError(
    id,
    `Whether deposit ${id} is published could not be found out: it was told to publish, and for minutes after ${since}.${why}`,
    {
      cause: doubt,
      hint: `Look at the deposit in the browser before doing anything else, then run the step again with deposit-id: ${id}: it finds out and finishes.`,
    },
  )
}

/** No answer, a server error, something that is no deposit, or a 404, which a second call gets when the first one worked. */
const isDoubtful = (error: unknown): boolean =>
  error instanceof ApiError
    ? error.status === 404 || (error.status !== 429 && isTransient(error))
    : error instanceof NetworkError || (error instanceof ProtocolError && !error.isRedirect)

interface Looking {
  /** Why one looks; undefined after a clear answer. */
  readonly doubt: unknown
  readonly lookingMs: number
  readonly signal: AbortSignal
}

/** What the deposit reads as at last; undefined if it never could be read. */
async function lookUntilPublished(
  client: Client,
  id: string,
  { doubt, lookingMs, signal }: Looking,
): Promise<Deposit | undefined> {
  const { clock } = client.http
  const until = clock.now() + lookingMs
  let seen: Deposit | undefined
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 2, MAX_LOOK_MS)) {
    seen = (await lookOnce(client, id, { doubt, signal })) ?? seen
    const leftMs = until - clock.now()
    if (seen?.state === 'record' || leftMs <= 0) return seen
    await clock.sleep(Math.min(waitMs, leftMs), signal)
  }
}

/** A look that fails tells nothing; the next one may. Only a deposit that neither call knows is gone. */
async function lookOnce(
  client: Client,
  id: string,
  { doubt, signal }: Pick<Looking, 'doubt' | 'signal'>,
): Promise<Deposit | undefined> {
  try {
    return await client.getDeposit(id, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (isNotFound(doubt) && isNotFound(error)) throw gone(id, error)
    if (isAboutAnswer(error)) return undefined
    throw error
  }
}

const isNotFound = (error: unknown): error is ApiError =>
  error instanceof ApiError && (error.status === 404 || error.status === 410)

const gone = (id: string, { answer, message }: ApiError): ApiError =>
  new ApiError(`Deposit ${id} was not published, since it is gone. ${message}`, answer, {
    hint: 'Another run or a person has deleted the draft meanwhile. Re-run the job: it makes a new one.',
  })

const isAboutAnswer = (error: unknown): boolean =>
  error instanceof NetworkError || error instanceof ApiError || error instanceof ProtocolError
