import type { ReadMetadata } from '../metadata/read-metadata.ts'

/** Which source gives which fields, and which file gives none. */
export function toSourceLines({
  sources,
  file,
  passedOver,
}: Pick<ReadMetadata, 'sources' | 'file' | 'passedOver'>): readonly string[] {
  const bySource = Map.groupBy(Object.entries(sources), ([, source]) => source)
  return [
    ...[...bySource].map(
      ([source, fields]) => `Metadata from ${source}: ${fields.map(([field]) => field).join(', ')}`,
    ),
    ...passedOver.map((other) => `${other} is not read, since ${file ?? 'another file'} is`),
  ]
}
