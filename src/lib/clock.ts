import { setTimeout as timer } from 'node:timers/promises'

/** Time and chance as parameters, so that rules about waiting can be tested without waiting. */
export interface Clock {
  /** Milliseconds since some fixed moment; never runs backwards. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** From 0 up to, but not, 1. */
  random(): number
}

/** A timer for longer than this goes off at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The machine's own clock. */
export const realClock: Clock = {
  now: () => performance.now(),
  random: () => Math.random(),
  async sleep(ms, signal) {
    await timer(Math.min(ms, MAX_TIMER_MS), undefined, { signal }).catch((error: unknown) => {
      signal.throwIfAborted()
      throw error
    })
  },
}
