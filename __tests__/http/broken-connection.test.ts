import { describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { FileError } from '../../src/errors.ts'
import type { Call } from '../../src/http/call.ts'
import { StallClock } from '../../src/http/stall.ts'
import { answerJson, startRawServer, startScriptedServer } from './support/scripted-server.ts'
import { createTestHttp, inChunks, never, uploadCall } from './support/test-http.ts'

const POST: Call = {
  method: 'POST',
  path: '/api/deposit/depositions',
  json: {},
  repeat: false,
}

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

  test('is heard, also if the server is gone when more is sent', async () => {
    const gone = Promise.withResolvers<undefined>()
    await using server = await startRawServer((request, response) => {
      answerJson(response, 400, { message: 'Bucket quota exceeded.' })
      response.once('finish', () => {
        request.socket.destroy()
        gone.resolve(undefined)
      })
    })
    await using http = createTestHttp(server.url)
    async function* file(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(1_000_000)
      await gone.promise
      yield Buffer.alloc(1_000_000)
    }

    const sent = http.send(uploadCall({ sizeBytes: 2_000_000, open: file }), never)

    await expect(sent).rejects.toMatchObject({ name: 'ApiError', status: 400 })
  })

  test('is not waited for long if there is none', async () => {
    await using server = await startRawServer((request) => void request.socket.resetAndDestroy())
    await using http = createTestHttp(server.url)
    const bytes = Buffer.alloc(20_000_000)
    const body = { sizeBytes: bytes.length, open: () => inChunks(bytes) }

    const sent = http.send(uploadCall(body), never)

    await expect(sent).rejects.toMatchObject({ name: 'NetworkError', bodySent: false })
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
      message:
        'Nothing moved for 0 s on POST /api/deposit/depositions: it was sent, and no whole answer came.',
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

  test('is told from one that took everything and does not answer', async () => {
    await using server = await startScriptedServer(() => undefined)
    await using http = createTestHttp(server.url)
    const body = { sizeBytes: 3, open: () => Buffer.from('abc') }

    const sent = http.send(uploadCall(body, new StallClock(30), 30), never)

    await expect(sent).rejects.toMatchObject({
      bodySent: true,
      message: expect.stringMatching(
        /^Nothing moved .* on PUT .*: it was sent, and no whole answer came/,
      ),
    })
  })

  test('is waited for as long as it answers others on the same clock', async () => {
    const time = { ms: 0 }
    const stall = new StallClock(1000, () => time.ms)
    const answers: (() => void)[] = []
    const arrived = Promise.withResolvers<undefined>()
    await using server = await startScriptedServer((_request, response) => {
      answers.push(() => answerJson(response, 201, {}))
      if (answers.length === 2) arrived.resolve(undefined)
    })
    await using http = createTestHttp(server.url)
    const body = { sizeBytes: 3, open: () => Buffer.from('abc') }
    const first = http.send(uploadCall(body, stall), never)
    const second = http.send(uploadCall(body, stall), never)
    await arrived.promise

    time.ms += 900
    answers[0]?.()
    await first
    time.ms += 900
    await pause(600)
    answers[1]?.()

    await expect(second).resolves.toMatchObject({ status: 201 })
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
