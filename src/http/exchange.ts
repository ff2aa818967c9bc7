import { NetworkError } from '../errors.ts'
import type { Clock } from '../lib/clock.ts'
import { formatDuration } from '../lib/format.ts'
import { withoutToken, type RawAnswer } from './answer.ts'
import { createBody } from './body.ts'
import { requestLineOf, type Call } from './call.ts'
import type { Connections } from './connections.ts'
import { watchDownload } from './download.ts'
import { toNetworkError } from './network-error.ts'
import { StallClock } from './stall.ts'

/** What one request needs to know of its connection. */
export interface ExchangeOptions {
  readonly origin: string
  /** Name of the setting that holds the origin, for messages. */
  readonly setting: string
  readonly token: string | undefined
  readonly userAgent: string
  readonly clock: Pick<Clock, 'now'>
  readonly stallMs: number
  readonly connections: Connections
  readonly signal: AbortSignal
  readonly onExchange: ((line: string) => void) | undefined
}

/** Sends a call once and returns its answer, whatever that is; tells what came of it. */
export async function exchange(call: Call, options: ExchangeOptions): Promise<RawAnswer> {
  const { clock, onExchange } = options
  const startMs = clock.now()
  const tell = (what: string): void =>
    onExchange?.(`${requestLineOf(call)} → ${what} in ${formatDuration(clock.now() - startMs)}`)
  try {
    const raw = await send(call, options)
    tell(String(raw.status))
    return raw
  } catch (error) {
    tell('no answer')
    throw error
  }
}

async function send(call: Call, options: ExchangeOptions): Promise<RawAnswer> {
  const requestLine = requestLineOf(call)
  const stall = call.upload?.stall ?? new StallClock(options.stallMs)
  const body = createBody(call, stall)
  using watch = stall.watch(() =>
    stalled(call, { stallMs: options.stallMs, isSent: body.sent && call.download === undefined }),
  )
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
    stall.moved()
    return withoutToken(raw, options.token)
  } catch (error) {
    options.signal.throwIfAborted()
    if (watch.signal.aborted) throw watch.signal.reason
    if (body.failure) throw body.failure.error
    if (download.failure) throw download.failure.error
    throw toNetworkError(requestLine, error, {
      origin: options.origin,
      setting: options.setting,
      bodySent: body.sent,
      proxy: options.connections.proxy?.address,
    })
  }
}

function stalled(call: Call, { stallMs, isSent }: Stalled): NetworkError {
  const requestLine = requestLineOf(call)
  const where = isSent ? ': it was sent, and no whole answer came.' : '.'
  const others =
    call.upload === undefined
      ? ''
      : ' Another job may be sending to the same deposit: the server takes one upload at a time.'
  return new NetworkError(
    requestLine,
    `Nothing moved for ${Math.round(stallMs / 1000)} s on ${requestLine}${where}${others}`,
    { bodySent: isSent, hint: 'Re-run the job: it continues where this run stopped.' },
  )
}

interface Stalled {
  readonly stallMs: number
  /** Whether only the answer is missing. */
  readonly isSent: boolean
}

function headersOf(call: Call, { token, userAgent }: ExchangeOptions): Record<string, string> {
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
