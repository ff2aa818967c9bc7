import { setTimeout } from 'node:timers/promises'

/** What a test may choose about its Zenodo; everything has a default. */
export interface ZenodoOptions {
  /** 0 (the default) takes any free port. */
  readonly port?: number
  readonly host?: string
  /** User name → token; by default alice and bob with tokens of 60 characters. */
  readonly tokens?: Record<string, string>
  /** What links in answers start with; by default where the server listens. */
  readonly baseUrl?: string
  readonly doiPrefix?: string
  readonly quotaBytes?: number
  /** How long lists and searches keep answering from the past. */
  readonly indexLagMs?: number
  /** Delay before every answer. */
  readonly latencyMs?: number
  /** How long a write holds its locks: makes concurrency observable. */
  readonly workMs?: number
  /** Files up to this size are kept in memory; of larger ones only size and checksum. */
  readonly keepBytes?: number
  /** Keeps the contents of all files in this (existing) folder instead. */
  readonly keepIn?: string
  /** Counts for real and answers 429; without it the headers are sent but nothing is refused. */
  readonly rateLimit?: { readonly limit: number; readonly windowMs: number }
  readonly today?: () => Date
  /** How the delays above are waited for; a test may hold them up. */
  readonly sleep?: (delayMs: number) => Promise<void>
  /** Slugs of communities that exist from the start; they belong to nobody. */
  readonly communities?: readonly string[]
  readonly keepAliveMs?: number
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** The options with their defaults; `baseUrl` is known once the server listens. */
export interface Settings {
  readonly tokens: Readonly<Record<string, string>>
  readonly doiPrefix: string
  readonly quotaBytes: number
  readonly indexLagMs: number
  readonly latencyMs: number
  readonly workMs: number
  readonly keepBytes: number
  readonly keepIn: string | undefined
  readonly rateLimit: { readonly limit: number; readonly windowMs: number } | undefined
  readonly today: () => Date
  readonly sleep: (delayMs: number) => Promise<void>
  readonly communities: readonly string[]
  baseUrl: string
}

const token = (name: string): string => `${name}-token-`.padEnd(60, '0123456789abcdef')

const DEFAULTS: Settings = {
  tokens: { alice: token('alice'), bob: token('bob') },
  doiPrefix: '10.5281',
  quotaBytes: 50e9,
  indexLagMs: 0,
  latencyMs: 0,
  workMs: 1,
  keepBytes: 2 ** 20,
  keepIn: undefined,
  rateLimit: undefined,
  today: () => new Date(),
  // Does not keep the process alive.
  sleep: (delayMs) => setTimeout(delayMs, undefined, { ref: false }),
  communities: [],
  baseUrl: '',
}

/** Fills in the defaults; an option that is present but undefined counts as absent. */
export function toSettings(options: ZenodoOptions): Settings {
  const given = Object.entries(options).filter(
    ([name, value]) => name in DEFAULTS && value !== undefined,
  )
  return { ...DEFAULTS, ...(Object.fromEntries(given) as Partial<Settings>) }
}
