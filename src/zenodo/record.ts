import { asId, asList, asObject, asText } from '../lib/json.ts'
import { parseStoredFile, type StoredFile } from './stored-file.ts'

/** A published version as anybody sees it. */
export interface PublicRecord {
  readonly id: string
  readonly conceptId: string
  readonly doi: string | undefined
  readonly conceptDoi: string | undefined
  readonly files: readonly StoredFile[]
}

/** What `GET /api/records/{id}` told. */
export type RecordLookup =
  | { readonly kind: 'record'; readonly record: PublicRecord }
  /** The id is that of a concept; this is its latest version. */
  | { readonly kind: 'concept'; readonly latestId: string }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'unknown' }

/** A record from an answer in Zenodo's own form; undefined if it is none. */
export function parseRecord(json: unknown): PublicRecord | undefined {
  const record = asObject(json)
  const id = asId(record['id'])
  const conceptId = asId(record['conceptrecid'])
  if (id === undefined || conceptId === undefined) return undefined
  return {
    id,
    conceptId,
    doi: asText(record['doi']),
    conceptDoi: asText(record['conceptdoi']),
    files: asList(record['files']).flatMap((file) => parseStoredFile(file) ?? []),
  }
}

/** The id in a link such as `/api/records/123`. */
export const idInRecordLink = (link: string): string | undefined =>
  /\/records\/([\w-]+)(?:[/?#]|$)/.exec(link)?.[1]
