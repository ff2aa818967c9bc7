import type { IncomingMessage } from 'node:http'
import type { World } from '../state/world.ts'
import { badRequest, crash, forbidden, unacceptable, type Answer, NATIVE } from './answer.ts'
import { RequestBody, type BodyLimit } from './body.ts'
import type { Fault } from './faults.ts'

/** A request as the server received it; the last three change while it is being served. */
export interface ReceivedRequest {
  readonly method: string
  /** As sent, without the query. */
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The name of the user whose token it carried. */
  readonly user: string | undefined
  /** The parsed body where it was JSON and the server read it. */
  body: unknown
  /** Bytes of the body that the server took in. */
  bytesReceived: number
  /** Undefined while it is open, and for ever when the connection was cut. */
  status: number | undefined
}

export interface ExchangeParts {
  readonly world: World
  readonly request: IncomingMessage
  readonly received: ReceivedRequest
  readonly fault: Fault | undefined
}

/** One request being served: what handlers see of it. */
export class Exchange {
  readonly world: World
  readonly received: ReceivedRequest
  readonly query: URLSearchParams
  readonly fault: Fault | undefined
  readonly body: RequestBody

  constructor({ world, request, received, fault }: ExchangeParts) {
    this.world = world
    this.received = received
    this.fault = fault
    this.query = new URLSearchParams(received.query)
    this.body = new RequestBody(request, toLimit(fault), (count) => {
      received.bytesReceived += count
    })
  }

  get user(): string | undefined {
    return this.received.user
  }

  header(name: string): string | undefined {
    return this.received.headers[name]
  }

  /** An absolute link of this server. */
  link(path: string): string {
    return `${this.world.settings.baseUrl}${path}`
  }

  /** Refuses unless the client takes one of the media types. */
  accept(...offers: readonly string[]): void {
    if (offers.some((offer) => this.#takes(offer))) return
    const message = `Invalid 'Accept' header. Expected one of: ${offers.join(', ')}`
    throw unacceptable(406, message)
  }

  #takes(offer: string): boolean {
    const accept = this.header('accept')
    if (accept === undefined || accept === '') return true
    const [type] = offer.split('/')
    return accept.split(',').some((entry) => {
      const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase())
      return ['*/*', `${type ?? ''}/*`, offer].includes(range) && !parameters.includes('q=0')
    })
  }

  /** Whether the native JSON is asked for; else Zenodo's own is served. */
  get wantsNative(): boolean {
    return this.header('accept')?.includes(NATIVE) ?? false
  }

  /** Refuses a content type that is neither absent nor exactly this one. */
  contentType(expected: string): void {
    const given = this.header('content-type')
    if (given === undefined || given === '' || given === expected) return
    throw unacceptable(415, `Invalid 'Content-Type' header. Expected one of: ${expected}`)
  }

  /** The JSON body; undefined when there is none. */
  async readJson(): Promise<unknown> {
    this.contentType('application/json')
    const bytes = await this.body.bytes()
    if (bytes.length === 0) return undefined
    const text = decodeUtf8(bytes)
    try {
      this.received.body = JSON.parse(pythonJson(text))
    } catch {
      throw badRequest('Unable to decode JSON data in request body.')
    }
    return this.received.body
  }

  /** The signed-in user; nobody else may go on. */
  getUser(): string {
    if (this.user === undefined) throw forbidden()
    return this.user
  }

  /** Refuses everybody but the owner. */
  allowOnly(owner: string): void {
    if (this.user !== owner) throw forbidden()
  }
}

/** The request handler of a route; `params` are the decoded parts of the path. */
export type Handler = (
  exchange: Exchange,
  params: Readonly<Record<string, string>>,
) => Answer | Promise<Answer>

function toLimit(fault: Fault | undefined): BodyLimit | undefined {
  if (fault?.resetAfterBytes !== undefined) return { bytes: fault.resetAfterBytes, then: 'reset' }
  if (fault?.stallAfterBytes !== undefined) return { bytes: fault.stallAfterBytes, then: 'stall' }
  return undefined
}

/** Strict UTF-8, with or without a byte order mark; other bytes crash the real server. */
function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw crash()
  }
}

/** Python's parser takes NaN and Infinity for numbers; any number does as well. */
function pythonJson(text: string): string {
  const outsideStrings = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g
  return text.replace(outsideStrings, (token) => (token.startsWith('"') ? token : '1e999'))
}
