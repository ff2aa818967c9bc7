import { describe, expect, test } from '@jest/globals'
import {
  parseJson,
  parseRetryAfter,
  toApiError,
  withoutToken,
  type RawAnswer,
} from '../../src/http/answer.ts'

const NOW = Date.parse('2026-03-31T12:00:00Z')
const LINE = 'PUT /api/deposit/depositions/12'

function answer(status: number, text = '', headers: RawAnswer['headers'] = {}): RawAnswer {
  return { status, text, headers: { 'content-type': 'application/json', ...headers } }
}

const page = (status: number, text: string): RawAnswer =>
  answer(status, text, { 'content-type': 'text/html' })

const jsonAnswer = (status: number, json: unknown): RawAnswer =>
  answer(status, JSON.stringify(json))

describe('parseJson', () => {
  test.each<[string, string | string[] | undefined, string, unknown]>([
    ['JSON', 'application/json', '{"id":1}', { id: 1 }],
    ['JSON with a charset', 'application/json; charset=utf-8', '[]', []],
    ['JSON of a kind of its own', 'application/vnd.inveniordm.v1+json', '1', 1],
    ['a content type in capitals', 'APPLICATION/JSON', 'true', true],
    ['a header given twice', ['application/json', 'text/html'], '2', 2],
    ['a page', 'text/html', '{"id":1}', undefined],
    ['no content type', undefined, '{"id":1}', undefined],
    ['JSON that breaks off', 'application/json', '{"id":', undefined],
    ['nothing', 'application/json', '', undefined],
  ])('reads %s', (_, contentType, text, json) => {
    const headers = { 'content-type': contentType }

    expect(parseJson({ status: 200, text, headers })).toEqual(json)
  })
})

describe('parseRetryAfter', () => {
  test.each<[string, number, Record<string, string | string[]>, number | undefined]>([
    ['seconds on a 429', 429, { 'retry-after': '30' }, 30_000],
    ['seconds on a 503', 503, { 'retry-after': '120' }, 120_000],
    ['zero seconds', 429, { 'retry-after': '0' }, 0],
    ['a header given twice', 429, { 'retry-after': ['5', '9'] }, 5000],
    ['a date', 429, { 'retry-after': 'Tue, 31 Mar 2026 12:01:30 GMT' }, 90_000],
    ['a date that has passed', 503, { 'retry-after': 'Tue, 31 Mar 2026 11:00:00 GMT' }, 0],
    ['the moment the limit is renewed', 429, { 'x-ratelimit-reset': `${NOW / 1000 + 42}` }, 42_000],
    ['such a moment in the past', 429, { 'x-ratelimit-reset': `${NOW / 1000 - 42}` }, 0],
    [
      'seconds before such a moment',
      429,
      { 'retry-after': '7', 'x-ratelimit-reset': `${NOW / 1000 + 42}` },
      7000,
    ],
    [
      'such a moment where the other header is nonsense',
      429,
      { 'retry-after': 'soon', 'x-ratelimit-reset': `${NOW / 1000 + 42}` },
      42_000,
    ],
    ['a fraction, which is no form of the header', 429, { 'retry-after': '1.5' }, undefined],
    ['a negative number', 429, { 'retry-after': '-5' }, undefined],
    ['nonsense', 429, { 'retry-after': 'soon', 'x-ratelimit-reset': 'never' }, undefined],
    ['nothing', 429, {}, undefined],
    ['seconds on a success, where they mean nothing', 200, { 'retry-after': '30' }, undefined],
    ['seconds on a 500', 500, { 'retry-after': '30' }, undefined],
    ['seconds on a 400', 400, { 'retry-after': '30' }, undefined],
  ])('reads %s', (_, status, headers, delayMs) => {
    expect(parseRetryAfter(answer(status, '', headers), NOW)).toBe(delayMs)
  })
})

