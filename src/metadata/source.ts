import type { Place } from '../errors.ts'
import type { Finding, Metadata, Path } from './metadata.ts'

/** Where a value was written: the field by the name it has there, and the place. */
export interface Origin {
  readonly field: string
  readonly place: Place
}

/** Metadata from one file or input, in the deposit's form, with the way back to what the user wrote. */
export interface Source {
  /** How the log calls it: `.zenodo.json`, `input version`. */
  readonly name: string
  /** undefined if it cannot be read; `findings` then says why. */
  readonly metadata: Metadata | undefined
  /** Problems of reading and converting; not of the values. */
  readonly findings: readonly Finding[]
  /** Fields it gives in a way that cannot be converted, so that they are not missing although they are not there. */
  readonly unread?: readonly string[]
  /** DOIs it names as its own. */
  readonly dois: readonly string[]
  /** It can give no other field than the one it gives. */
  readonly isSingle?: true
  /** For a path in `metadata`, where its value was written, or the nearest value around it. */
  locate(path: Path): Origin
}

/** A field given by an input of its own, e.g. `version`. */
export function fromInput(input: string, name: string, metadata: Metadata): Source {
  return {
    name,
    metadata,
    findings: [],
    dois: [],
    isSingle: true,
    locate: (path) => ({ field: path.join('.'), place: { input } }),
  }
}
