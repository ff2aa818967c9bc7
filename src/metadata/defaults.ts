import { isMark } from '../lib/mark.ts'
import { toIsoDay } from './dates.ts'
import { isEmpty, type Metadata } from './metadata.ts'
import { isUploadType } from './vocabularies.ts'

/**
 * What a first description of a draft adds, unless it is given: today's date (UTC), and the mark, the
 * repository at the tag as `isSupplementTo`. Nothing else is invented.
 */
export function withDefaults(
  metadata: Metadata,
  options: { readonly today: Date; readonly mark: string | undefined },
): Metadata {
  const dated =
    metadata['publication_date'] === undefined
      ? { ...metadata, publication_date: toIsoDay(options.today) }
      : metadata
  return options.mark === undefined ? dated : withMark(dated, options.mark)
}

/** The metadata with the mark among the related identifiers. */
export function withMark(metadata: Metadata, mark: string): Metadata {
  const given = metadata['related_identifiers']
  if (!isEmpty(given) && !Array.isArray(given)) return metadata
  const related: readonly unknown[] = Array.isArray(given) ? given : []
  if (related.some((item) => isMark(item, mark))) return metadata
  const type = metadata['upload_type']
  const marked = {
    identifier: mark,
    relation: 'isSupplementTo',
    ...(isUploadType(type) ? { resource_type: type } : {}),
  }
  return { ...metadata, related_identifiers: [...related, marked] }
}
