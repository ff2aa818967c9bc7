import { readFileSync } from 'node:fs'
import type { Metadata } from '../../src/metadata/metadata.ts'

/** What the real software did with one metadata object (see the README beside the file). */
export interface Recording {
  readonly name: string
  readonly group: string
  readonly verdict: 'ok' | 'altered' | 'lost' | 'refused-put' | 'refused-publish' | 'crash'
  readonly set?: Metadata
  readonly unset?: readonly string[]
  readonly lost?: readonly string[]
  /** What the server said about a value that is not in a vocabulary. */
  readonly message?: string
  /** How the answer differed from what was sent: a path, and its value if it had one. */
  readonly echo?: readonly (readonly [path: string, value?: unknown])[] | null
}

interface Recordings {
  readonly base: Metadata
  readonly cases: readonly Recording[]
}

const { base, cases } = JSON.parse(
  readFileSync('__tests__/fixtures/verdicts/verdicts.json', 'utf8').replaceAll('{ID}', '4711'),
) as Recordings

/** Id of the deposit in the recordings. */
export const RECORDED_ID = '4711'

/** Every recording there is. */
export const RECORDINGS = cases

/** The object that was sent. */
export function toMetadata({ set, unset = [] }: Recording): Metadata {
  const merged = Object.entries({ ...base, ...set }).filter(([name]) => !unset.includes(name))
  return expand(Object.fromEntries(merged)) as Metadata
}

/** The metadata of the server's answer, put together again from what differed. */
export function toEcho(recording: Recording): Metadata {
  const echo = structuredClone(toMetadata(recording)) as Record<string, unknown>
  for (const [path, value] of recording.echo ?? []) setAt(echo, path, value)
  return JSON.parse(JSON.stringify(echo)) as Metadata
}

function setAt(root: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.')
  const last = steps.pop() ?? ''
  let target: Record<string, unknown> = root
  for (const step of steps) target = (target[step] ??= {}) as Record<string, unknown>
  if (value === undefined && !Array.isArray(target)) Reflect.deleteProperty(target, last)
  else target[last] = value
}

interface StandIn {
  readonly repeat: unknown
  readonly times: number
  readonly before?: string
  readonly after?: string
  readonly numbered?: string
}

/** Huge values are recorded as stand-ins. */
function expand(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expand)
  if (typeof value !== 'object' || value === null) return value
  if ('repeat' in value && 'times' in value) return repeat(value as StandIn)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, expand(member)]))
}

function repeat({ repeat: unit, times, before = '', after = '', numbered }: StandIn): unknown {
  if (typeof unit === 'string' && numbered === undefined) {
    return `${before}${unit.repeat(times)}${after}`
  }
  return Array.from({ length: times }, (_, index): unknown =>
    JSON.parse(JSON.stringify(unit).replace(/0(?="[^0]*$)/, String(index))),
  )
}
