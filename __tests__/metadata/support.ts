import type { CheckContext } from '../../src/metadata/checks/context.ts'
import type { Metadata, Problem } from '../../src/metadata/metadata.ts'
import { validate } from '../../src/metadata/validate.ts'

/** The day on which the verdicts were recorded. */
export const TODAY = new Date('2026-11-22T12:00:00Z')

/** Metadata that publishes as it is. */
export const BASE: Metadata = {
  title: 'A test dataset',
  upload_type: 'dataset',
  description: '<p>Some description</p>',
  creators: [{ name: 'Doe, Jane', affiliation: 'Example University' }],
  license: 'cc-by-4.0',
  publication_date: '2026-01-15',
  access_right: 'open',
}

export const CONTEXT: CheckContext = {
  publish: true,
  today: TODAY,
  ownDois: [],
  managedPrefixes: ['10.5281'],
}

export type Judgement = 'error' | 'warning' | 'fine'

/** What is wrong with the base object when these fields are changed (undefined: left out). */
export function findProblems(changes: Metadata, context: Partial<CheckContext> = {}) {
  const metadata = Object.fromEntries(
    Object.entries({ ...BASE, ...changes }).filter(([, value]) => value !== undefined),
  )
  return validate(metadata, 'whole', { ...CONTEXT, ...context })
}

/** The gravest of some problems. */
export function gravest(problems: readonly Pick<Problem, 'severity'>[]): Judgement {
  if (problems.some(({ severity }) => severity === 'error')) return 'error'
  return problems.length > 0 ? 'warning' : 'fine'
}

/** How the base object with these changes is judged. */
export function judge(changes: Metadata, context: Partial<CheckContext> = {}): Judgement {
  return gravest(findProblems(changes, context))
}
