import { describe, expect, test } from '@jest/globals'
import { toNetworkError } from '../../src/http/network-error.ts'

const ORIGIN = 'https://zenodo.org'
const LINE = 'POST /api/deposit/depositions'

/** An error of the platform, which is told by its code alone. */
const foreign = (code: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code })

const translate = (cause: unknown, bodySent = true): ReturnType<typeof toNetworkError> =>
  toNetworkError(LINE, cause, { origin: ORIGIN, setting: 'server-url', bodySent })

describe('toNetworkError', () => {
  test.each<[string, Error, RegExp]>([
    ['nobody listens', foreign('ECONNREFUSED', 'connect ECONNREFUSED'), /continues/],
    ['the name is unknown', foreign('ENOTFOUND', 'getaddrinfo ENOTFOUND'), /server-url/],
    ['names cannot be resolved now', foreign('EAI_AGAIN', 'getaddrinfo'), /resolve names/],
    ['the net is unreachable', foreign('ENETUNREACH', 'connect ENETUNREACH'), /continues/],
    ['the host is unreachable', foreign('EHOSTUNREACH', 'connect EHOSTUNREACH'), /continues/],
    ['connecting takes too long', foreign('UND_ERR_CONNECT_TIMEOUT', 'timeout'), /continues/],
    [
      'the certificate is signed by nobody known',
      foreign('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'),
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      'a link of the certificate chain is missing',
      foreign('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'),
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      'the issuer is unknown',
      foreign('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate'),
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      'the certificate has expired',
      foreign('CERT_HAS_EXPIRED', 'certificate has expired'),
      /certificate/,
    ],
    [
      'the certificate is another host’s',
      foreign('ERR_TLS_CERT_ALTNAME_INVALID', 'does not match'),
      /certificate/,
    ],
    [
      'the proxy refuses',
      foreign('UND_ERR_ABORTED', 'Proxy response (407) !== 200 when HTTP Tunneling'),
      /407, user and password/,
    ],
  ])('knows that nothing was sent when %s', (_, cause, hint) => {
    const error = translate(cause)

    expect(error.message).toMatch(/^https:\/\/zenodo\.org could not be reached for POST \/api/)
    expect(error.bodySent).toBe(false)
    expect(error.hint).toMatch(hint)
    expect(error.cause).toBe(cause)
  })

  test.each<[string, Error]>([
    ['is reset', foreign('ECONNRESET', 'read ECONNRESET')],
    ['is closed while writing', foreign('EPIPE', 'write EPIPE')],
    ['is closed by the other side', foreign('UND_ERR_SOCKET', 'other side closed')],
    ['times out', foreign('ETIMEDOUT', 'read ETIMEDOUT')],
    ['speaks garbled TLS', foreign('ERR_SSL_BAD_RECORD_MAC', 'bad record mac')],
    ['speaks something that is not HTTP', foreign('HPE_INVALID_CONSTANT', 'Expected HTTP/')],
  ])('takes the request for sent, as it was, when the connection %s', (_, cause) => {
    const error = translate(cause)

    expect(error.message).toMatch(/^The connection broke during POST \/api\/deposit\/depositions: /)
    expect(error.bodySent).toBe(true)
    expect(error.hint).toBe('Re-run the job: it continues where this run stopped.')
  })

  test('knows that a body which was not all handed over was not received', () => {
    expect(translate(foreign('ECONNRESET', 'read ECONNRESET'), false).bodySent).toBe(false)
  })

  test.each<[string, unknown, string]>([
    ['the innermost cause', new TypeError('failed', { cause: new Error('why') }), 'why'],
    [
      'a code that the message does not name',
      foreign('UND_ERR_SOCKET', 'other side closed'),
      'other side closed UND_ERR_SOCKET',
    ],
    ['a code alone', foreign('ECONNREFUSED', ''), 'ECONNREFUSED'],
    [
      'the code of an outer error with the words of the inner one',
      foreign('UND_ERR_SOCKET', 'outer', new Error('inner')),
      'inner UND_ERR_SOCKET',
    ],
    ['an error without words', new Error(''), 'no reason given'],
    ['something that is no error', 'broken', 'no reason given'],
    ['nothing', undefined, 'no reason given'],
    ['words that would break the line', new Error('a\n::error::b'), 'a\\n::error::b'],
  ])('says %s', (_, cause, detail) => {
    const message = translate(cause).message

    expect(message.endsWith(`: ${detail}.`)).toBe(true)
  })

  test('does not run in circles', () => {
    const cause = new Error('round and round')
    cause.cause = cause

    expect(translate(cause).message).toContain('round and round')
  })
})
