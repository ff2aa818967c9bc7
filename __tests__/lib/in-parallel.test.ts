import { describe, expect, test } from '@jest/globals'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inParallel } from '../../src/lib/in-parallel.ts'

const never = new AbortController().signal

/** Resolves only when the signal aborts, then needs a moment to stop. */
async function untilStopped(signal: AbortSignal, onStopped: () => void): Promise<void> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
  await nextTurn()
  onStopped()
  signal.throwIfAborted()
}

describe('inParallel', () => {
  test('works on every item, in their order', async () => {
    const seen: number[] = []

    await inParallel([1, 2, 3, 4, 5], 2, (item) => Promise.resolve(void seen.push(item)), never)

    expect(seen).toEqual([1, 2, 3, 4, 5])
  })

  test.each([
    [1, 7],
    [3, 7],
    [16, 7],
    [7, 7],
  ])('keeps the limit of %d with %d items, and reaches it', async (limit, total) => {
    let running = 0
    let most = 0

    await inParallel(
      Array.from({ length: total }, (_, index) => index),
      limit,
      async () => {
        running += 1
        most = Math.max(most, running)
        await nextTurn()
        running -= 1
      },
      never,
    )

    expect(most).toBe(Math.min(limit, total))
  })

  test('does nothing for no items', async () => {
    await expect(inParallel([], 4, () => Promise.reject(new Error('no')), never)).resolves.toBe(
      undefined,
    )
  })

  test('draws an item only when somebody is free for it', async () => {
    const drawn: number[] = []
    const seenAtDraw: number[] = []
    let done = 0
    function* items(): Generator<number> {
      for (let item = 0; item < 4; item += 1) {
        drawn.push(item)
        seenAtDraw.push(done)
        yield item
      }
    }

    await inParallel(
      items(),
      1,
      async () => {
        await nextTurn()
        done += 1
      },
      never,
    )

    expect(seenAtDraw).toEqual([0, 1, 2, 3])
  })

  test('stops the others at the first failure, and throws it once they have stopped', async () => {
    const failure = new Error('disk full')
    const stopped: string[] = []
    const reasons: unknown[] = []

    const work = inParallel(
      ['hangs', 'fails', 'hangs too', 'never begins'],
      3,
      async (item, signal) => {
        if (item === 'never begins') stopped.push('began')
        if (item === 'fails') {
          await nextTurn()
          throw failure
        }
        await untilStopped(signal, () => {
          stopped.push(item)
          reasons.push(signal.reason)
        })
      },
      never,
    )

    await expect(work).rejects.toBe(failure)
    expect(stopped).toEqual(['hangs', 'hangs too'])
    expect(reasons).toEqual([failure, failure])
  })

  test('throws the first of several failures', async () => {
    const work = inParallel(
      [1, 2, 3],
      3,
      async (item) => {
        for (let turn = 0; turn < item; turn += 1) await nextTurn()
        throw new Error(`failure ${item}`)
      },
      never,
    )

    await expect(work).rejects.toThrow('failure 1')
  })

  test('throws a failure that is not an error as it is', async () => {
    const work = inParallel(
      [1],
      1,
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- foreign code may
      () => Promise.reject(undefined),
      never,
    )

    await expect(work).rejects.toBe(undefined)
  })

  test('ends with the reason of an abort, once the work under way has stopped', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    const seen: number[] = []
    const stopped: number[] = []

    const work = inParallel(
      [1, 2, 3, 4],
      2,
      (item, signal) => {
        seen.push(item)
        return untilStopped(signal, () => stopped.push(item))
      },
      controller.signal,
    )
    await nextTurn()
    controller.abort(reason)

    await expect(work).rejects.toBe(reason)
    expect(seen).toEqual([1, 2])
    expect(stopped).toEqual([1, 2])
  })

  test('begins nothing after an abort', async () => {
    const reason = new Error('the job was cancelled')
    const seen: number[] = []

    const work = inParallel(
      [1, 2],
      2,
      (item) => Promise.resolve(void seen.push(item)),
      AbortSignal.abort(reason),
    )

    await expect(work).rejects.toBe(reason)
    expect(seen).toEqual([])
  })
})
