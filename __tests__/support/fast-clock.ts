import { realClock, type Clock } from '../../src/lib/clock.ts'

/** A clock on which waiting takes a millisecond, but counts in full. */
export function createFastClock(): Clock {
  let skippedMs = 0
  return {
    now: () => performance.now() + skippedMs,
    random: () => 0.5,
    async sleep(ms, signal) {
      skippedMs += ms
      await realClock.sleep(Math.min(ms, 1), signal)
    },
  }
}
