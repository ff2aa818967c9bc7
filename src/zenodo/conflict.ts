import { asText, type JsonObject } from '../lib/json.ts'

/** What parallel writers get for a request that is right in itself (docs/server.md#conflicts). */
export const CONFLICT = 'Not a valid value.'

/** Parallel writers get the draft's own resource type back as "invalid" (docs/server.md#conflicts). */
export function metadataConflicts(metadata: JsonObject): readonly string[] {
  const type = asText(metadata['upload_type'])
  const subtype = asText(metadata[`${type ?? ''}_type`])
  const ids = [type, subtype === undefined ? undefined : `${type ?? ''}-${subtype}`]
  return [CONFLICT, ...ids.flatMap((id) => (id === undefined ? [] : `Invalid value ${id}.`))]
}
