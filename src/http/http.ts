import { ApiError, NetworkError, ProtocolError } from '../errors.ts'
import type { Clock } from '../lib/clock.ts'
import { toPrintable } from '../lib/printable.ts'
import { firstOf, parseJson, toApiError, type RawAnswer, withoutToken } from './answer.ts'
import { createBody, type Upload } from './body.ts'
import { connect, type Connections } from './connections.ts'
import { watchDownload, type Download } from './download.ts'
import { toNetworkError } from './network-error.ts'
import { SharedPause } from './pause.ts'
import { MAX_REQUESTED_WAIT_MS, backOff, isTransient, retry } from './retry.ts'
import { StallClock } from './stall.ts'

/** One request. Paths are below the configured origin; the token goes nowhere else. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute path with query. */
  readonly path: string
  /** Sent as JSON; the server wants the content type without a charset (docs/server.md#content-type). */
  readonly json?: unknown
  readonly upload?: Upload
  readonly download?: Download
  readonly accept?: string
  /** Whether the same request may be sent again when its fate is unknown. A property of the call, not of the status. */
  readonly repeat: boolean
  /** Statuses below 400 are always fine; these as well. */
  readonly alsoFine?: readonly number[]
  /** The answer may be a redirect, which tells something; it is never followed. */
  readonly mayRedirect?: boolean
  /** 400 messages that mean another writer was faster (docs/server.md#conflicts), not that the request is wrong. */
  readonly conflicts?: readonly string[]
}

export interface Answer {
  readonly status: number
  readonly json: unknown
  /** Where a redirect points, as the server wrote it. */
  readonly location: string | undefined
  /** The `Link` header, which tells where the next page is. */
  readonly link: string | undefined
}

export interface HttpOptions {
  /** `https://zenodo.org`, without a trailing slash. */
  readonly origin: string
  readonly token: string | undefined
  readonly userAgent: string
  /** Further attempts for requests that may be repeated. */
  readonly retries: number
  readonly clock: Clock
  /** After this long without a byte a request is given up. */
  readonly stallMs?: number
  readonly onRetry?: (error: unknown, delayMs: number, count: number) => void
  /** Proxies are honoured as the environment says; none otherwise. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

export interface Http extends AsyncDisposable {
  readonly origin: string
  readonly clock: Clock
  readonly stallMs: number
  /** Sends the call, again where it may be repeated, and returns an answer below 400. */
  request(call: Call, signal: AbortSignal): Promise<Answer>
  /** Sends the call once. */
  send(call: Call, signal: AbortSignal): Promise<Answer>
  /** Runs `attempt` until it succeeds, as often as this connection repeats; `delay` says how long to wait, or undefined to give up. */
  repeat<T>(
    attempt: (count: number) => Promise<T>,
    signal: AbortSignal,
    delay: (error: unknown, count: number) => number | undefined,
  ): Promise<T>
}

/** Two minutes without a byte: longer than any healthy pause, shorter than a person's patience. */
const STALL_MS = 120_000

/** The only place that opens connections to the instance. */
export function createHttp(options: HttpOptions): Http {
  const { clock, stallMs = STALL_MS } = options
  const pause = new SharedPause(clock)
  const connections = connect(options.env ?? {})

  async function send(call: Call, signal: AbortSignal): Promise<Answer> {
    await pause.over(signal)
    const raw = await exchange(call, { ...options, stallMs, connections, signal })
    if (raw.isCut) throw tooLong(call)
    if (isUnexpectedRedirect(call, raw)) throw redirected(call, raw)
    if (raw.status < 400 || call.alsoFine?.includes(raw.status)) return toAnswer(raw)
    const error = toApiError(requestLineOf(call), raw)
    const { retryAfterMs } = error.answer
    if (retryAfterMs !== undefined) pause.extend(Math.min(retryAfterMs, MAX_REQUESTED_WAIT_MS))
    throw error
  }

  function repeat<T>(
    attempt: (count: number) => Promise<T>,
    signal: AbortSignal,
    delay: (error: unknown, count: number) => number | undefined,
  ): Promise<T> {
    const { onRetry } = options
    const attempts = options.retries + 1
    return retry(attempt, { attempts, signal, clock, delay, ...(onRetry && { onRetry }) })
  }

  const request = (call: Call, signal: AbortSignal): Promise<Answer> =>
    repeat(
      () => send(call, signal),
      signal,
      (error, count) => delayFor(call, error, count, clock),
    )

  return {
    origin: options.origin,
    clock,
    stallMs,
    request,
    send,
    repeat,
    [Symbol.asyncDispose]: () => connections.close(),
  }
}

/** How long to wait before `call` is sent again after `error`, or undefined if it must not be. */
export function delayFor(
  call: Pick<Call, 'repeat' | 'conflicts'>,
  error: unknown,
  count: number,
  clock: Pick<Clock, 'random'>,
): number | undefined {
  if (isConflict(error, call.conflicts)) return backOff(error, count, clock)
  if (!isTransient(error)) return undefined
  return call.repeat || isUntouched(error) ? backOff(error, count, clock) : undefined
}

