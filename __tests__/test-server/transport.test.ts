import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { describe, expect, test } from '@jest/globals'
import { CERTIFICATE } from './support/certificate.ts'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { ask, createDeposit } from './support/talk.ts'

const LIST = '/api/deposit/depositions'

describe('the transport', () => {
  test('can be encrypted; a reset is then a plain end', async () => {
    await using zenodo = await startZenodo({ tls: CERTIFICATE })
    const get = async (): Promise<number | undefined> => {
      const request = httpsRequest(`${zenodo.url}/records/1`, {
        ca: CERTIFICATE.cert,
        agent: false,
      })
      request.end()
      const [answer] = (await once(request, 'response')) as [IncomingMessage]
      answer.resume()
      return answer.statusCode
    }

    const status = await get()
    zenodo.fault({ resetAfterBytes: 0 })

    expect(zenodo.url).toMatch(/^https:/)
    expect(status).toBe(404)
    await expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  async function sendRaw({ url }: Zenodo, text: string): Promise<string> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.write(text)
    return readText(socket)
  }

  test('takes a body that is longer than announced for what was announced', async () => {
    await using zenodo = await startZenodo()
    const { bucket, id } = await createDeposit(zenodo)
    const head = [
      `PUT ${bucket}/data.txt HTTP/1.1`,
      'Host: zenodo',
      `Authorization: Bearer ${zenodo.tokens['alice'] ?? ''}`,
      'Content-Length: 4',
    ]

    const answer = await sendRaw(zenodo, `${head.join('\r\n')}\r\n\r\ncontent`)

    expect(answer).toMatch(/^HTTP\/1\.1 201 /)
    expect(zenodo.deposit(id)?.files[0]?.content?.toString()).toBe('cont')
  })

  test.each([
    ['an unknown path', 'GET', '/api/nonexistent', 404],
    ['a trailing slash', 'GET', `${LIST}/`, 404],
    ['an unknown action', 'POST', `${LIST}/1/actions/nonsense`, 404],
    ['dots in place of a key', 'PUT', '/api/files/x/%2e%2e', 404],
    ['a method that does not exist there', 'PATCH', `${LIST}/1`, 405],
    ['a GET of an action', 'GET', `${LIST}/1/actions/publish`, 405],
  ])('refuses %s as the framework does', async (_words, method, path, status) => {
    await using zenodo = await startZenodo()

    const reply = await ask(zenodo, method, path)

    expect(reply.status).toBe(status)
    expect(reply.text).toMatch(/^\{"message":/)
  })

  test('tells which methods a path takes', async () => {
    await using zenodo = await startZenodo()

    const { status, headers } = await ask(zenodo, 'OPTIONS', LIST)

    expect([status, headers['allow']]).toEqual([200, 'OPTIONS, GET, POST, HEAD'])
  })

  test('takes NaN for a number, as Python does', async () => {
    await using zenodo = await startZenodo()
    const headers = { 'content-type': 'application/json' }

    const { json } = await ask(zenodo, 'POST', LIST, {
      headers,
      body: '{"metadata": {"version": NaN}}',
    })

    const errors = [{ field: 'metadata.version', messages: ['Not a valid string.'] }]
    expect(json).toMatchObject({ status: 400, errors })
  })
})
