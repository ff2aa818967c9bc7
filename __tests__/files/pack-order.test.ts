import { describe, expect, test } from '@jest/globals'
import { mapInOrder } from '../../src/files/pack-order.ts'
import { collect } from '../support/collect.ts'

describe('mapInOrder', () => {
  test('keeps the order of the items when later ones are done sooner', async () => {
    const steps = [3, 0, 2, 0, 1]

    const results = await collect(
      mapInOrder(steps, 3, async (count) => {
        for (let step = 0; step < count; step += 1) await new Promise(setImmediate)
        return count
      }),
    )

    expect(results).toEqual(steps)
  })

  test('has no more than the limit at work', async () => {
    let atWork = 0
    let most = 0

    await collect(
      mapInOrder(Array.from({ length: 20 }).keys(), 4, async () => {
        atWork += 1
        most = Math.max(most, atWork)
        await new Promise(setImmediate)
        atWork -= 1
      }),
    )

    expect(most).toBe(4)
  })

  test('fails with the first failure in order, and only when nothing is at work any more', async () => {
    let atWork = 0
    const failing = mapInOrder([1, 2, 3, 4], 4, async (item) => {
      atWork += 1
      await new Promise(setImmediate)
      if (item > 2) for (let step = 0; step < 5; step += 1) await new Promise(setImmediate)
      atWork -= 1
      if (item > 1) throw new Error(`item ${item}`)
      return item
    })

    await expect(collect(failing)).rejects.toThrow('item 2')
    expect(atWork).toBe(0)
  })

  test('ends its source when the consumer stops early', async () => {
    let ended = false
    async function* source() {
      try {
        for (let item = 0; ; item += 1) yield await Promise.resolve(item)
      } finally {
        ended = true
      }
    }

    for await (const item of mapInOrder(source(), 2, (value) => Promise.resolve(value))) {
      if (item === 3) break
    }

    expect(ended).toBe(true)
  })
})