/** A 400 that says another writer was faster; repeating after a pause succeeds. */
export function isConflict(error: unknown, messages: readonly string[] = []): boolean {
  if (!(error instanceof ApiError) || error.status !== 400) return false
  const { serverMessage, fieldErrors } = error.answer
  return fieldErrors.length === 0 && messages.includes(serverMessage ?? '')
}

/** The server did not act: it never got the request, or refused it at the door. */
const isUntouched = (error: unknown): boolean =>
  error instanceof NetworkError
    ? !error.bodySent
    : error instanceof ApiError && error.status === 429

/** Method and path without the query: what errors may show. */
export const requestLineOf = ({ method, path }: Pick<Call, 'method' | 'path'>): string =>
  toPrintable(`${method} ${path.replace(/\?.*$/s, '')}`, 300)

interface Exchange extends HttpOptions {
  readonly stallMs: number
  readonly connections: Connections
  readonly signal: AbortSignal
}

async function exchange(call: Call, options: Exchange): Promise<RawAnswer> {
  const requestLine = requestLineOf(call)
  const stall = call.upload?.stall ?? new StallClock(options.stallMs)
  using watch = stall.watch(() => stalled(call, options.stallMs))
  const body = createBody(call, stall)
  const download = watchDownload(call.download, stall)
  try {
    const raw = await options.connections.send(
      {
        method: call.method,
        origin: options.origin,
        path: call.path,
        headers: headersOf(call, options),
        body: body.content,
        take: download.take,
      },
      AbortSignal.any([options.signal, watch.signal]),
    )
    return withoutToken(raw, options.token)
  } catch (error) {
    options.signal.throwIfAborted()
    if (watch.signal.aborted) throw watch.signal.reason
    if (body.failure) throw body.failure.error
    if (download.failure) throw download.failure.error
    throw toNetworkError(requestLine, error, {
      origin: options.origin,
      bodySent: body.sent,
      proxy: options.connections.proxy?.address,
    })
  }
}

function stalled(call: Call, stallMs: number): NetworkError {
  const requestLine = requestLineOf(call)
  const others =
    call.upload === undefined
      ? ''
      : ' Another job may be sending to the same deposit: the server takes one upload at a time.'
  return new NetworkError(
    requestLine,
    `Nothing moved for ${Math.round(stallMs / 1000)} s on ${requestLine}.${others}`,
  )
}

function headersOf(call: Call, { token, userAgent }: HttpOptions): Record<string, string> {
  const contentType = call.upload
    ? 'application/octet-stream'
    : call.json !== undefined
      ? 'application/json'
      : undefined
  return {
    accept: call.accept ?? 'application/json',
    'user-agent': userAgent,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(call.upload && { 'content-length': String(call.upload.sizeBytes) }),
  }
}

const isUnexpectedRedirect = ({ mayRedirect }: Call, { status }: RawAnswer): boolean =>
  status >= 300 && status < 400 && mayRedirect !== true

const tooLong = (call: Call): ProtocolError =>
  new ProtocolError(
    requestLineOf(call),
    `The server answered ${requestLineOf(call)} with more than 64 MiB, which is no answer of Zenodo.`,
    { hint: 'Check that server-url is the address of a Zenodo instance.' },
  )

function redirected(call: Call, raw: RawAnswer): ProtocolError {
  const requestLine = requestLineOf(call)
  const target = toPrintable(toAnswer(raw).location ?? 'nowhere', 200).replace(/[?#].*$/, '')
  return new ProtocolError(
    requestLine,
    `The server redirected ${requestLine} to ${target}, and a request with the token is not followed there.`,
    {
      hint: 'Check server-url: it must be the address of the instance itself, not one that forwards.',
    },
  )
}

function toAnswer(raw: RawAnswer): Answer {
  return {
    status: raw.status,
    json: parseJson(raw),
    location: firstOf(raw.headers['location']),
    link: firstOf(raw.headers['link']),
  }
}

/** A link the server gave, as a path below the configured origin; a link to anywhere else is an error. */
export function pathOfLink(link: string, origin: string, requestLine: string): string {
  const url = URL.canParse(link, origin) ? new URL(link, origin) : undefined
  const isBare = url?.username === '' && url.password === ''
  if (url?.origin === origin && isBare) return `${url.pathname}${url.search}`
  const odd =
    url !== undefined && !isBare
      ? 'a link with a user or password in it.'
      : `a link to another origin: ${toPrintable(url?.origin ?? link, 200)} instead of ${origin}.`
  throw new ProtocolError(requestLine, `The server answered ${requestLine} with ${odd}`, {
    hint: 'The token was not sent there. Check server-url: it must be the address the instance itself uses in its links.',
  })
}
