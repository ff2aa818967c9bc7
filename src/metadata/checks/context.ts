import type { Metadata, Path, Problem } from '../metadata.ts'

/** What the checks know besides the metadata. */
export interface CheckContext {
  readonly publish: boolean
  readonly today: Date
  /** DOIs the deposit has or will have; any other with a prefix of the instance is refused. */
  readonly ownDois: readonly string[]
  /** DOI prefixes that the instance manages. */
  readonly managedPrefixes: readonly string[]
}

/** One rule that the schema cannot say. Values of a wrong type are the schema's business and pass. */
export type Check = (metadata: Metadata, context: CheckContext) => readonly Problem[]

/** A problem that makes the server refuse, crash, or damage the record. */
export function refused(path: Path, problem: string): Problem {
  return { severity: 'error', path, problem }
}

/** A problem that the server passes over, losing or misreading what is meant. */
export function lost(path: Path, problem: string): Problem {
  return { severity: 'warning', path, problem }
}

/** The items of a list with their paths; none if it is no list. */
export function itemsOf(metadata: Metadata, field: string): readonly (readonly [unknown, Path])[] {
  const list = metadata[field]
  if (!Array.isArray(list)) return []
  return list.map((item: unknown, index) => [item, [field, index]] as const)
}
