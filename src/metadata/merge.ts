import type { Finding, Metadata, Path } from './metadata.ts'
import type { Origin, Source } from './source.ts'

/** Several sources as one. */
export interface Merged {
  readonly metadata: Metadata
  /** Field → name of the source that gave it. */
  readonly sources: Readonly<Record<string, string>>
  readonly findings: readonly Finding[]
  /** Fields that are given in a way that cannot be converted. */
  readonly unread: ReadonlySet<string>
  /** One of the sources could not be read, so that the rest is not all. */
  readonly isBroken: boolean
  /** One of them could give any field. */
  readonly hasDocument: boolean
  /** Where the value at a path was written; undefined if no source has a place for it. */
  locate(path: Path): Origin | undefined
}

/** Merges sources field by field, whole fields, the last one winning. */
export function mergeSources(candidates: readonly (Source | undefined)[]): Merged {
  const sources = candidates.filter((source) => source !== undefined)
  const given = new Map(
    sources.flatMap((source) =>
      Object.entries(source.metadata ?? {}).map(([field, value]) => [field, { source, value }]),
    ),
  )
  const documents = sources.filter(({ isSingle }) => isSingle !== true)
  const fallback = documents.find(({ metadata }) => metadata !== undefined)
  return {
    metadata: Object.fromEntries([...given].map(([field, { value }]) => [field, value])),
    sources: Object.fromEntries([...given].map(([field, { source }]) => [field, source.name])),
    findings: sources.flatMap(({ findings }) => findings),
    unread: new Set(sources.flatMap(({ unread = [] }) => unread)),
    isBroken: sources.some(({ metadata }) => metadata === undefined),
    hasDocument: documents.length > 0,
    locate: (path) => (given.get(String(path[0]))?.source ?? fallback)?.locate(path),
  }
}
