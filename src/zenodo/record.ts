import { asId, asObject } from '../lib/json.ts'

/** What `GET /api/records/{id}` told. */
export type RecordLookup =
  | { readonly kind: 'record' }
  /** The id is that of a concept; this is its latest version. */
  | { readonly kind: 'concept'; readonly latestId: string }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'unknown' }

/** Whether an answer is a record in Zenodo's own form. */
export function isRecord(json: unknown): boolean {
  const { id, conceptrecid } = asObject(json)
  return asId(id) !== undefined && asId(conceptrecid) !== undefined
}

/** The id in a link such as `/api/records/123`. */
export const idInRecordLink = (link: string): string | undefined =>
  /\/records\/([\w-]+)(?:[/?#]|$)/.exec(link)?.[1]
