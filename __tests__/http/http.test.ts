import { describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { FileError } from '../../src/errors.ts'
import type { Call } from '../../src/http/http.ts'
import { StallClock } from '../../src/http/stall.ts'
import { FakeClock } from './support/fake-clock.ts'
import {
  answerHtml,
  answerJson,
  startRawServer,
  startScriptedServer,
} from './support/scripted-server.ts'
import { TOKEN, createTestHttp, inChunks, never, uploadCall } from './support/test-http.ts'

const GET: Call = { method: 'GET', path: '/api/records/1', repeat: true }
const POST: Call = { method: 'POST', path: '/api/deposit/depositions', json: {}, repeat: false }

/** The status of each request in turn; the last one again and again. */
const statuses =
  (...codes: number[]) =>
  (): number =>
    (codes.length > 1 ? codes.shift() : codes[0]) ?? 500

describe('a request', () => {
  test.each<[string, Call, Record<string, string>]>([
    ['a read', GET, {}],
    ['a read in another form', { ...GET, accept: 'text/x' }, { accept: 'text/x' }],
    [
      'a call without a body',
      { method: 'POST', path: '/x', repeat: false },
      { 'content-length': '0' },
    ],
    [
      'JSON, without a charset',
      { ...POST, json: { title: 'Ü' } },
      { 'content-type': 'application/json', 'content-length': '14' },
    ],
    [
      'a file',
      uploadCall({ sizeBytes: 3, open: () => Buffer.from('abc') }),
      { 'content-type': 'application/octet-stream', 'content-length': '3' },
    ],
  ])('for %s has these headers and no others', async (_, call, headers) => {
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, 200, {}),
    )
    await using http = createTestHttp(server.url)

    await http.request(call, never)

    expect(server.requests[0]?.headers).toEqual({
      host: new URL(server.url).host,
      connection: 'keep-alive',
      accept: 'application/json',
      'user-agent': 'zenodo-deposit/test (+https://github.com/owner/repo)',
      authorization: `Bearer ${TOKEN}`,
      ...headers,
    })
  })

  test('carries the token in no other place', async () => {
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, 200, {}),
    )
    await using http = createTestHttp(server.url)

    await http.request({ ...POST, path: '/api?q=1' }, never)

    const { headers, path, body } = server.requests[0] ?? {}
    expect(JSON.stringify({ ...headers, authorization: '', path, body })).not.toContain(TOKEN)
    expect(path).toBe('/api?q=1')
  })

  test('without a token has no authorization', async () => {
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, 200, {}),
    )
    await using http = createTestHttp(server.url, { token: undefined })

    await http.request(GET, never)

    expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
  })

  test('brings no cookie back, whatever was set before', async () => {
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, 200, {}, { 'set-cookie': 'csrftoken=1; Path=/' }),
    )
    await using http = createTestHttp(server.url)

    await http.request(GET, never)
    await http.request(POST, never)

    expect(server.requests[1]?.headers).not.toHaveProperty('cookie')
  })

  test.each([
    ['one chunk', 1000, 65_536],
    ['many chunks', 3_000_001, 65_536],
    ['chunks of one byte', 100, 1],
  ])('sends exactly the bytes of %s', async (_, sizeBytes, chunkBytes) => {
    const bytes = randomBytes(sizeBytes)
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, 201, {}),
    )
    await using http = createTestHttp(server.url)

    await http.send(uploadCall({ sizeBytes, open: () => inChunks(bytes, chunkBytes) }), never)

    expect(server.requests[0]?.body.equals(bytes)).toBe(true)
  })

  test.each([
    ['more', 5],
    ['fewer', 3],
  ])('of a body with %s bytes than announced never succeeds', async (_, sizeBytes) => {
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, 201, {}),
    )
    await using http = createTestHttp(server.url)
    const bytes = Buffer.alloc(sizeBytes)

    const sent = http.send(uploadCall({ sizeBytes: 4, open: () => inChunks(bytes, 1) }), never)

    await expect(sent).rejects.toMatchObject({ name: 'NetworkError' })
    expect(server.requests.filter(({ body }) => body.length !== 4)).toEqual([])
  })
})

