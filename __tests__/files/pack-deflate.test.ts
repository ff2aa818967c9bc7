import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { deflateBlock, inBlocks } from '../../src/files/pack-deflate.ts'
import { mapInOrder } from '../../src/files/pack-order.ts'
import { collect } from '../support/collect.ts'

const MIB = 1 << 20
const TEXT = Buffer.from('time,depth,temperature\n2026-01-01T00:00,10,4.25\n'.repeat(60_000))

async function* cutAt(content: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let position = 0
  for (const size of sizes) {
    yield await Promise.resolve(content.subarray(position, position + size))
    position += size
  }
  yield content.subarray(position)
}

async function deflateAll(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await collect(mapInOrder(inBlocks(chunks), 3, deflateBlock)))
}

describe('deflateBlock', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from('x')],
    ['exactly one block', TEXT.subarray(0, MIB)],
    ['one byte more than a block', TEXT.subarray(0, MIB + 1)],
    ['several blocks of text', TEXT],
    ['several blocks that cannot be compressed', randomBytes(2 * MIB + 12_345)],
    ['text after noise after text', Buffer.concat([TEXT, randomBytes(MIB), TEXT])],
  ])('makes one deflate stream of %s', async (_, content) => {
    const deflated = await deflateAll(cutAt(content, []))

    expect(inflateRawSync(deflated).equals(content)).toBe(true)
  })

  test('adds less than a thousandth to what cannot be compressed', async () => {
    const deflated = await deflateAll(cutAt(randomBytes(3 * MIB), []))

    expect(deflated.length).toBeLessThan(3 * MIB * 1.001)
  })

  test('compresses a block as well as if it stood in one stream', async () => {
    const whole = (await deflateAll(cutAt(TEXT.subarray(0, MIB), []))).length

    const twoBlocks = (await deflateAll(cutAt(TEXT.subarray(0, 2 * MIB), []))).length

    expect(twoBlocks).toBeLessThan(2.1 * whole)
  })

  test('makes the same bytes however the content arrives', async () => {
    const content = Buffer.concat([TEXT, randomBytes(1000), TEXT]).subarray(0, 2.5 * MIB)
    const expected = await deflateAll(cutAt(content, []))
    const sizes = fc.array(fc.integer({ min: 0, max: 2 * MIB }), { maxLength: 12 })

    await fc.assert(
      fc.asyncProperty(sizes, async (cuts) => {
        expect((await deflateAll(cutAt(content, cuts))).equals(expected)).toBe(true)
      }),
      { numRuns: 10 },
    )
  })
})