describe('toApiError', () => {
  test('says what was asked, the status, and the server’s own words', () => {
    const error = toApiError(LINE, jsonAnswer(403, { status: 403, message: 'Permission denied.' }))

    expect(error.message).toBe(`The server answered 403 to ${LINE}: Permission denied.`)
    expect(error.answer).toMatchObject({
      status: 403,
      requestLine: LINE,
      serverMessage: 'Permission denied.',
      fieldErrors: [],
    })
  })

  test.each<[string, unknown, unknown, string]>([
    [
      'today’s shape',
      {
        status: 400,
        message: 'A validation error occurred.',
        errors: [
          { field: 'metadata.title', messages: ['Missing data for required field.', 'Really.'] },
          { field: 'files.enabled', messages: ['Missing uploaded files.'] },
        ],
      },
      [
        {
          field: 'metadata.title',
          messages: ['Missing data for required field.', 'Really.'],
        },
        { field: 'files.enabled', messages: ['Missing uploaded files.'] },
      ],
      'A validation error occurred. metadata.title: Missing data for required field. Really.; files.enabled: Missing uploaded files.',
    ],
    [
      'the old shape',
      {
        status: 400,
        message: 'Validation error.',
        errors: [{ code: 10, field: 'metadata.title', message: 'Required.' }],
      },
      [{ field: 'metadata.title', messages: ['Required.'] }],
      'Validation error. metadata.title: Required.',
    ],
    [
      'an error without a field',
      { message: 'No.', errors: [{ messages: ['Bad.'] }] },
      [{ field: '', messages: ['Bad.'] }],
      'No. Bad.',
    ],
    ['only a message', { message: 'Invalid value x.' }, [], 'Invalid value x.'],
    ['a message that is no text', { message: { a: 1 }, errors: 'none' }, [], ''],
    ['errors that are none', { message: 'No.', errors: [null, 3, ['x'], {}] }, [], 'No.'],
    ['JSON that is no object', ['x'], [], ''],
  ])('reads %s', (_, json, fieldErrors, words) => {
    const error = toApiError(LINE, jsonAnswer(400, json))

    expect(error.answer.fieldErrors).toEqual(fieldErrors)
    expect(error.message).toBe(
      `The server answered 400 to ${LINE}${words === '' ? '.' : `: ${words}`}`,
    )
  })

  test.each([
    [
      'a gateway’s page',
      page(
        504,
        '<html>\n<head><style>p { color: red }</style><title>504 Gateway Time-out</title></head>\n<body><script>track()</script><p>504 Gateway\nTime-out</p></body></html>',
      ),
      ': a page that is not JSON: "504 Gateway Time-out".',
    ],
    [
      'a page that never closes its tags',
      page(403, '<p>You are being blocked. <script>x()'),
      ': a page that is not JSON: "You are being blocked. x()".',
    ],
    [
      'a page that has only a title',
      page(502, '<html><head><title>Bad gateway</title></head><body></body></html>'),
      ': a page that is not JSON: "Bad gateway".',
    ],
    ['JSON that breaks off', answer(502, '{"mess'), ': a page that is not JSON: "{"mess".'],
    ['nothing', page(502, ''), ' without a word.'],
    ['nothing with a JSON content type', answer(502, ' \n'), ' without a word.'],
  ])('shows what there is of %s', (_, raw, rest) => {
    const error = toApiError(LINE, raw)

    expect(error.message).toBe(`The server answered ${raw.status} to ${LINE}${rest}`)
    expect(error.answer.serverMessage).toBeUndefined()
  })

  test('shows little of a long page', () => {
    const error = toApiError(LINE, page(500, `<p>${'word '.repeat(100_000)}</p>`))

    expect(error.message.length).toBeLessThan(500)
  })

  test.each([
    ['a page', page(500, 'x##[set-output name=doi]y\r\n::error::z')],
    [
      'JSON',
      jsonAnswer(400, {
        message: 'x##[set-output name=doi]y\r\n::error::z',
        errors: [{ field: '\n::set-output name=a::b', messages: ['##[error]\u2028'] }],
      }),
    ],
  ])('makes the words of %s harmless', (_, raw) => {
    const { message } = toApiError(LINE, raw)

    expect(message).not.toMatch(/[\r\n\u2028]|##\[/)
  })

  test('tells a gateway that forbids from a server that does', () => {
    const page = { status: 403, headers: { 'content-type': 'text/html' }, text: '<p>Blocked</p>' }

    const error = toApiError(LINE, page)

    expect(error.hint).toContain('may block the address of this runner')
  })

  test('names the id under which the server’s people find the request', () => {
    const error = toApiError(LINE, answer(500, '{}', { 'x-request-id': 'abc\n123' }))

    expect(error.hint).toContain('finds the request as abc\\n123.')
  })

  test('keeps how long the server asks to wait', () => {
    const error = toApiError(LINE, answer(429, '{}', { 'retry-after': '30' }))

    expect(error.answer.retryAfterMs).toBe(30_000)
  })

  test.each([
    [400, undefined],
    [401, /token/],
    [403, /token/],
    [404, /deleted or published/],
    [408, /later/],
    [410, /deleted or published/],
    [413, /Split the file/],
    [415, /debug logging/],
    [429, /later/],
    [500, /later/],
    [504, /later/],
  ])('says for a %d what to do next, where that is known', (status, hint) => {
    const error = toApiError(LINE, jsonAnswer(status, { message: 'No.' }))

    if (hint === undefined) expect(error.hint).toBeUndefined()
    else expect(error.hint).toMatch(hint)
  })
})

describe('withoutToken', () => {
  test('hides the token in the body and in every header', () => {
    const raw = answer(500, 'bad s3cr3t-token', {
      'x-request-id': 'r-s3cr3t-token',
      link: ['</a?t=s3cr3t-token>', '</b>'],
      date: undefined,
    })

    expect(withoutToken(raw, 's3cr3t-token')).toMatchObject({
      text: 'bad ***',
      headers: { 'x-request-id': 'r-***', link: ['</a?t=***>', '</b>'], date: undefined },
    })
  })

  test.each([
    ['no token', undefined],
    ['a token that stands in ordinary words', 'bad'],
  ])('leaves an answer alone for %s', (_, token) => {
    const raw = answer(500, 'bad', {})

    expect(withoutToken(raw, token)).toBe(raw)
  })
})