describe('an answer', () => {
  test('is its status and its JSON', async () => {
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, 201, { id: 1 }),
    )
    await using http = createTestHttp(server.url)

    const answer = await http.request(GET, never)

    expect(answer).toEqual({ status: 201, json: { id: 1 }, location: undefined })
  })

  test('that is a page has no JSON', async () => {
    await using server = await startScriptedServer((_request, response) =>
      answerHtml(response, 200, '<p>Maintenance</p>'),
    )
    await using http = createTestHttp(server.url)

    const answer = await http.request(GET, never)

    expect(answer).toEqual({ status: 200, json: undefined, location: undefined })
  })

  test.each([301, 302, 303, 307, 308])('of %d is not followed', async (status) => {
    await using elsewhere = await startScriptedServer((_request, response) =>
      answerJson(response, 200, {}),
    )
    await using server = await startScriptedServer((_request, response) => {
      response.writeHead(status, { location: `${elsewhere.url}/login?next=secret` }).end()
    })
    await using http = createTestHttp(server.url)

    const answer = http.request(GET, never)

    await expect(answer).rejects.toMatchObject({
      name: 'ProtocolError',
      message: `The server redirected GET /api/records/1 to ${elsewhere.url}/login, and a request with the token is not followed there.`,
    })
    expect(elsewhere.requests).toEqual([])
    expect(server.requests).toHaveLength(1)
  })

  test('that redirects is told as it is to a call that may be redirected', async () => {
    await using server = await startScriptedServer((_request, response) => {
      response.writeHead(302, { location: '/api/records/2' }).end()
    })
    await using http = createTestHttp(server.url)

    const answer = await http.request({ ...GET, mayRedirect: true }, never)

    expect(answer).toMatchObject({ status: 302, location: '/api/records/2' })
    expect(server.requests).toHaveLength(1)
  })

  test.each([
    ['is fine where the call says so', [404], 'fulfilled'],
    ['is an error elsewhere', [410], 'rejected'],
  ] as const)('of 404 %s', async (_, alsoFine, outcome) => {
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, 404, { message: 'Not found.' }),
    )
    await using http = createTestHttp(server.url)

    const [settled] = await Promise.allSettled([http.request({ ...GET, alsoFine }, never)])

    expect(settled.status).toBe(outcome)
    expect(server.requests).toHaveLength(1)
  })

  test('of more than 64 MiB is refused', async () => {
    await using server = await startScriptedServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(Buffer.alloc(65 * 1024 * 1024, ' '))
    })
    await using http = createTestHttp(server.url)

    await expect(http.send(GET, never)).rejects.toThrow('larger than 64 MiB')
  })
})

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

describe('a connection that breaks', () => {
  test('before the whole body was sent is known to', async () => {
    await using server = await startRawServer(async (request) => {
      await once(request, 'data')
      request.socket.resetAndDestroy()
    })
    await using http = createTestHttp(server.url)
    const bytes = Buffer.alloc(20_000_000)

    const sent = http.send(
      uploadCall({ sizeBytes: bytes.length, open: () => inChunks(bytes) }),
      never,
    )

    await expect(sent).rejects.toMatchObject({ name: 'NetworkError', bodySent: false })
  })

  test('after the whole body was sent may have worked', async () => {
    await using server = await startScriptedServer((_request, response) => {
      response.socket?.resetAndDestroy()
    })
    await using http = createTestHttp(server.url)
    const bytes = Buffer.alloc(100_000)

    const sent = http.send(
      uploadCall({ sizeBytes: bytes.length, open: () => inChunks(bytes) }),
      never,
    )

    await expect(sent).rejects.toMatchObject({ name: 'NetworkError', bodySent: true })
    expect(server.requests).toHaveLength(1)
  })

  test('in the middle of the answer is no answer', async () => {
    await using server = await startScriptedServer((_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"id":')
      response.socket?.end()
    })
    await using http = createTestHttp(server.url)

    await expect(http.send(POST, never)).rejects.toMatchObject({
      name: 'NetworkError',
      bodySent: true,
    })
  })

  test('leaves nothing of the local file open', async () => {
    let isOpen = false
    await using server = await startRawServer((request) => {
      request.socket.resetAndDestroy()
    })
    await using http = createTestHttp(server.url)
    async function* file(): AsyncGenerator<Buffer> {
      isOpen = true
      try {
        yield* inChunks(Buffer.alloc(20_000_000))
      } finally {
        isOpen = false
      }
    }

    await http.send(uploadCall({ sizeBytes: 20_000_000, open: file }), never).catch(() => undefined)
    await pause(1)

    expect(isOpen).toBe(false)
  })
})

describe('an answer before the body was read', () => {
  test.each([
    ['closes the connection', { connection: 'close' }],
    ['keeps the connection', {}],
  ])('is heard, when the server %s', async (_, headers) => {
    const answered = Promise.withResolvers<undefined>()
    await using server = await startRawServer((_request, response) => {
      answerJson(response, 400, { message: 'Bucket quota exceeded.' }, headers)
      response.on('close', () => answered.resolve(undefined))
    })
    await using http = createTestHttp(server.url)
    async function* patiently(): AsyncGenerator<Buffer> {
      const bytes = Buffer.alloc(20_000_000)
      yield bytes.subarray(0, 65_536)
      await answered.promise
      await pause(10)
      yield* inChunks(bytes.subarray(65_536))
    }

    const sent = http.send(uploadCall({ sizeBytes: 20_000_000, open: patiently }), never)

    await expect(sent).rejects.toMatchObject({ name: 'ApiError', status: 400 })
  })
})

