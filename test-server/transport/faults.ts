import type { ReceivedRequest } from './exchange.ts'

/** Something that goes wrong for chosen requests; see the table in ../README.md. */
export interface Fault {
  readonly method?: string
  /** Exact pathname, or with `*` for anything within one segment, or a pattern. */
  readonly path?: string | RegExp
  /** Lets this many matches pass first. */
  readonly skip?: number
  /** How often it strikes; Infinity for always. */
  readonly times?: number
  /** Another answer in place of the work. `readBody: false` answers before the body and closes. */
  readonly answer?: {
    readonly status: number
    readonly headers?: Record<string, string>
    readonly json?: unknown
    readonly html?: string
    readonly readBody?: boolean
  }
  /** Reads so many bytes of the body, then resets the connection. */
  readonly resetAfterBytes?: number
  /** Reads so many bytes of the body, then never more, holding what locks it holds. */
  readonly stallAfterBytes?: number
  /** Does the work and never answers. */
  readonly stallBeforeAnswer?: boolean
  /** Does the work, then closes the connection or answers the gateway's 504 page. */
  readonly loseAnswer?: 'close' | '504'
  /** Stores and reports a wrong md5. */
  readonly corruptChecksum?: boolean
  /** Waits, then goes on normally. */
  readonly delayMs?: number
  /** Answers a redirect to there; `status` chooses another than 302. */
  readonly redirect?: string
  readonly status?: number
  /** Changes the links of a JSON answer. */
  readonly rewriteLinks?: (link: string) => string
  /** Destroys the socket before anything of the body is read. */
  readonly refuseConnection?: boolean
  /** Runs before the work, which goes on normally afterwards. */
  readonly before?: (request: ReceivedRequest) => void | Promise<void>
}

interface Scripted {
  readonly fault: Fault
  matches: number
  hits: number
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')

function fits({ method, path }: Fault, request: Pick<ReceivedRequest, 'method' | 'path'>): boolean {
  if (method !== undefined && method !== request.method) return false
  if (path === undefined) return true
  if (typeof path === 'string') {
    return new RegExp(`^${path.split('*').map(escaped).join('[^/]*')}$`).test(request.path)
  }
  return new RegExp(path.source, path.flags.replace(/[gy]/g, '')).test(request.path)
}

/** The faults of one server. The first one that matches and has hits left wins. */
export class FaultBook {
  readonly #scripted: Scripted[] = []

  add(fault: Fault): { readonly hits: number } {
    const scripted = { fault, matches: 0, hits: 0 }
    this.#scripted.push(scripted)
    return scripted
  }

  clear(): void {
    this.#scripted.length = 0
  }

  /** The fault that strikes this request, if any; counts the match and the hit. */
  take(request: Pick<ReceivedRequest, 'method' | 'path'>): Fault | undefined {
    for (const scripted of this.#scripted) {
      const { skip = 0, times = 1 } = scripted.fault
      if (scripted.hits >= times || !fits(scripted.fault, request)) continue
      scripted.matches += 1
      if (scripted.matches <= skip) continue
      scripted.hits += 1
      return scripted.fault
    }
    return undefined
  }
}
