import { describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import type { Call } from '../../src/http/call.ts'
import { answerHtml, answerJson, startScriptedServer } from './support/scripted-server.ts'
import { TOKEN, createTestHttp, inChunks, never, uploadCall } from './support/test-http.ts'

const GET: Call = { method: 'GET', path: '/api/records/1', repeat: true }
const POST: Call = {
  method: 'POST',
  path: '/api/deposit/depositions',
  json: {},
  repeat: false,
}

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

  test('is told to whoever looks for a fault, without query and token', async () => {
    await using server = await startScriptedServer((_request, response) =>
      answerJson(response, 404, { message: 'Not found.' }),
    )
    const lines: string[] = []
    await using http = createTestHttp(server.url, { onExchange: (line) => void lines.push(line) })
    await using nowhere = createTestHttp('http://127.0.0.1:9', {
      retries: 0,
      onExchange: (line) => void lines.push(line),
    })

    await http.request({ ...GET, path: `/api/x?q=${TOKEN}`, alsoFine: [404] }, never)
    await nowhere.request(GET, never).catch(() => undefined)

    expect(lines).toEqual([
      expect.stringMatching(/^GET \/api\/x → 404 in 0\.\d s$/),
      expect.stringMatching(/^GET \/api\/records\/1 → no answer in/),
    ])
  })

  test('of more than 64 MiB is refused, and not asked for again', async () => {
    await using server = await startScriptedServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(Buffer.alloc(65 * 1024 * 1024, ' '))
    })
    await using http = createTestHttp(server.url)

    await expect(http.request(GET, never)).rejects.toMatchObject({
      name: 'ProtocolError',
      message: expect.stringContaining('more than 64 MiB'),
    })
    expect(server.requests).toHaveLength(1)
  })
})
