import { describe, expect, test } from '@jest/globals'
import type { Call } from '../../src/http/call.ts'
import { FakeClock } from './support/fake-clock.ts'
import { answerJson, startScriptedServer } from './support/scripted-server.ts'
import { createTestHttp, never } from './support/test-http.ts'

const GET: Call = { method: 'GET', path: '/api/records/1', repeat: true }
const POST: Call = {
  method: 'POST',
  path: '/api/deposit/depositions',
  json: {},
  repeat: false,
}

/** The status of each request in turn; the last one again and again. */
const statuses =
  (...codes: number[]) =>
  (): number =>
    (codes.length > 1 ? codes.shift() : codes[0]) ?? 500

describe('repeating', () => {
  test.each<[string, Call, number[], number]>([
    ['a read after trouble', GET, [503, 502, 200], 3],
    ['a read at most as often as allowed', GET, [500], 4],
    ['a read that is refused', GET, [403], 1],
    ['a call that makes something, after a rate limit', POST, [429, 201], 2],
    ['a call that makes something, after trouble', POST, [500], 1],
  ])('sends %s', async (_, call, codes, times) => {
    const status = statuses(...codes)
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, status(), {}),
    )
    await using http = createTestHttp(server.url)

    await http.request(call, never).catch(() => undefined)

    expect(server.requests).toHaveLength(times)
  })

  test('sends a call again that met another writer', async () => {
    const status = statuses(400, 400, 200)
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, status(), { message: 'Not a valid value.' }),
    )
    await using http = createTestHttp(server.url)
    const call = { ...GET, conflicts: ['Not a valid value.'] }

    const answer = await http.request(call, never)

    expect(answer.status).toBe(200)
    expect(server.requests).toHaveLength(3)
  })

  test('sends a call again that never reached the server, whatever it does', async () => {
    const server = await startScriptedServer(() => undefined)
    await server[Symbol.asyncDispose]()
    const retries: number[] = []
    await using http = createTestHttp(server.url, {
      onRetry: (_error, _delayMs, count) => retries.push(count),
    })

    const answer = http.request(POST, never)

    await expect(answer).rejects.toMatchObject({
      name: 'NetworkError',
      bodySent: false,
      requestLine: 'POST /api/deposit/depositions',
    })
    expect(retries).toEqual([1, 2, 3])
  })

  test('waits as long as the server asks', async () => {
    const clock = new FakeClock()
    const status = statuses(503, 200)
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, status(), {}, { 'retry-after': '90' }),
    )
    await using http = createTestHttp(server.url, { clock })

    await http.request(GET, never)

    expect(clock.now()).toBe(90_000)
  })

  test('keeps all requests still when one of eight is told to wait', async () => {
    const clock = new FakeClock()
    const arrivals: number[] = []
    const firstEight = Promise.withResolvers<undefined>()
    await using server = await startScriptedServer(async (_request, response) => {
      arrivals.push(clock.now())
      const isEarly = arrivals.length <= 8
      if (arrivals.length === 8) firstEight.resolve(undefined)
      if (isEarly) await firstEight.promise
      answerJson(response, isEarly ? 429 : 200, {}, { 'retry-after': '30' })
    })
    const late: Promise<unknown>[] = []
    await using http = createTestHttp(server.url, {
      clock,
      onRetry: () => {
        if (late.length === 0) late.push(http.request(GET, never))
      },
    })

    await Promise.all(Array.from({ length: 8 }, () => http.request(GET, never)))
    await Promise.all(late)

    expect(arrivals).toHaveLength(17)
    expect(arrivals.slice(0, 8)).toEqual(Array<number>(8).fill(0))
    expect(Math.min(...arrivals.slice(8))).toBe(30_000)
  })
})
