import { asId, asObject, asText } from '../lib/json.ts'

/** A file as the server reports it. */
export interface StoredFile {
  /** Id of the stored content, for removal; only the deposit's file list gives it. */
  readonly id: string | undefined
  readonly key: string
  readonly sizeBytes: number
  /** With its prefix: `md5:…`. */
  readonly checksum: string
}

const withPrefix = (checksum: string): string =>
  /^\w+:/.test(checksum) ? checksum : `md5:${checksum}`

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && Number.isSafeInteger(Math.round(value))

/**
 * A file of any of the server's lists: deposits say `filename`, `filesize` (a float, sometimes) and
 * bare hex; buckets and records `key`, `size` and `md5:` hex (docs/server.md#file-shapes). Undefined
 * for an entry that is still pending or is no file.
 */
export function parseStoredFile(json: unknown): StoredFile | undefined {
  const file = asObject(json)
  const key = asText(file['key']) ?? asText(file['filename'])
  const size = file['size'] ?? file['filesize']
  const checksum = asText(file['checksum'])
  if (key === undefined || !isSize(size) || checksum === undefined) return undefined
  return { id: asId(file['id']), key, sizeBytes: Math.round(size), checksum: withPrefix(checksum) }
}