describe('a local file that fails', () => {
  test('is told from a broken connection, and its request stays short', async () => {
    const failure = new FileError('/data/a.csv', 'a.csv changed while it was being read.')
    let received = 0
    const ended = Promise.withResolvers<boolean>()
    await using server = await startRawServer((request) => {
      request.on('data', (chunk: Buffer) => (received += chunk.length))
      request.on('error', () => undefined)
      request.on('close', () => ended.resolve(request.complete))
    })
    await using http = createTestHttp(server.url)
    async function* file(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(1000)
      await pause(1)
      throw failure
    }

    const sent = http.send(uploadCall({ sizeBytes: 2000, open: file }), never)

    await expect(sent).rejects.toBe(failure)
    expect(await ended.promise).toBe(false)
    expect(received).toBeLessThanOrEqual(1000)
  })

  test('before its first byte makes no request at all', async () => {
    const failure = new FileError('/data/a.csv', 'a.csv cannot be read: permission denied.')
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, 201, {}),
    )
    await using http = createTestHttp(server.url)
    // eslint-disable-next-line require-yield -- a file that cannot be opened gives nothing
    async function* file(): AsyncGenerator<Buffer> {
      await Promise.resolve()
      throw failure
    }

    const sent = http.send(uploadCall({ sizeBytes: 2000, open: file }), never)

    await expect(sent).rejects.toBe(failure)
    expect(server.requests).toEqual([])
  })
})

describe('a server that stops answering', () => {
  test('is given up after the time without a byte', async () => {
    await using server = await startScriptedServer(() => undefined)
    await using http = createTestHttp(server.url, { stallMs: 20 })

    await expect(http.send(POST, never)).rejects.toMatchObject({
      name: 'NetworkError',
      bodySent: true,
      message: 'Nothing moved for 0 s on POST /api/deposit/depositions.',
    })
  })

  test('is given up as well when it stops reading', async () => {
    await using server = await startRawServer((request) => void request.pause())
    await using http = createTestHttp(server.url)
    const bytes = Buffer.alloc(30_000_000)
    const body = { sizeBytes: bytes.length, open: () => inChunks(bytes) }

    const sent = http.send(uploadCall(body, new StallClock(30)), never)

    await expect(sent).rejects.toThrow('Nothing moved')
  })

  test('is waited for as long as its other uploads move', async () => {
    const time = { ms: 0 }
    const stall = new StallClock(20, () => time.ms)
    const answers: (() => void)[] = []
    const arrived = Promise.withResolvers<undefined>()
    await using server = await startScriptedServer((_request, response) => {
      answers.push(() => answerJson(response, 201, {}))
      arrived.resolve(undefined)
    })
    await using http = createTestHttp(server.url)
    const body = { sizeBytes: 3, open: () => Buffer.from('abc') }

    const sent = http.send(uploadCall(body, stall), never)
    await arrived.promise
    for (let step = 0; step < 3; step += 1) {
      time.ms += 500
      stall.expectWithin(20)
      await pause(6)
    }
    answers[0]?.()

    await expect(sent).resolves.toMatchObject({ status: 201 })
  })
})

describe('an abort', () => {
  test('ends a request under way at once, with its reason, and the connection with it', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    const cut = Promise.withResolvers<undefined>()
    let sentAfter = 0
    await using server = await startRawServer((request) => {
      request.on('error', () => undefined)
      request.socket.on('close', () => cut.resolve(undefined))
      request.once('data', () => controller.abort(reason))
    })
    await using http = createTestHttp(server.url)
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        if (controller.signal.aborted) sentAfter += 1
        yield await Promise.resolve(Buffer.alloc(65_536))
      }
    }

    const sent = http.send(uploadCall({ sizeBytes: 1e9, open: endless }), controller.signal)

    await expect(sent).rejects.toBe(reason)
    await cut.promise
    expect(sentAfter).toBeLessThanOrEqual(1)
  })

  test('ends a wait for the answer, and nothing is sent again', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    await using server = await startScriptedServer(() => controller.abort(reason))
    await using http = createTestHttp(server.url)

    await expect(http.request(GET, controller.signal)).rejects.toBe(reason)
    expect(server.requests).toHaveLength(1)
  })

  test('before the request makes none', async () => {
    const reason = new Error('the job was cancelled')
    await using server = await startScriptedServer(() => undefined)
    await using http = createTestHttp(server.url)

    await expect(http.request(GET, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(server.requests).toEqual([])
  })
})

describe('the end', () => {
  test('cuts every connection, kept or in use', async () => {
    const sockets = new Set<Socket>()
    await using server = await startRawServer((request, response) => {
      sockets.add(request.socket)
      request.socket.on('close', () => sockets.delete(request.socket))
      if (request.method === 'GET') answerJson(response, 200, {})
    })
    const http = createTestHttp(server.url)
    await http.send(GET, never)
    const pending = http.send(POST, never)
    const failed = expect(pending).rejects.toMatchObject({ name: 'NetworkError' })
    while (sockets.size < 1) await pause(1)

    await http[Symbol.asyncDispose]()

    await failed
    while (sockets.size > 0) await pause(1)
    expect(sockets.size).toBe(0)
  })
})
