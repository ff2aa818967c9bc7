import { asList, asObject, asText, type JsonObject } from './json.ts'

/*
 * A mark is a related identifier, `isSupplementTo`, by which a run finds what it, or an earlier run of
 * the same tag, left behind: the repository at the tag, or without a tag the run.
 */

/** Whether a related identifier is this mark. */
export const isMark = (item: unknown, mark: string): boolean => addressOf(item) === mark

/** Whether a related identifier is the mark of some tag or run of this repository. */
export const isMarkOf = (item: unknown, repositoryUrl: string): boolean =>
  isTagMarkOf(item, repositoryUrl) ||
  addressOf(item)?.startsWith(`${repositoryUrl}/actions/runs/`) === true

/** Whether a related identifier is the mark of some tag of this repository. */
export const isTagMarkOf = (item: unknown, repositoryUrl: string): boolean =>
  addressOf(item)?.startsWith(`${repositoryUrl}/tree/`) === true

/** Whether metadata carry the mark. */
export const hasMark = (metadata: JsonObject, mark: string): boolean =>
  asList(metadata['related_identifiers']).some((item) => isMark(item, mark))

/** What a related identifier that may be a mark points to; undefined for one of another relation. */
function addressOf(item: unknown): string | undefined {
  const { identifier, relation } = asObject(item)
  return asText(relation)?.toLowerCase() === 'issupplementto' ? asText(identifier) : undefined
}
