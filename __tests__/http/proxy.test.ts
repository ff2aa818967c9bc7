import { describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { createSecureServer } from 'node:http2'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { InputError } from '../../src/errors.ts'
import { readProxy, type Proxy } from '../../src/http/proxy.ts'
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'
import { makeCertificate, type Certificate } from './support/certificate.ts'
import { startProxy } from './support/proxy.ts'
import type { Outcome } from './support/request-once.ts'
import { answerJson, startScriptedServer } from './support/scripted-server.ts'
import { TOKEN, createTestHttp, never } from './support/test-http.ts'

const PROGRAM = fileURLToPath(new URL('support/request-once.js', import.meta.url))

/** A server whose certificate only those trust who were told to. */
interface SecureServer extends AsyncDisposable {
  readonly url: string
  readonly host: string
  readonly certificate: Certificate
  /** Authorization of each request. */
  readonly authorizations: readonly (string | undefined)[]
}

async function startSecureServer(host?: string): Promise<SecureServer> {
  const folder = await createTemporaryFolder()
  const certificate = await makeCertificate(folder, host)
  const authorizations: (string | undefined)[] = []
  const server = createServer(certificate, (request, response) => {
    authorizations.push(request.headers.authorization)
    answerJson(response, 200, { ok: true })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `https://${address}`,
    host: address,
    certificate,
    authorizations,
    [Symbol.asyncDispose]: () => stop(server, folder),
  }
}

async function stop(server: Server, folder: TemporaryFolder): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
  await folder[Symbol.asyncDispose]()
}

/** Runs one request in a process with only these variables. */
async function requestOnce(url: string, variables: Record<string, string>): Promise<Outcome> {
  const { PATH, SystemRoot } = process.env
  const env = { PATH, ...(SystemRoot !== undefined && { SystemRoot }), ...variables }
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, url, TOKEN], { env })
  return JSON.parse(stdout) as Outcome
}

describe('readProxy', () => {
  test.each<[string, Record<string, string>, Proxy | undefined]>([
    ['no variable', {}, undefined],
    ['an empty variable', { HTTPS_PROXY: '' }, undefined],
    ['the variable for requests without TLS', { HTTP_PROXY: 'http://p:3128' }, undefined],
    [
      'capitals',
      { HTTPS_PROXY: 'http://p:3128' },
      { url: 'http://p:3128', address: 'p:3128', except: '' },
    ],
    [
      'small letters before capitals',
      { https_proxy: 'http://p:1', HTTPS_PROXY: 'http://q:2', no_proxy: 'a', NO_PROXY: 'b' },
      { url: 'http://p:1', address: 'p:1', except: 'a' },
    ],
    [
      'an address without a scheme',
      { HTTPS_PROXY: 'p:3128' },
      { url: 'http://p:3128', address: 'p:3128', except: '' },
    ],
    [
      'user and password, which messages do not show',
      { HTTPS_PROXY: 'alice:secret@p:3128', NO_PROXY: 'zenodo.org' },
      { url: 'http://alice:secret@p:3128', address: 'p:3128', except: 'zenodo.org' },
    ],
    [
      'a proxy that is itself reached over TLS',
      { HTTPS_PROXY: 'https://p' },
      { url: 'https://p', address: 'p', except: '' },
    ],
  ])('reads %s', (_, env, proxy) => {
    expect(readProxy(env)).toEqual(proxy)
  })

  test.each([
    ['no host', 'http://alice:secret@:3128'],
    ['no port that exists', 'http://alice:secret@p:99999'],
    ['another protocol', 'ftp://alice:secret@p:3128'],
    ['words', 'alice secret'],
  ])('refuses %s, without showing it', (_, text) => {
    const read = (): unknown => readProxy({ HTTPS_PROXY: text })

    expect(read).toThrow(InputError)
    expect(read).toThrow('The environment variable HTTPS_PROXY holds no address of a proxy')
    expect(read).not.toThrow(/secret/)
  })
})

describe('a server with a certificate of its own authority', () => {
  test('is trusted when NODE_EXTRA_CA_CERTS names the authority', async () => {
    await using server = await startSecureServer()
    const { certFile } = server.certificate

    const outcome = await requestOnce(server.url, { NODE_EXTRA_CA_CERTS: certFile })

    expect(outcome).toEqual({ status: 200, json: { ok: true } })
    expect(server.authorizations).toEqual([`Bearer ${TOKEN}`])
  })

  test('gets nothing otherwise, and the error says what to set', async () => {
    await using server = await startSecureServer()

    const outcome = await requestOnce(server.url, {})

    expect(outcome.name).toBe('NetworkError')
    expect(outcome.message).toContain(`${server.url} could not be reached for GET /api: `)
    expect(outcome.hint).toContain('NODE_EXTRA_CA_CERTS')
    expect(server.authorizations).toEqual([])
  })

  test('gets nothing under another host’s name', async () => {
    await using server = await startSecureServer('other.example')
    const { certFile } = server.certificate

    const outcome = await requestOnce(server.url, { NODE_EXTRA_CA_CERTS: certFile })

    expect(outcome.name).toBe('NetworkError')
    expect(outcome.hint).toContain('certificate')
    expect(server.authorizations).toEqual([])
  })
})

