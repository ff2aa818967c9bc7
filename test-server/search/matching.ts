import { toLegacy } from '../metadata/to-legacy.ts'
import type { IndexedVersion, World } from '../state/world.ts'
import { isObject } from '../transport/json.ts'
import type { Query } from './query.ts'

/** The words of a version by the names a query may use, the old ones and InvenioRDM's. */
export type Fields = ReadonlyMap<string, readonly string[]>

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return isObject(value) ? Object.values(value).flatMap(textsOf) : []
}

function addNested(fields: Map<string, string[]>, path: string, value: unknown): void {
  const add = (texts: readonly string[]): void => {
    fields.set(path, [...(fields.get(path) ?? []), ...texts])
  }
  if (Array.isArray(value)) for (const item of value) addNested(fields, path, item)
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) addNested(fields, `${path}.${key}`, item)
  } else add(textsOf(value))
}

/** All that can be asked about a version. */
export function toFields(world: World, version: IndexedVersion, isLatestDraft: boolean): Fields {
  const { deposit, stored, isPublished } = version
  const { id, concept } = deposit
  const fields = new Map<string, string[]>()
  addNested(fields, 'metadata', stored.metadata)
  addNested(fields, 'custom_fields', stored.customFields)
  const legacy = toLegacy(stored)
  const related = fields.get('metadata.related_identifiers.identifier') ?? []
  const identifiers = fields.get('metadata.identifiers.identifier') ?? []
  const source = version.draft ?? version.record
  const plain: Readonly<Record<string, unknown>> = {
    id,
    recid: id,
    conceptrecid: concept.id,
    'parent.id': concept.id,
    doi: stored.doi?.identifier,
    'pids.doi.identifier': stored.doi?.identifier,
    conceptdoi: concept.doi,
    'parent.pids.doi.identifier': concept.doi,
    owners: world.ownerNumber(concept.owner),
    is_published: isPublished,
    'versions.is_latest_draft': isLatestDraft,
    'versions.index': deposit.index,
    title: legacy['title'],
    description: legacy['description'],
    keywords: legacy['keywords'],
    version: legacy['version'],
    publication_date: legacy['publication_date'],
    'creators.name': fields.get('metadata.creators.person_or_org.name'),
    'related.identifier': related,
    'alternate.identifier': identifiers,
    communities: fields.get('custom_fields.legacy:communities'),
    resource_type: fields.get('metadata.resource_type.id'),
    created: source?.created.toISOString(),
    updated: version.modified.toISOString(),
  }
  for (const [name, value] of Object.entries(plain)) {
    const texts = textsOf(value)
    if (texts.length > 0) fields.set(name, [...texts])
  }
  return fields
}

const words = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/** Whether the words of a phrase stand in a text one after the other; `*` stands for anything. */
function hasPhrase(text: string, phrase: string): boolean {
  if (phrase === '*') return true
  const wanted = words(phrase)
  const given = words(text)
  if (wanted.length === 0) return false
  if (phrase.endsWith('*')) return given.some((word) => word.startsWith(wanted.at(-1) ?? ''))
  return given.some((_, start) => wanted.every((word, index) => given[start + index] === word))
}

function inRange(text: string, from: string, to: string): boolean {
  const isAfter = from === '*' || text >= from
  return isAfter && (to === '*' || text <= to || text.startsWith(to))
}

/** Whether a version, known by its fields, is what a query asks for. */
export function matches(query: Query, fields: Fields): boolean {
  switch (query.kind) {
    case 'all':
      return true
    case 'none':
      return false
    case 'not':
      return !matches(query.query, fields)
    case 'and':
      return query.queries.every((part) => matches(part, fields))
    case 'or':
      return query.queries.some((part) => matches(part, fields))
    case 'range':
      return (fields.get(query.field) ?? []).some((text) => inRange(text, query.from, query.to))
    case 'term': {
      const { field, text } = query
      const texts = field === undefined ? [...fields.values()].flat() : (fields.get(field) ?? [])
      return texts.some((given) => hasPhrase(given, text))
    }
  }
}
