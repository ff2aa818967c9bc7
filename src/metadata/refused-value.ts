import { isObject } from '../lib/json.ts'
import { toAwardId } from './echo-values.ts'
import { isEmpty, type Metadata } from './metadata.ts'
import { toText } from './text.ts'

type Candidate = readonly [value: string, field: string]

/**
 * The field that the server's `Invalid value X.` is about; that answer names the value alone, and in the
 * form in which it was stored. undefined for any other message, and for a value that was not sent.
 */
export function findRefusedField(message: string, sent: Metadata): string | undefined {
  const value = /^Invalid value (.*)\.$/s.exec(message)?.[1]
  return toCandidates(sent).find(([candidate]) => candidate.trim() === value?.trim())?.[1]
}

function toCandidates(sent: Metadata): readonly Candidate[] {
  return [
    ...toTypes(sent),
    [toText(sent['language']), 'language'],
    ...toItems(sent, 'grants', ({ id }) => [
      [toAwardId(toText(id)), 'id'],
      [toAwardId(toText(id)).split('::')[0] ?? '', 'id'],
    ]),
    ...toItems(sent, 'contributors', ({ type }) => [[toText(type).toLowerCase(), 'type']]),
    ...toItems(sent, 'related_identifiers', ({ relation, resource_type: type }) => [
      [toText(relation).toLowerCase(), 'relation'],
      [toText(type), 'resource_type'],
    ]),
    ...toItems(sent, 'dates', ({ type }) => [[toText(type).toLowerCase(), 'type']]),
    ...toCustomIds(sent['custom']),
  ]
}

/** The server looks for type and subtype in one string. */
function toTypes(sent: Metadata): readonly Candidate[] {
  const type = toText(sent['upload_type'])
  const field = `${type}_type`
  return isEmpty(sent[field])
    ? [[type, 'upload_type']]
    : [[`${type}-${toText(sent[field])}`, field]]
}

function toItems(
  sent: Metadata,
  field: string,
  toMembers: (item: Metadata) => readonly Candidate[],
): readonly Candidate[] {
  const list = sent[field]
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown, index) =>
    isObject(item)
      ? toMembers(item).map(([value, key]): Candidate => [value, `${field}.${index}.${key}`])
      : [],
  )
}

function toCustomIds(custom: unknown): readonly Candidate[] {
  if (!isObject(custom)) return []
  return Object.entries(custom).flatMap(([name, value]) =>
    [value]
      .flat()
      .filter(isObject)
      .map(({ id }): Candidate => [toText(id), `custom.${name}`]),
  )
}
