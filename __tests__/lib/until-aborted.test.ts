import { describe, expect, test } from '@jest/globals'
import { getEventListeners } from 'node:events'
import { untilAborted } from '../../src/lib/until-aborted.ts'

const endless = new Promise<never>(() => undefined)

describe('untilAborted', () => {
  test('gives what the work gives, and leaves no listener', async () => {
    const { signal } = new AbortController()

    const result = await untilAborted(Promise.resolve(7), signal)

    expect(result).toBe(7)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('throws what the work throws', async () => {
    const error = new Error('disk full')

    const result = untilAborted(Promise.reject(error), new AbortController().signal)

    await expect(result).rejects.toBe(error)
  })

  test('ends with the reason of an abort, though the work goes on', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')

    const result = untilAborted(endless, controller.signal)
    controller.abort(reason)

    await expect(result).rejects.toBe(reason)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  test('ends at once after an abort', async () => {
    const reason = new Error('the job was cancelled')

    await expect(untilAborted(endless, AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})
