import { describe, expect, test } from '@jest/globals'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Call } from '../../src/http/call.ts'
import { answerJson, startRawServer, startScriptedServer } from './support/scripted-server.ts'
import { createTestHttp, never, uploadCall } from './support/test-http.ts'

const GET: Call = { method: 'GET', path: '/api/records/1', repeat: true }
const POST: Call = {
  method: 'POST',
  path: '/api/deposit/depositions',
  json: {},
  repeat: false,
}

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

  test('repeats nothing that was under way, and says nothing of it', async () => {
    const retries: unknown[] = []
    const arrived = Promise.withResolvers<undefined>()
    await using server = await startScriptedServer(() => arrived.resolve(undefined))
    const http = createTestHttp(server.url, { onRetry: (error) => void retries.push(error) })
    const failed = expect(http.request(GET, never)).rejects.toThrow('The connections were closed.')
    await arrived.promise

    await http[Symbol.asyncDispose]()

    await failed
    expect(retries).toEqual([])
    expect(server.requests).toHaveLength(1)
  })
})
