import { describe, expect, test } from '@jest/globals'
import { getEventListeners } from 'node:events'
import { realClock } from '../../src/lib/clock.ts'

describe('realClock', () => {
  test('wakes after the time', async () => {
    const startMs = realClock.now()

    await realClock.sleep(5, new AbortController().signal)

    expect(realClock.now()).toBeGreaterThan(startMs)
  })

  test('wakes at once with the reason of the abort', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    const sleep = realClock.sleep(3_600_000, controller.signal)

    controller.abort(reason)

    await expect(sleep).rejects.toBe(reason)
  })

  test('does not fall asleep on a signal that has aborted', async () => {
    const reason = new Error('the job was cancelled')

    const sleep = realClock.sleep(3_600_000, AbortSignal.abort(reason))

    await expect(sleep).rejects.toBe(reason)
  })

  test('leaves no listener on the signal', async () => {
    const { signal } = new AbortController()

    await realClock.sleep(1, signal)

    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('draws from 0 up to, but not, 1', () => {
    const drawn = Array.from({ length: 1000 }, () => realClock.random())

    expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(new Set(drawn).size).toBeGreaterThan(900)
  })
})
