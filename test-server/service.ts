import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Settings } from './options.ts'
import { ROUTES } from './routes.ts'
import { World } from './state/world.ts'
import { crash, Refusal, type Answer } from './transport/answer.ts'
import { BodyLost } from './transport/body.ts'
import { identify, refuseForged, toReceived } from './transport/caller.ts'
import { Exchange, type ReceivedRequest } from './transport/exchange.ts'
import { FaultBook, type Fault } from './transport/faults.ts'
import { RateLimiter } from './transport/rate-limit.ts'
import { Router } from './transport/routing.ts'
import { distort, send, toScriptedAnswer, withHeaders } from './transport/send.ts'

const router = new Router(ROUTES)

/** Takes requests, lets faults and handlers at them, and sends what comes out. */
export class Service {
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
    const isAnswering = response?.req.complete === true && !response.writableFinished
    if (!response || !isAnswering) socket.destroy()
    else response.once('close', () => socket.destroy()).shouldKeepAlive = false
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = toReceived(request, this.world.settings.tokens)
    this.requests.push(received)
    const fault = this.faults.take(received)
    if (fault?.refuseConnection) {
      request.socket.destroy()
      return
    }
    const { latencyMs, sleep } = this.world.settings
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs)
    const exchange = new Exchange({ world: this.world, request, received, fault })
    const answer = distort(await this.#answer(exchange, request), fault)
    if (latencyMs > 0) await sleep(latencyMs)
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
    const isCut = endsTheBody(fault)
    if (isCut && !hasBody(request)) await exchange.body.bytes()
    const answer = await this.#work(exchange, request)
    // A handler that never read the body does not escape the fault.
    if (isCut) await exchange.body.bytes()
    return answer
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
