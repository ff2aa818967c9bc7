import type { Fault } from '../../test-server/server.ts'

/** Numbers from 0 up to, but not, 1; the same for the same seed. (mulberry32) */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export type Start = 'nothing' | 'a draft with other files' | 'a published version'

/** One run of the soak test: what is there, what is wanted, and what goes wrong. */
export interface SoakPlan {
  readonly start: Start
  readonly publish: boolean
  readonly retries: number
  readonly concurrency: number
  /** Size by key. */
  readonly files: ReadonlyMap<string, number>
  /** Keys that are there from the start: some with the same bytes, some with others, some unwanted. */
  readonly before: { readonly same: number; readonly other: number; readonly unwanted: number }
  readonly faults: readonly Fault[]
}

const LARGEST = 9e6
const SIZES = [1, 2000, 70_000, 600_000, 3e6, LARGEST]
const STARTS: readonly Start[] = ['nothing', 'a draft with other files', 'a published version']

const answer = (status: number, message: string, readBody = true): Fault => ({
  answer: { status, json: { status, message }, readBody, headers: { 'retry-after': '1' } },
})
const page = (status: number): Fault => ({ answer: { status, html: `<h1>${status}</h1>` } })

const ANYWHERE: readonly Fault[] = [
  answer(408, 'Request Timeout'),
  answer(429, '1000 per 1 minute'),
  answer(500, 'The server encountered an internal error'),
  page(502),
  page(503),
  page(504),
  { loseAnswer: 'close' },
  { loseAnswer: '504' },
  { stallBeforeAnswer: true },
  { refuseConnection: true },
  { delayMs: 30 },
]

const UPLOADS: readonly Fault[] = [
  ...ANYWHERE,
  { resetAfterBytes: 1000 },
  { resetAfterBytes: 0 },
  { resetAfterBytes: 2e6 },
  // A server that stops long before the end does not hear that its client has gone.
  { stallAfterBytes: LARGEST - 1000 },
  { corruptChecksum: true },
  answer(400, 'Not a valid value.'),
  answer(400, 'Bucket quota exceeded.', false),
  answer(403, 'Permission denied.'),
]

/** The plan that belongs to a seed. */
export function planSoak(seed: number): SoakPlan {
  const random = createRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const pick = <T>(items: readonly T[], fallback: T): T => items[below(items.length)] ?? fallback
  const count = 1 + below(8)
  const keys = Array.from({ length: count }, (_, n) => `f${n}.bin`)
  const fault = (): Fault => {
    const isUpload = random() < 0.6
    const times = random() < 0.1 ? Infinity : 1 + below(3)
    return isUpload
      ? { ...pick(UPLOADS, {}), method: 'PUT', path: '/api/files/*/*', skip: below(6), times }
      : { ...pick(ANYWHERE, {}), skip: below(25), times }
  }
  return {
    start: pick(STARTS, 'nothing'),
    publish: random() < 0.5,
    retries: below(6),
    concurrency: 1 + below(8),
    files: new Map(keys.map((key) => [key, pick(SIZES, 1)])),
    before: { same: below(3), other: below(3), unwanted: below(3) },
    faults: Array.from({ length: 1 + below(5) }, fault),
  }
}
