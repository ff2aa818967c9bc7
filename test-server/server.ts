import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { toSettings, type Settings, type ZenodoOptions } from './options.ts'
import { ROUTES } from './routes.ts'
import { World } from './state/world.ts'
import { identify, refuseForged } from './transport/caller.ts'
import { crash, Refusal, type Answer } from './transport/answer.ts'
import { BodyLost } from './transport/body.ts'
import { Exchange, type ReceivedRequest } from './transport/exchange.ts'
import { FaultBook, type Fault } from './transport/faults.ts'
import { RateLimiter } from './transport/rate-limit.ts'
import { Router } from './transport/routing.ts'
import { distort, pause, send, toScriptedAnswer, withHeaders } from './transport/send.ts'
import { toView, type DepositView } from './view.ts'

export type { DepositView } from './view.ts'
export type { Fault } from './transport/faults.ts'
export type { ReceivedRequest } from './transport/exchange.ts'
export type { ZenodoOptions } from './options.ts'

/** A running Zenodo: where it is, what it received, what it holds, and what is to go wrong. */
export interface Zenodo extends AsyncDisposable {
  /** Origin, without a trailing slash. */
  readonly url: string
  readonly tokens: Readonly<Record<string, string>>
  /** In order of arrival; every request, also those a fault struck. */
  readonly requests: readonly ReceivedRequest[]
  /** All versions of all concepts: drafts and records. */
  deposits(): readonly DepositView[]
  deposit(id: number | string): DepositView | undefined
  /** Scripts something that goes wrong; the first fault that matches and has hits left wins. */
  fault(fault: Fault): { readonly hits: number }
  clearFaults(): void
  /** Destroys all connections and stops listening. */
  close(): Promise<void>
}

/** Starts a Zenodo over a real socket, with empty state. */
export async function startZenodo(options: ZenodoOptions = {}): Promise<Zenodo> {
  const { host = '127.0.0.1', port = 0, tls, keepAliveMs = 5000 } = options
  const service = new Service(toSettings(options))
  const server = tls ? createTlsServer(tls) : createServer()
  server.keepAliveTimeout = keepAliveMs
  server.keepAliveTimeoutBuffer = 0
  server.requestTimeout = 0
  server.on('request', service.listener)
  server.on('clientError', (_error, socket) => service.closeWhenIdle(socket))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const origin = `${tls ? 'https' : 'http'}://${host}:${(server.address() as AddressInfo).port}`
  service.world.settings.baseUrl ||= origin
  return toZenodo(service, server, origin)
}

function toZenodo(service: Service, server: Server, url: string): Zenodo {
  const { world, faults, requests } = service
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  return {
    url,
    tokens: world.settings.tokens,
    requests,
    deposits: () => world.deposits().map(toView),
    deposit: (id) => {
      const deposit = world.findDeposit(String(id))
      return deposit && toView(deposit)
    },
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const router = new Router(ROUTES)

/** Takes requests, lets faults and handlers at them, and sends what comes out. */
class Service {
  readonly world: World
  readonly faults = new FaultBook()
  readonly requests: ReceivedRequest[] = []
  readonly #limiter: RateLimiter
  readonly #open = new WeakMap<object, ServerResponse>()

  constructor(settings: Settings) {
    this.world = new World(settings)
    this.#limiter = new RateLimiter(settings.rateLimit)
  }

  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    this.#open.set(request.socket, response)
    this.#serve(request, response).catch((error: unknown) => {
      if (!(error instanceof BodyLost)) response.destroy(error as Error)
      else request.socket.destroy()
    })
  }

  /** After bytes that are no request (a body longer than announced) the open answer still goes out. */
  closeWhenIdle(socket: { destroy: () => unknown }): void {
    const response = this.#open.get(socket)
    if (!response || response.writableFinished) socket.destroy()
    else response.once('close', () => socket.destroy()).shouldKeepAlive = false
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = toReceived(request, this.world.settings)
    this.requests.push(received)
    const fault = this.faults.take(received)
    if (fault?.refuseConnection) {
      request.socket.destroy()
      return
    }
    if (fault?.delayMs !== undefined) await pause(fault.delayMs)
    const exchange = new Exchange({ world: this.world, request, received, fault })
    const answer = distort(await this.#answer(exchange, request), fault)
    await pause(this.world.settings.latencyMs)
    if (fault?.stallBeforeAnswer) return
    if (!answer || request.socket.destroyed) request.socket.destroy()
    else {
      received.status = answer.status
      if (fault?.answer?.readBody === false) response.shouldKeepAlive = false
      await send(response, answer)
    }
  }

  async #answer(exchange: Exchange, request: IncomingMessage): Promise<Answer> {
    const { fault, received } = exchange
    await fault?.before?.(received)
    const scripted = toScriptedAnswer(fault)
    if (scripted) {
      if (fault?.answer?.readBody !== false) await exchange.body.bytes()
      return withHeaders(scripted, requestId())
    }
    if (endsTheBody(fault) && !hasBody(request)) await exchange.body.bytes()
    return this.#work(exchange, request)
  }

  async #work(exchange: Exchange, request: IncomingMessage): Promise<Answer> {
    const { method, path } = exchange.received
    try {
      const match = router.find(method, path)
      const standing = this.#limiter.count(
        ...identify(exchange, request.socket.remoteAddress),
        performance.now(),
      )
      const headers = { ...standing.headers, ...requestId() }
      if (standing.refusal) return withHeaders(standing.refusal, headers)
      return withHeaders(await handle(match, exchange), headers)
    } catch (error) {
      return withHeaders(toAnswer(error), requestId())
    }
  }
}

async function handle(match: ReturnType<Router['find']>, exchange: Exchange): Promise<Answer> {
  if (match.kind === 'answer') return match.answer
  try {
    refuseForged(exchange)
    return await match.handler(exchange, match.params)
  } catch (error) {
    return toAnswer(error)
  }
}

/** Refusals are answers; a lost body is none; anything else is a bug of this server, told as such. */
function toAnswer(error: unknown): Answer {
  if (error instanceof Refusal) return error.answer
  if (error instanceof BodyLost) throw error
  process.emitWarning(error instanceof Error ? error : String(error))
  return crash().answer
}

const requestId = (): Record<string, string> => ({
  'x-request-id': randomUUID().replaceAll('-', ''),
})

const endsTheBody = (fault: Fault | undefined): boolean =>
  fault?.resetAfterBytes !== undefined || fault?.stallAfterBytes !== undefined

const hasBody = (request: IncomingMessage): boolean =>
  request.headers['transfer-encoding'] !== undefined ||
  Number(request.headers['content-length'] ?? 0) > 0

function toReceived(request: IncomingMessage, { tokens }: Settings): ReceivedRequest {
  const { method = 'GET', url = '/', headers } = request
  const [path = '/', ...rest] = url.split('?')
  const query = rest.join('?')
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  const token = bearer ?? new URLSearchParams(query).get('access_token')
  const user = Object.keys(tokens).find((name) => tokens[name] === token)
  const flat = Object.entries(headers).map(([name, value]) => [name, value?.toString()])
  return {
    method,
    path,
    query,
    headers: Object.fromEntries(flat) as Record<string, string | undefined>,
    user,
    body: undefined,
    bytesReceived: 0,
    status: undefined,
  }
}
