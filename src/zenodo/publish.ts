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
 * deposit that is still a draft then is published again.
 * @throws DoubtfulPublishError if even looking settles nothing
 */
export async function publish(
  client: Client,
  id: string,
  options: { readonly signal: AbortSignal; readonly onDoubt: OnDoubt },
): Promise<Deposit> {
  const { signal, onDoubt } = options
  let doubt: unknown
  for (const lookingMs of LOOKING_MS) {
    try {
      await client.publish(id, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!isDoubtful(error)) throw error
      onDoubt(error)
      doubt = error
    }
    const published = await lookUntilPublished(client, id, { lookingMs, signal })
    if (published) return published
  }
  throw new DoubtfulPublishError(
    id,
    `Whether deposit ${id} is published could not be found out: it was told to publish, and for minutes after it did not read as published.`,
    {
      cause: doubt,
      hint: `Look at the deposit in the browser before doing anything else, then run the step again with deposit-id: ${id}: it finds out and finishes.`,
    },
  )
}

/** No answer, a server error, something that is no deposit, or a 404, which a second call gets when the first one worked. */
const isDoubtful = (error: unknown): boolean =>
  isTransient(error) ||
  error instanceof ProtocolError ||
  (error instanceof ApiError && error.status === 404)

async function lookUntilPublished(
  client: Client,
  id: string,
  { lookingMs, signal }: { lookingMs: number; signal: AbortSignal },
): Promise<Deposit | undefined> {
  const { clock } = client.http
  const until = clock.now() + lookingMs
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 2, MAX_LOOK_MS)) {
    const deposit = await lookOnce(client, id, signal)
    if (deposit?.state === 'record') return deposit
    const leftMs = until - clock.now()
    if (leftMs <= 0) return undefined
    await clock.sleep(Math.min(waitMs, leftMs), signal)
  }
}

/** A look that fails tells nothing; the next one may. */
async function lookOnce(
  client: Client,
  id: string,
  signal: AbortSignal,
): Promise<Deposit | undefined> {
  try {
    return await client.getDeposit(id, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (isAboutAnswer(error)) return undefined
    throw error
  }
}

const isAboutAnswer = (error: unknown): boolean =>
  error instanceof NetworkError || error instanceof ApiError || error instanceof ProtocolError
