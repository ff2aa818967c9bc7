import { ApiError, ChecksumError, NetworkError } from '../errors.ts'
import type { Clock } from '../lib/clock.ts'

/** A server may ask for a wait of at most this long; it is told so in the docs. */
export const MAX_REQUESTED_WAIT_MS = 15 * 60_000
const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 60_000

export interface RetryOptions {
  /** How often to try in all, at least 1. */
  readonly attempts: number
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Milliseconds until the next attempt, or undefined to give up. */
  readonly delay?: (error: unknown, count: number) => number | undefined
  readonly onRetry?: (error: unknown, delayMs: number, count: number) => void
}

/** Runs `attempt` until it succeeds, fails for good, or `signal` aborts. */
export async function retry<T>(
  attempt: (count: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { attempts, signal, clock, onRetry } = options
  const delay =
    options.delay ??
    ((error, count) => (isTransient(error) ? backOff(error, count, clock) : undefined))
  for (let count = 1; ; count += 1) {
    signal.throwIfAborted()
    try {
      return await attempt(count)
    } catch (error) {
      signal.throwIfAborted()
      const delayMs = count < attempts ? delay(error, count) : undefined
      if (delayMs === undefined) throw error
      onRetry?.(error, delayMs, count)
      await clock.sleep(delayMs, signal)
    }
  }
}

/** Whether the same request may succeed later: no answer, other bytes stored, 408, 429, 5xx. */
export function isTransient(error: unknown): boolean {
  if (error instanceof NetworkError || error instanceof ChecksumError) return true
  if (!(error instanceof ApiError)) return false
  return error.status === 408 || error.status === 429 || error.status >= 500
}

/** Exponential with half of it left to chance, so that clients that failed together do not return together; never before the server asked. */
export function backOff(error: unknown, count: number, clock: Pick<Clock, 'random'>): number {
  const exponential = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - 1))
  const spread = exponential * (0.5 + clock.random() / 2)
  const asked = error instanceof ApiError ? (error.answer.retryAfterMs ?? 0) : 0
  return Math.max(spread, Math.min(asked, MAX_REQUESTED_WAIT_MS))
}
