import type { Place } from '../errors.ts'
import { isObject } from '../lib/json.ts'

/** Deposit metadata in the server's (legacy deposit) form, without the `metadata` wrapper. */
export type Metadata = Readonly<Record<string, unknown>>

/** Steps from the root of a document to a value: keys and list indexes. */
export type Path = readonly (string | number)[]

/** What only the instance can tell, so that a finding with it is a doubt and not a verdict. */
export interface Lookup {
  readonly kind: 'community' | 'award'
  /** Slug of the community, or id of the award with the funder's ROR id (`00k4n6c32::283595`). */
  readonly id: string
}

/** One thing that is wrong with metadata, where the user wrote it. */
export interface Finding {
  readonly severity: 'error' | 'warning'
  /** Dotted path as in the file, e.g. `creators.0.orcid`. */
  readonly field: string
  /** One sentence that names the field and the value, and what is accepted. */
  readonly problem: string
  readonly place: Place
  /** Present if the instance can settle it: where the server knows this id, the finding is void. */
  readonly lookup?: Lookup
}

/** A finding before it is known where the value was written. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly path: Path
  /** The sentence, without the field's name. */
  readonly problem: string
  readonly lookup?: Lookup
  /** Of a field that does not exist: the one that it probably stands for. */
  readonly meant?: string | undefined
}

/** `creators.0.orcid` for `['creators', 0, 'orcid']`. */
export function toField(path: Path): string {
  return path.join('.')
}

/** The reverse of `toField`; list indexes become numbers. */
export function toPath(field: string): Path {
  if (field === '') return []
  return field.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}

/** True for values that the server takes for "not given" wherever it asks for truth: null, false, 0, and what is empty. */
export function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (isObject(value)) return Object.keys(value).length === 0
  return value === undefined || value === null || value === '' || value === false || value === 0
}

/** The entry of a table under a key that comes from outside, which may be the name of something every object has. */
export function entryOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
