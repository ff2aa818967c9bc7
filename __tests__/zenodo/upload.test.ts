import { describe, expect, test } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { smallUpTo } from '../../src/zenodo/upload.ts'
import { FakeClock } from '../http/support/fake-clock.ts'
import { refuse, startBucket, type FakeBucket, type Trouble } from './support/fake-bucket.ts'
import { createSource, createSources, upload } from './support/upload.ts'

/** Long enough for all that may begin together to begin. */
const meet = (): Promise<void> => pause(5)

const most = (bucket: FakeBucket): number => Math.max(...bucket.together.map((keys) => keys.length))

describe('smallUpTo', () => {
  test.each([
    ['8 MB before the rate is known', undefined, 8e6],
    ['a second’s worth', 10e6, 10e6],
    ['never less than 256 kB', 1000, 256e3],
    ['never more than 64 MB', 1e9, 64e6],
  ])('is %s', (_, rate, bytes) => {
    expect(smallUpTo(rate)).toBe(bytes)
  })
})

describe('the order of uploads', () => {
  test.each([1, 4, 16])('sends small files %d at a time', async (concurrency) => {
    await using bucket = await startBucket(async () => {
      while (bucket.begun.length < concurrency) await pause(1)
      await meet()
    })
    const additions = createSources('abcdefghijklmnopqrst')

    const { error, done } = await upload(bucket, { additions }, { concurrency })

    expect(error).toBeUndefined()
    expect(done.toSorted()).toEqual(additions.map(({ key }) => key))
    expect(most(bucket)).toBe(concurrency)
  })

  test('sends large files one by one, after the small ones, the smallest first', async () => {
    await using bucket = await startBucket(meet)
    const large = [createSource('y', 8_200_000), createSource('x', 8_100_000)]

    await upload(bucket, { additions: [...large, ...createSources('ab')] })

    expect(bucket.together.slice(2)).toEqual([['x'], ['y']])
    expect(bucket.begun.slice(0, 2).toSorted()).toEqual(['a', 'b'])
  })

  test('sends replacements one by one, however small, after the additions', async () => {
    await using bucket = await startBucket(meet)

    await upload(bucket, { additions: createSources('ab'), replacements: createSources('xyz') })

    expect(bucket.together.slice(2)).toEqual([['x'], ['y'], ['z']])
  })

  test('takes for large what is, at the rate of this run', async () => {
    const clock = new FakeClock()
    await using bucket = await startBucket(async () => {
      clock.advance(10_000)
      await meet()
    })
    const additions = [...createSources('abcd', 300_000), ...createSources('stuvwxyz', 400_000)]

    await upload(bucket, { additions }, { clock, concurrency: 4 })

    expect(bucket.begun).toHaveLength(12)
    expect(bucket.together.slice(-4).map((keys) => keys.length)).toEqual([1, 1, 1, 1])
  })

  test('stops the rest at the first failure, before it is thrown', async () => {
    await using bucket = await startBucket()
    const cut: string[] = []
    const hang: Trouble = ({ key, request, response }) => {
      request.resume()
      response.on('close', () => cut.push(key))
    }
    bucket.fail('a', hang)
    bucket.fail('b', async ({ request, response }) => {
      await meet()
      await refuse(400, 'Bucket quota exceeded.')({ key: 'b', request, response, store: meet })
    })
    bucket.fail('c', hang)

    const { error, done } = await upload(
      bucket,
      {
        additions: createSources('abcdef'),
        replacements: createSources('xyz'),
      },
      { concurrency: 3 },
    )
    await pause(5)

    expect(error).toMatchObject({ name: 'ApiError', status: 400 })
    expect(done).toEqual([])
    expect(bucket.begun).toEqual(['a', 'b', 'c'])
    expect(cut.toSorted()).toEqual(['a', 'c'])
  })
})
