import { describe, expect, test } from '@jest/globals'
import { ApiError, FileError, NetworkError, ProtocolError } from '../../src/errors.ts'
import { requestLineOf, type Call } from '../../src/http/call.ts'
import { delayFor, isConflict } from '../../src/http/http.ts'
import { pathOfLink } from '../../src/http/link.ts'

const CONFLICT = 'Not a valid value.'
const chance = { random: () => 0 }
const repeatable: Call = { method: 'GET', path: '/api', repeat: true, conflicts: [CONFLICT] }
const single: Call = { ...repeatable, method: 'POST', repeat: false }

const refused = (status: number, serverMessage?: string, field?: string): ApiError =>
  new ApiError(`The server answered ${status}.`, {
    status,
    requestLine: 'GET /api',
    serverMessage,
    fieldErrors: field === undefined ? [] : [{ field, messages: ['Bad.'] }],
  })

const lost = (bodySent: boolean): NetworkError =>
  new NetworkError('GET /api', 'The connection broke.', { bodySent })

describe('delayFor', () => {
  test.each<[string, Error, boolean, boolean]>([
    ['a connection that broke after the request was sent', lost(true), true, false],
    ['a connection that broke before', lost(false), true, true],
    ['a rate limit, which refuses at the door', refused(429), true, true],
    ['a request timeout', refused(408), true, false],
    ['an internal error', refused(500), true, false],
    ['a gateway that found nobody', refused(502), true, false],
    ['an unavailable service', refused(503), true, false],
    ['a gateway that lost patience', refused(504), true, false],
    ['a writer that was faster', refused(400, CONFLICT), true, true],
    ['those words about a field', refused(400, CONFLICT, 'title'), false, false],
    ['a refusal in other words', refused(400, 'Invalid value x.'), false, false],
    ['those words with another status', refused(403, CONFLICT), false, false],
    ['a missing right', refused(403), false, false],
    ['a missing thing', refused(404), false, false],
    ['an odd answer', new ProtocolError('GET /api', 'odd'), false, false],
    ['a file that changed', new FileError('/a', 'changed'), false, false],
  ])('after %s', (_, error, repeats, repeatsSingle) => {
    const isRepeated = (call: Call): boolean => delayFor(call, error, 1, chance) !== undefined

    expect(isRepeated(repeatable)).toBe(repeats)
    expect(isRepeated(single)).toBe(repeatsSingle)
  })

  test('repeats a conflict as long as anything is repeated, even where the call may not be', () => {
    const delays = [1, 2, 3, 4, 5].map((count) =>
      delayFor(single, refused(400, CONFLICT), count, chance),
    )

    expect(delays).toEqual([250, 500, 1000, 2000, 4000])
  })

  test('knows no conflicts where the call names none', () => {
    const call: Call = { method: 'PUT', path: '/api', repeat: true }

    expect(delayFor(call, refused(400, CONFLICT), 1, chance)).toBeUndefined()
  })
})

describe('isConflict', () => {
  test('is no verdict on an answer without a message', () => {
    expect(isConflict(refused(400), [CONFLICT])).toBe(false)
  })
})

describe('requestLineOf', () => {
  test.each([
    ['a path', 'GET', '/api/records/1', 'GET /api/records/1'],
    ['a query, which may hold a secret', 'GET', '/api?q=1&access_token=s', 'GET /api'],
    ['a query of several lines', 'PUT', '/api?a\nb', 'PUT /api'],
    ['a path with a line break', 'PUT', '/api/a\n::b', 'PUT /api/a\\n::b'],
  ] as const)('shows of %s', (_, method, path, line) => {
    expect(requestLineOf({ method, path })).toBe(line)
  })
})

describe('pathOfLink', () => {
  const ORIGIN = 'https://zenodo.org'
  const LINE = 'GET /api/deposit/depositions/1'

  test.each([
    ['an absolute link', 'https://zenodo.org/api/files/b', '/api/files/b'],
    ['a link with a query', 'https://zenodo.org/api?x=1', '/api?x=1'],
    ['a link with a fragment, which is dropped', 'https://zenodo.org/api#x', '/api'],
    ['the origin in capitals', 'HTTPS://ZENODO.ORG/api', '/api'],
    ['the default port', 'https://zenodo.org:443/api', '/api'],
    ['a relative link', '/api/records/2', '/api/records/2'],
    ['a relative link that climbs', '/api/../api/records/2', '/api/records/2'],
    ['an escaped slash, which stays one', '/api/files/b/a%2Fb', '/api/files/b/a%2Fb'],
  ])('takes %s', (_, link, path) => {
    expect(pathOfLink(link, ORIGIN, LINE)).toBe(path)
  })

  test.each([
    ['another host', 'https://evil.example/api', 'https://evil.example'],
    ['a host that begins alike', 'https://zenodo.org.evil.example/', 'zenodo.org.evil.example'],
    ['another host without a scheme', '//evil.example/api', 'https://evil.example'],
    ['another host in backslashes', '\\\\evil.example\\api', 'https://evil.example'],
    ['another port', 'https://zenodo.org:8443/api', 'https://zenodo.org:8443'],
    ['another scheme', 'http://zenodo.org/api', 'http://zenodo.org'],
    ['a subdomain', 'https://sandbox.zenodo.org/api', 'https://sandbox.zenodo.org'],
    ['a file', 'file:///etc/passwd', 'instead of https://zenodo.org'],
    ['a script', 'javascript:alert(1)', 'instead of https://zenodo.org'],
    ['no address at all', 'https://[', 'https://['],
  ])('refuses a link to %s', (_, link, shown) => {
    const take = (): string => pathOfLink(link, ORIGIN, LINE)

    expect(take).toThrow(ProtocolError)
    expect(take).toThrow(`The server answered ${LINE} with a link to another origin`)
    expect(take).toThrow(shown)
  })

  test.each([
    ['a user', 'https://alice@zenodo.org/api'],
    ['a password', 'https://:secret@zenodo.org/api'],
    ['both', 'https://alice:secret@zenodo.org/api'],
  ])('refuses a link with %s, and does not show it', (_, link) => {
    const take = (): string => pathOfLink(link, ORIGIN, LINE)

    expect(take).toThrow(ProtocolError)
    expect(take).not.toThrow(/secret|alice/)
    expect(take).toThrow('user or password')
  })
})
