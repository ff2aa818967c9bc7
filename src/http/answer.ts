import { ApiError, type FieldError } from '../errors.ts'
import { asList, asObject, asText } from '../lib/json.ts'
import { toPrintable } from '../lib/printable.ts'

/** What came back, with the body as text. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** It was so long that nobody read it to the end. */
  readonly isCut?: true
}

/** A header's value, the first where it stands twice. */
export const firstOf = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

/** The body as JSON, or undefined if it is none: gateways answer HTML. */
export function parseJson(answer: RawAnswer): unknown {
  if (!/json/i.test(firstOf(answer.headers['content-type']) ?? '')) return undefined
  try {
    return JSON.parse(answer.text) as unknown
  } catch {
    return undefined
  }
}

/** A 403 is GitHub's way of saying that nothing is left of the limit. */
const asksToWait = ({ status, headers }: RawAnswer): boolean =>
  status === 429 ||
  status === 503 ||
  (status === 403 && firstOf(headers['x-ratelimit-remaining']) === '0')

/** How long an answer asks to wait. `Retry-After` stands on successes too (docs/server.md#rate-limits), so nobody else may ask. */
export function parseRetryAfter(answer: RawAnswer, nowMs: number = Date.now()): number | undefined {
  if (!asksToWait(answer)) return undefined
  const after = firstOf(answer.headers['retry-after'])
  if (after !== undefined && /^\d+$/.test(after)) return Number(after) * 1000
  if (after !== undefined && after.endsWith(' GMT') && !Number.isNaN(Date.parse(after))) {
    return Math.max(0, Date.parse(after) - nowMs)
  }
  const reset = firstOf(answer.headers['x-ratelimit-reset'])
  if (reset === undefined || !/^\d+$/.test(reset)) return undefined
  return Math.max(0, Number(reset) * 1000 - nowMs)
}

/** Field errors in both shapes the server has used: `messages[]` and `message` (docs/server.md#errors). */
export function parseFieldErrors(json: unknown): readonly FieldError[] {
  return asList(asObject(json)['errors']).flatMap((item) => {
    const { field, messages, message } = asObject(item)
    const all = [...asList(messages), message].filter((text) => typeof text === 'string')
    return all.length === 0 ? [] : [{ field: asText(field) ?? '', messages: all }]
  })
}

/** Of a page that is longer than this nobody reads the rest. */
const MAX_PAGE_LENGTH = 20_000

const plainText = (html: string): string => {
  const page = html.slice(0, MAX_PAGE_LENGTH).replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
  const body = toText(page.replace(/<title[\s\S]*?<\/title>/gi, ' ')) // which the heading repeats
  return toPrintable(body || toText(page), 300)
}

const toText = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

const describe = (errors: readonly FieldError[]): string =>
  errors
    .map(({ field, messages }) => [...(field ? [`${field}:`] : []), ...messages].join(' '))
    .join('; ')

/** The server's own words as the end of a sentence. */
function wordsOf(answer: RawAnswer, json: unknown, fieldErrors: readonly FieldError[]): string {
  if (answer.text.trim() === '') return ' without a word.'
  if (json === undefined) return `: a page that is not JSON: "${plainText(answer.text)}".`
  const words = [asText(asObject(json)['message']), describe(fieldErrors)].filter(Boolean).join(' ')
  return words === '' ? '.' : `: ${toPrintable(words)}`.replace(/([^.!?…])$/, '$1.')
}

/** An answer of 400 or more as an error: what was asked, the status, and the server's own words. */
export function toApiError(requestLine: string, answer: RawAnswer): ApiError {
  const json = parseJson(answer)
  const serverMessage = asText(asObject(json)['message'])
  const fieldErrors = parseFieldErrors(json)
  const message = `The server answered ${answer.status} to ${requestLine}${wordsOf(answer, json, fieldErrors)}`
  return new ApiError(
    message,
    {
      status: answer.status,
      requestLine,
      serverMessage,
      fieldErrors,
      retryAfterMs: parseRetryAfter(answer),
    },
    { hint: hintFor(answer, json, serverMessage) },
  )
}

function hintFor(
  { status, headers }: RawAnswer,
  json: unknown,
  serverMessage: string | undefined,
): string | undefined {
  // What parallel writers get, whatever they sent (docs/server.md#conflicts).
  if (status === 400 && serverMessage === 'Not a valid value.') {
    return 'Another job or person may be changing the same draft at this moment. Re-run the job when they are done; a concurrency group in the workflow keeps jobs apart.'
  }
  if (status === 403 && json === undefined) {
    return 'Something before the server has refused the request: it may block the address of this runner. Re-run the job later, or from another runner.'
  }
  if (status === 429) return 'The rate limit is used up. Re-run the job later: it continues.'
  if (status === 408 || status >= 500) {
    const id = firstOf(headers['x-request-id'])
    const known =
      id === undefined ? '' : ` Its support finds the request as ${toPrintable(id, 100)}.`
    return `The server has trouble. Re-run the job later: it continues where this run stopped.${known}`
  }
  return HINTS[status]
}

const TOKEN_HINT =
  'Check that the token belongs to this instance (zenodo.org and sandbox.zenodo.org have separate ones), has the scopes deposit:write and deposit:actions, and that its account may change this deposit.'
const UNUSUAL_HINT =
  'Zenodo does not answer so in the ordinary way. Re-run the job; if it stays, run it with debug logging, which shows every request, and report it.'
const GONE_HINT =
  'It may have been deleted or published meanwhile, by another run or a person. Look at it before running the step again.'

/** What to do about a refusal that says it all with its status. */
const HINTS: Readonly<Record<number, string | undefined>> = {
  401: TOKEN_HINT,
  403: TOKEN_HINT,
  404: GONE_HINT,
  405: UNUSUAL_HINT,
  410: GONE_HINT,
  411: UNUSUAL_HINT,
  413: 'The server, or a proxy before it, takes no request of this size. Split the file, or ask whoever runs it.',
  415: UNUSUAL_HINT,
}

/** Shorter ones stand in ordinary words. */
const TOKEN_AT_LEAST = 8

/** A server may repeat the token in what it says; nobody else gets to read that. */
export function withoutToken(raw: RawAnswer, token: string | undefined): RawAnswer {
  if (token === undefined || token.length < TOKEN_AT_LEAST) return raw
  const hide = (text: string): string => text.replaceAll(token, '***')
  const headers = Object.entries(raw.headers).map(([name, value]) => {
    return [name, Array.isArray(value) ? value.map(hide) : value && hide(value)] as const
  })
  return { ...raw, text: hide(raw.text), headers: Object.fromEntries(headers) }
}
