import { ApiError, NetworkError, ProtocolError } from '../errors.ts'
import type { Clock } from '../lib/clock.ts'
import { toPrintable } from '../lib/printable.ts'
import { firstOf, parseJson, toApiError, type RawAnswer } from './answer.ts'
import { requestLineOf, type Answer, type Call } from './call.ts'
import { connect, type Connections } from './connections.ts'
import { exchange } from './exchange.ts'
import { SharedPause } from './pause.ts'
import { MAX_REQUESTED_WAIT_MS, backOff, isTransient, retry } from './retry.ts'

export interface HttpOptions {
  /** `https://zenodo.org`, without a trailing slash. */
  readonly origin: string
  /** Name of the setting that holds the origin, for messages; `server-url` unless given. */
  readonly setting?: string
  readonly token: string | undefined
  readonly userAgent: string
  /** Further attempts for requests that may be repeated. */
  readonly retries: number
  readonly clock: Clock
  /** After this long without a byte a request is given up. */
  readonly stallMs?: number
  readonly onRetry?: (error: unknown, delayMs: number, count: number) => void
  /** Hears what came of every request, for whoever looks for a fault: `GET /api/… → 200 in 0.1 s`. */
  readonly onExchange?: ((line: string) => void) | undefined
  /** Proxies are honoured as the environment says; none otherwise. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

export interface Http extends AsyncDisposable {
  readonly origin: string
  readonly clock: Clock
  readonly stallMs: number
  /** Further attempts for requests that may be repeated. */
  readonly retries: number
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
export const createHttp = (options: HttpOptions): Http => new Connected(options)

class Connected implements Http {
  readonly origin: string
  readonly clock: Clock
  readonly stallMs: number
  readonly retries: number
  readonly #options: HttpOptions
  readonly #setting: string
  readonly #pause: SharedPause
  readonly #connections: Connections
  readonly #closing = new AbortController()

  constructor(options: HttpOptions) {
    this.#options = options
    this.origin = options.origin
    this.clock = options.clock
    this.stallMs = options.stallMs ?? STALL_MS
    this.retries = options.retries
    this.#setting = options.setting ?? 'server-url'
    this.#pause = new SharedPause(options.clock)
    this.#connections = connect(options.env ?? {})
  }

  request(call: Call, signal: AbortSignal): Promise<Answer> {
    return this.repeat(
      () => this.send(call, signal),
      signal,
      (error, count) => delayFor(call, error, count, this.clock),
    )
  }

  async send(call: Call, signal: AbortSignal): Promise<Answer> {
    await this.#pause.over(signal)
    const raw = await exchange(call, {
      ...this.#options,
      onExchange: this.#options.onExchange,
      setting: this.#setting,
      stallMs: this.stallMs,
      connections: this.#connections,
      signal,
    })
    refuseOddity(call, raw, this.#setting)
    if (isFine(call, raw)) return toAnswer(raw)
    const error = toApiError(requestLineOf(call), raw)
    const { retryAfterMs } = error.answer
    if (retryAfterMs !== undefined)
      this.#pause.extend(Math.min(retryAfterMs, MAX_REQUESTED_WAIT_MS))
    throw error
  }

  repeat<T>(
    attempt: (count: number) => Promise<T>,
    signal: AbortSignal,
    delay: (error: unknown, count: number) => number | undefined,
  ): Promise<T> {
    const { onRetry } = this.#options
    return retry(attempt, {
      attempts: this.retries + 1,
      signal: AbortSignal.any([signal, this.#closing.signal]),
      clock: this.clock,
      delay,
      ...(onRetry && { onRetry }),
    })
  }

  /** What is still under way, beside something that failed, ends without a word. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('The connections were closed.'))
    return this.#connections.close()
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

/** What no instance would answer. */
function refuseOddity(call: Call, raw: RawAnswer, setting: string): void {
  if (raw.isCut) throw tooLong(call, setting)
  if (isUnexpectedRedirect(call, raw)) throw redirected(call, raw, setting)
}

const isFine = ({ alsoFine = [] }: Call, raw: RawAnswer): boolean =>
  raw.status < 400 || (alsoFine.includes(raw.status) && !isFirewall(raw))

/** A page in the place of the server's own refusal, which is JSON: it tells nothing of what was asked for. */
const isFirewall = (raw: RawAnswer): boolean =>
  raw.status === 403 && raw.text.trim() !== '' && parseJson(raw) === undefined

const isUnexpectedRedirect = ({ mayRedirect }: Call, { status }: RawAnswer): boolean =>
  status >= 300 && status < 400 && mayRedirect !== true

const tooLong = (call: Call, setting: string): ProtocolError =>
  new ProtocolError(
    requestLineOf(call),
    `The server answered ${requestLineOf(call)} with more than 64 MiB, which Zenodo never does.`,
    { hint: `Check ${setting}: it must be the address of the instance itself.` },
  )

function redirected(call: Call, raw: RawAnswer, setting: string): ProtocolError {
  const requestLine = requestLineOf(call)
  const target = toPrintable(toAnswer(raw).location ?? 'nowhere', 200).replace(/[?#].*$/, '')
  return new ProtocolError(
    requestLine,
    `The server redirected ${requestLine} to ${target}, and a request with the token is not followed there.`,
    {
      isRedirect: true,
      hint: `Check ${setting}: it must be the address of the instance itself, not one that forwards.`,
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