test('HTTP/2 is not spoken, though the server offers it: uploads would share one connection', async () => {
  await using folder = await createTemporaryFolder()
  const certificate = await makeCertificate(folder)
  const versions: string[] = []
  const server = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
    versions.push(request.httpVersion)
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`

  const outcome = await requestOnce(url, { NODE_EXTRA_CA_CERTS: certificate.certFile })
  server.close()

  expect(outcome.status).toBe(200)
  expect(versions).toEqual(['1.1'])
})

describe('a proxy', () => {
  test.each([
    ['in capitals', 'HTTPS_PROXY', 'http://'],
    ['in small letters', 'https_proxy', 'http://'],
    ['without a scheme', 'HTTPS_PROXY', ''],
  ])('named %s makes the tunnel, and never sees the token', async (_, variable, scheme) => {
    await using server = await startSecureServer()
    await using proxy = await startProxy()

    const outcome = await requestOnce(server.url, {
      [variable]: `${scheme}${proxy.address}`,
      NODE_EXTRA_CA_CERTS: server.certificate.certFile,
    })

    expect(outcome).toEqual({ status: 200, json: { ok: true } })
    expect(proxy.tunnels.map(({ target }) => target)).toEqual([server.host])
    expect(JSON.stringify(proxy.tunnels)).not.toContain(TOKEN)
    expect(server.authorizations).toEqual([`Bearer ${TOKEN}`])
  })

  test('gets the user and password of its address, and the server does not', async () => {
    await using server = await startSecureServer()
    await using proxy = await startProxy()

    await requestOnce(server.url, {
      HTTPS_PROXY: `http://alice:pass%40word@${proxy.address}`,
      NODE_EXTRA_CA_CERTS: server.certificate.certFile,
    })

    const basic = `Basic ${Buffer.from('alice:pass@word').toString('base64')}`
    expect(proxy.tunnels[0]?.headers['proxy-authorization']).toBe(basic)
    expect(server.authorizations).toEqual([`Bearer ${TOKEN}`])
  })

  test('is passed by for the hosts of NO_PROXY', async () => {
    await using server = await startSecureServer()
    await using proxy = await startProxy()

    const outcome = await requestOnce(server.url, {
      HTTPS_PROXY: `http://${proxy.address}`,
      NO_PROXY: 'localhost, 127.0.0.1',
      NODE_EXTRA_CA_CERTS: server.certificate.certFile,
    })

    expect(outcome.status).toBe(200)
    expect(proxy.tunnels).toEqual([])
  })

  test('that refuses is named as the one that refuses', async () => {
    await using server = await startSecureServer()
    await using proxy = await startProxy({ refuseWith: 407 })

    const outcome = await requestOnce(server.url, {
      HTTPS_PROXY: `http://alice:password@${proxy.address}`,
      NODE_EXTRA_CA_CERTS: server.certificate.certFile,
    })

    expect(outcome.name).toBe('NetworkError')
    expect(outcome.message).toContain(`${server.url} could not be reached for GET /api: `)
    expect(outcome.message).toContain('407')
    expect(outcome.hint).toMatch(/proxy .*HTTPS_PROXY.* user and password/)
    expect(JSON.stringify(outcome)).not.toContain('alice:password')
  })

  test('that is not there is named as the one that is not', async () => {
    await using server = await startSecureServer()
    const proxy = await startProxy()
    await proxy[Symbol.asyncDispose]()

    const outcome = await requestOnce(server.url, {
      HTTPS_PROXY: `http://alice:password@${proxy.address}`,
      NODE_EXTRA_CA_CERTS: server.certificate.certFile,
    })

    expect(outcome.name).toBe('NetworkError')
    expect(outcome.message).toContain(`ECONNREFUSED ${proxy.address}`)
    expect(outcome.hint).toContain('HTTPS_PROXY')
    expect(JSON.stringify(outcome)).not.toContain('alice:password')
  })

  test.each(['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY'])(
    'of %s never sees a request to this machine without TLS, which would show it the token',
    async (variable) => {
      await using proxy = await startProxy()
      await using server = await startScriptedServer((_request, response) =>
        answerJson(response, 200, {}),
      )
      await using http = createTestHttp(server.url, {
        env: { [variable]: `http://${proxy.address}` },
      })

      await http.send({ method: 'GET', path: '/api', repeat: true }, never)

      expect(proxy.tunnels).toEqual([])
      expect(proxy.others).toEqual([])
      expect(server.requests).toHaveLength(1)
    },
  )
})
