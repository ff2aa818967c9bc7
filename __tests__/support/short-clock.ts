import { realClock, type Clock } from '../../src/lib/clock.ts'

/** A clock on which no wait takes longer than `longestMs`, but each counts in full. Long enough for an answer to arrive over the loopback. */
export function createShortClock(longestMs = 20): Clock {
  let skippedMs = 0
  return {
    now: () => performance.now() + skippedMs,
    random: () => 0.5,
    async sleep(ms, signal) {
      const waitMs = Math.min(ms, longestMs)
      skippedMs += ms - waitMs
      await realClock.sleep(waitMs, signal)
    },
  }
}
