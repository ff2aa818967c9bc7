import { describe, expect, jest, test } from '@jest/globals'
import { once } from 'node:events'
import { StallClock } from '../../src/http/stall.ts'

const LIMIT_MS = 1000

function startStallClock(): { stall: StallClock; time: { ms: number } } {
  const time = { ms: 0 }
  return { stall: new StallClock(LIMIT_MS, () => time.ms), time }
}

describe('StallClock', () => {
  test('is patient up to the limit and not beyond', () => {
    const { stall, time } = startStallClock()

    time.ms = LIMIT_MS
    expect(stall.stalled).toBe(false)

    time.ms = LIMIT_MS + 1
    expect(stall.stalled).toBe(true)
  })

  test('begins anew with every byte', () => {
    const { stall, time } = startStallClock()

    time.ms = 900
    stall.moved()

    time.ms = 1900
    expect(stall.stalled).toBe(false)
    time.ms = 1901
    expect(stall.stalled).toBe(true)
  })

  test('waits longer where the server needs time', () => {
    const { stall, time } = startStallClock()

    stall.expectWithin(60_000)

    time.ms = 60_000
    expect(stall.stalled).toBe(false)
    time.ms = 60_001
    expect(stall.stalled).toBe(true)
  })

  test.each<[string, (stall: StallClock) => void]>([
    ['a byte', (stall) => stall.moved()],
    ['a shorter wait', (stall) => stall.expectWithin(10)],
  ])('does not lose a long wait because of %s', (_, happens) => {
    const { stall, time } = startStallClock()
    stall.expectWithin(60_000)

    happens(stall)

    time.ms = 59_000
    expect(stall.stalled).toBe(false)
  })

  test('counts a request from its own beginning, not from that of the clock', () => {
    const { stall, time } = startStallClock()
    time.ms = 5000

    using watch = stall.watch(() => new Error('nothing moved'))

    expect(stall.stalled).toBe(false)
    expect(watch.signal.aborted).toBe(false)
  })

  test('does not inherit a long wait from a request that has ended', () => {
    const { stall, time } = startStallClock()
    const large = stall.watch(() => new Error('nothing moved'))
    stall.expectWithin(60_000)
    large[Symbol.dispose]()

    using next = stall.watch(() => new Error('nothing moved'))

    time.ms = LIMIT_MS + 1
    expect(stall.stalled).toBe(true)
    expect(next.signal.aborted).toBe(false)
  })

  test('shares a long wait with a request that begins meanwhile', () => {
    const { stall, time } = startStallClock()
    using large = stall.watch(() => new Error('nothing moved'))
    stall.expectWithin(60_000)

    using next = stall.watch(() => new Error('nothing moved'))

    time.ms = 60_000
    expect(stall.stalled).toBe(false)
    expect([large.signal.aborted, next.signal.aborted]).toEqual([false, false])
  })

  test('aborts with the reason once nothing has moved', async () => {
    const time = { ms: 0 }
    const stall = new StallClock(20, () => time.ms)
    const reason = new Error('nothing moved')
    using watch = stall.watch(() => reason)

    time.ms = 21

    await once(watch.signal, 'abort')
    expect(watch.signal.reason).toBe(reason)
  })

  test('stops looking when the request has ended', () => {
    jest.useFakeTimers()
    try {
      const { stall, time } = startStallClock()

      const watch = stall.watch(() => new Error('nothing moved'))
      const whileWatched = jest.getTimerCount()
      watch[Symbol.dispose]()
      time.ms = 10 * LIMIT_MS
      jest.advanceTimersByTime(10 * LIMIT_MS)

      expect(whileWatched).toBe(1)
      expect(jest.getTimerCount()).toBe(0)
      expect(watch.signal.aborted).toBe(false)
    } finally {
      jest.useRealTimers()
    }
  })
})
