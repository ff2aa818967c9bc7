/* Random histories of one repository: what its workflow runs are told, what goes wrong, what people do meanwhile. */

import { createRandom } from '../soak-plan.ts'

export type Access = 'open' | 'restricted'

/** What goes wrong at the n-th request of a run. */
export interface Trouble {
  readonly at: number
  readonly kind: (typeof TROUBLES)[number]
}

/** A deposit that is named; `pick` chooses among those that there are. */
export interface Named {
  readonly as: 'id' | 'concept' | 'doi'
  readonly what: 'draft' | 'record'
  readonly pick: number
}

/** A run of the step. */
export interface Run {
  readonly kind: 'run'
  /** A tag, `v1`, or the id of a run without one, `101`. */
  readonly identity: string
  readonly named: Named | undefined
  readonly metadata: {
    readonly from: 'file' | 'inline' | 'nowhere'
    readonly title: string
    readonly version: string | undefined
    readonly access: Access | undefined
  }
  /** Generation of the content by key; undefined if the step names no files. */
  readonly files: Readonly<Record<string, number>> | undefined
  readonly inputs: Readonly<Record<string, string>>
  readonly dryRunFirst: boolean
  /** Without trouble it is run twice, of which nobody may see anything. */
  readonly isTwice: boolean
  readonly trouble: readonly Trouble[]
}

/** The same run once more: same commit, same inputs, files perhaps built anew. */
export interface Rerun {
  readonly kind: 'rerun'
  readonly pick: number
  readonly isRebuilt: boolean
  readonly trouble: readonly Trouble[]
}

/** What a person does in the browser. */
export interface Deed {
  readonly kind: 'person'
  readonly deed: (typeof DEEDS)[number]
  readonly pick: number
}

export type Step = Run | Rerun | Deed
export type History = readonly Step[]

export const TROUBLES = [
  'answer lost',
  '504, but done',
  '500',
  '502 page',
  'connection closed',
  'network gone',
  'answer lost, then network gone',
  'cancelled, but done',
  'cancelled, not done',
] as const

export const DEEDS = [
  'publish a draft',
  'delete a draft',
  'retitle a draft',
  'add a file',
  'begin a next version',
  'begin a next version with the files',
  'begin an edit',
] as const

/** The history that belongs to a seed. */
export function planHistory(seed: number): History {
  const random = createRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const chance = (probability: number): boolean => random() < probability
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T
  const sometimes = <T>(probability: number, value: () => T): T | undefined =>
    chance(probability) ? value() : undefined

  const trouble = (): readonly Trouble[] =>
    chance(0.5)
      ? Array.from({ length: 1 + below(2) }, () => ({ at: below(28), kind: pick(TROUBLES) }))
      : []

  const files = (): Readonly<Record<string, number>> => {
    const keys = ['a', 'b', 'c'].filter(() => chance(0.6))
    return Object.fromEntries((keys.length > 0 ? keys : ['a']).map((key) => [key, below(3)]))
  }

  const optional = (name: string, probability: number, values: readonly string[]) =>
    chance(probability) ? { [name]: pick(values) } : {}

  let runs = 100
  const run = (): Run => ({
    kind: 'run',
    identity: chance(0.55) ? pick(['v1', 'v2', 'v3']) : chance(0.4) ? '101' : String((runs += 1)),
    named: sometimes(0.55, () => ({
      as: pick(['id', 'concept', 'concept', 'doi'] as const),
      what: pick(['draft', 'record', 'record'] as const),
      pick: below(6),
    })),
    metadata: {
      from: pick(['file', 'file', 'file', 'inline', 'nowhere'] as const),
      title: pick(['Rivers', 'Rivers', 'Rivers', 'Lakes']),
      version: sometimes(0.25, () => pick(['1.0', '2.0'])),
      access: sometimes(0.3, () => pick(['restricted', 'restricted', 'open'] as const)),
    },
    files: sometimes(0.85, files),
    inputs: {
      publish: String(chance(0.65)),
      retries: pick(['0', '0', '2', '5']),
      ...optional('version', 0.15, ['1.0', '2.0', '3.0']),
      ...optional('existing-files', 0.25, ['keep', 'error']),
      ...optional('if-unchanged', 0.25, ['error', 'publish']),
      ...optional('if-published', 0.2, ['update-metadata', 'update-metadata', 'error']),
    },
    dryRunFirst: chance(0.25),
    isTwice: chance(0.25),
    trouble: trouble(),
  })
  const step = (n: number): Step => {
    const kind = random()
    if (n === 0 || kind < 0.5) return run()
    if (kind < 0.75)
      return { kind: 'rerun', pick: below(8), isRebuilt: chance(0.5), trouble: trouble() }
    return { kind: 'person', deed: pick(DEEDS), pick: below(6) }
  }
  return Array.from({ length: 3 + below(6) }, (_, n) => step(n))
}

/** Smaller histories that may show the same, the most daring first. */
export function* shrink(history: History): Generator<History> {
  for (const n of history.keys()) yield history.toSpliced(n, 1)
  for (const [n, step] of history.entries()) {
    for (const simpler of simplify(step)) yield history.with(n, simpler)
  }
}

function* simplify(step: Step): Generator<Step> {
  if (step.kind === 'person') return
  for (const n of step.trouble.keys()) yield { ...step, trouble: step.trouble.toSpliced(n, 1) }
  if (step.kind === 'rerun') {
    if (step.isRebuilt) yield { ...step, isRebuilt: false }
    return
  }
  if (step.dryRunFirst) yield { ...step, dryRunFirst: false }
  if (step.isTwice) yield { ...step, isTwice: false }
  const { named } = step
  if (named) yield { ...step, named: undefined }
  if (named && named.as !== 'id') yield { ...step, named: { ...named, as: 'id' } }
  if (named && named.pick > 0) yield { ...step, named: { ...named, pick: 0 } }
  for (const name of Object.keys(step.inputs)) {
    const inputs = Object.entries(step.inputs).filter(([other]) => other !== name)
    yield { ...step, inputs: Object.fromEntries(inputs) }
  }
  const { metadata, files } = step
  if (metadata.access) yield { ...step, metadata: { ...metadata, access: undefined } }
  if (metadata.version) yield { ...step, metadata: { ...metadata, version: undefined } }
  if (metadata.title !== 'Rivers') yield { ...step, metadata: { ...metadata, title: 'Rivers' } }
  if (metadata.from !== 'file') yield { ...step, metadata: { ...metadata, from: 'file' } }
  if (files && Object.keys(files).length > 1) yield { ...step, files: { a: 0 } }
}
