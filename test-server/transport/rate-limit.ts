import { json, type Answer } from './answer.ts'

/** How many requests one caller may make in a window, and what it is told about that. */
export interface Allowance {
  readonly limit: number
  readonly windowMs: number
}

export interface Standing {
  readonly headers: Readonly<Record<string, string>>
  readonly refusal: Answer | undefined
}

/** The limits of the real server where the test sets none; then nobody is refused. */
const DOCUMENTED = { guest: 133, user: 1000, search: 30 } as const
const MINUTE_MS = 60_000

/** Counts requests in moving windows, by whatever key the caller is known by. */
export class RateLimiter {
  readonly #allowance: Allowance | undefined
  readonly #seen = new Map<string, number[]>()

  constructor(allowance: Allowance | undefined) {
    this.#allowance = allowance
  }

  /** Notes a request of `kind`; the key is User-Agent and address, never the token. */
  count(kind: keyof typeof DOCUMENTED, caller: string, nowMs: number): Standing {
    const { limit: given, windowMs } = this.#allowance ?? { limit: Infinity, windowMs: MINUTE_MS }
    const limit = Math.min(given, this.#allowance && kind !== 'search' ? given : DOCUMENTED[kind])
    const key = `${kind} ${caller}`
    const recent = (this.#seen.get(key) ?? []).filter((time) => time > nowMs - windowMs)
    const isOver = this.#allowance !== undefined && recent.length >= limit
    if (!isOver) recent.push(nowMs)
    this.#seen.set(key, recent.slice(-limit))
    const waitMs = windowMs - (nowMs - (recent[0] ?? nowMs))
    const remaining = Math.max(0, limit - recent.length)
    const headers = toHeaders({ limit, remaining, waitMs })
    return { headers, refusal: isOver ? tooMany(limit, windowMs) : undefined }
  }
}

function toHeaders(standing: {
  limit: number
  remaining: number
  waitMs: number
}): Readonly<Record<string, string>> {
  const { limit, remaining, waitMs } = standing
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.ceil((Date.now() + waitMs) / 1000)),
    // Present on successes too: only a 429 or 503 means it.
    'retry-after': String(Math.max(0, Math.ceil(waitMs / 1000))),
  }
}

function tooMany(limit: number, windowMs: number): Answer {
  const window = windowMs === MINUTE_MS ? '1 minute' : `${Math.ceil(windowMs / 1000)} second`
  return json(429, { message: `${limit} per ${window}`, status: 429 })
}
