import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  ApiError,
  ChecksumError,
  FileError,
  InputError,
  NetworkError,
  ProtocolError,
} from '../../src/errors.ts'
import { MAX_REQUESTED_WAIT_MS, backOff, isTransient, retry } from '../../src/http/retry.ts'
import { FakeClock } from './support/fake-clock.ts'

const never = new AbortController().signal

const refused = (status: number, retryAfterMs?: number): ApiError =>
  new ApiError(`The server answered ${status}.`, {
    status,
    requestLine: 'GET /api',
    fieldErrors: [],
    retryAfterMs,
  })

const network = new NetworkError('GET /api', 'The connection broke.')

/** Fails with the errors, one an attempt, then succeeds. */
function failing(errors: readonly Error[]): (count: number) => Promise<string> {
  return (count) =>
    count <= errors.length
      ? Promise.reject(errors[count - 1] ?? network)
      : Promise.resolve(`attempt ${count}`)
}

describe('retry', () => {
  test('gives what the first attempt gives', async () => {
    const clock = new FakeClock()

    const result = await retry(failing([]), { attempts: 3, signal: never, clock })

    expect(result).toBe('attempt 1')
    expect(clock.sleeps).toEqual([])
  })

  test('tries again after failures that may pass, waiting longer each time', async () => {
    const clock = new FakeClock()
    const errors = [network, refused(503), refused(500)]

    const result = await retry(failing(errors), { attempts: 4, signal: never, clock })

    expect(result).toBe('attempt 4')
    expect(clock.sleeps).toEqual([375, 750, 1500])
  })

  test('throws the last error when the attempts are used up', async () => {
    const clock = new FakeClock()
    const errors = [refused(500), refused(502), refused(503)]

    const result = retry(failing(errors), { attempts: 3, signal: never, clock })

    await expect(result).rejects.toBe(errors[2])
    expect(clock.sleeps).toHaveLength(2)
  })

  test.each([
    ['a single attempt', 1, network],
    ['an error that stays', 5, refused(400)],
  ])('does not wait after %s', async (_, attempts, error) => {
    const clock = new FakeClock()

    const result = retry(failing([error]), { attempts, signal: never, clock })

    await expect(result).rejects.toBe(error)
    expect(clock.sleeps).toEqual([])
  })

  test('leaves the delay to the caller who knows better', async () => {
    const clock = new FakeClock()
    const error = refused(403)
    const delay = (_: unknown, count: number): number | undefined => (count < 3 ? 7 : undefined)

    const result = retry(failing([error, error, error]), {
      attempts: 9,
      signal: never,
      clock,
      delay,
    })

    await expect(result).rejects.toBe(error)
    expect(clock.sleeps).toEqual([7, 7])
  })

  test('tells of each further attempt before it waits', async () => {
    const clock = new FakeClock()
    const told: [unknown, number, number, number][] = []

    await retry(failing([network, network]), {
      attempts: 3,
      signal: never,
      clock,
      onRetry: (error, delayMs, count) => told.push([error, delayMs, count, clock.now()]),
    })

    expect(told).toEqual([
      [network, 375, 1, 0],
      [network, 750, 2, 375],
    ])
  })

  test('ends with the reason of an abort during an attempt, whatever the attempt threw', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    const attempt = (): Promise<never> => {
      controller.abort(reason)
      return Promise.reject(network)
    }

    const result = retry(attempt, {
      attempts: 3,
      signal: controller.signal,
      clock: new FakeClock(),
    })

    await expect(result).rejects.toBe(reason)
  })

  test('ends with the reason of an abort during a wait', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    const clock = new FakeClock()

    const result = retry(failing([network]), {
      attempts: 3,
      signal: controller.signal,
      clock,
      onRetry: () => queueMicrotask(() => controller.abort(reason)),
    })

    await expect(result).rejects.toBe(reason)
  })

  test('begins nothing after an abort', async () => {
    let attempts = 0
    const reason = new Error('the job was cancelled')

    const result = retry(() => Promise.resolve((attempts += 1)), {
      attempts: 3,
      signal: AbortSignal.abort(reason),
      clock: new FakeClock(),
    })

    await expect(result).rejects.toBe(reason)
    expect(attempts).toBe(0)
  })
})

describe('isTransient', () => {
  test.each<[string, unknown, boolean]>([
    ['no answer', network, true],
    ['other bytes stored', new ChecksumError('a.csv', 'md5:1', 'md5:2'), true],
    ['408', refused(408), true],
    ['429', refused(429), true],
    ['500', refused(500), true],
    ['502', refused(502), true],
    ['503', refused(503), true],
    ['504', refused(504), true],
    ['400', refused(400), false],
    ['401', refused(401), false],
    ['403', refused(403), false],
    ['404', refused(404), false],
    ['409', refused(409), false],
    ['410', refused(410), false],
    ['413', refused(413), false],
    ['415', refused(415), false],
    ['an odd answer', new ProtocolError('GET /api', 'odd'), false],
    ['a file that cannot be read', new FileError('/a', 'unreadable'), false],
    ['wrong inputs', new InputError([]), false],
    ['a bug', new TypeError('x is not a function'), false],
    ['something that is no error', 'ECONNRESET', false],
  ])('judges %s', (_, error, verdict) => {
    expect(isTransient(error)).toBe(verdict)
  })
})

describe('backOff', () => {
  const random = (value: number): { random: () => number } => ({ random: () => value })

  test.each([
    ['the shortest wait before the second attempt', 1, 0, 250],
    ['the longest wait before the second attempt', 1, 0.999999, 500],
    ['twice that before the third', 2, 0, 500],
    ['twice that again before the fourth', 3, 0, 1000],
    ['at most a minute, half of it left to chance', 30, 0, 30_000],
    ['at most a minute at that', 30, 0.999999, 60_000],
  ])('gives %s', (_, count, chance, delayMs) => {
    expect(Math.round(backOff(network, count, random(chance)))).toBe(delayMs)
  })

  test.each([
    ['longer than its own wait, so it obeys', 90_000, 90_000],
    ['shorter, so its own wait counts', 100, 250],
    ['nothing, so its own wait counts', 0, 250],
    ['more than a quarter of an hour, of which it grants that much', 86_400_000, 900_000],
  ])('is asked to wait %s', (_, askedMs, delayMs) => {
    expect(backOff(refused(429, askedMs), 1, random(0))).toBe(delayMs)
  })

  test('stays within its bounds for every attempt and every chance', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.integer({ min: 0 })),
        (count, chance, asked) => {
          const delayMs = backOff(refused(503, asked ?? undefined), count, random(chance))

          expect(delayMs).toBeGreaterThanOrEqual(250)
          expect(delayMs).toBeGreaterThanOrEqual(Math.min(asked ?? 0, MAX_REQUESTED_WAIT_MS))
          expect(delayMs).toBeLessThanOrEqual(Math.max(60_000, MAX_REQUESTED_WAIT_MS))
        },
      ),
    )
  })
})
