import { isObject } from '../lib/json.ts'
import { entryOf, isEmpty, type Metadata } from './metadata.ts'
import { CONTRIBUTOR_TYPES, DATE_TYPES, RELATIONS } from './vocabularies.ts'

/** Text fields the server stores only as text or not at all, whatever else is given being dropped. */
const OPTIONAL_WHEN_EMPTY = new Set([
  'access_conditions',
  'access_right',
  'communities',
  'conference_acronym',
  'conference_dates',
  'conference_place',
  'conference_session',
  'conference_session_part',
  'conference_title',
  'conference_url',
  'custom',
  'doi',
  'embargo_date',
  'image_type',
  'imprint_isbn',
  'imprint_place',
  'journal_issue',
  'journal_pages',
  'journal_title',
  'journal_volume',
  'method',
  'notes',
  'partof_pages',
  'partof_title',
  'publication_type',
  'software_type',
  'subjects',
  'thesis_supervisors',
  'thesis_university',
])

/** Lists that may be given as anything empty but null. */
const EMPTY_BUT_NOT_NULL = new Set(['grants', 'keywords'])

/** Lists that may be given as anything empty that can be gone through, such as an empty text. */
const EMPTY_BUT_ITERABLE = new Set(['dates', 'locations', 'references'])

type Fields = Record<string, unknown>
type Convert = (value: unknown) => unknown

const relationOf = spelling(RELATIONS)
const PERSON: Readonly<Record<string, Convert>> = {}
const CONTRIBUTOR = { type: spelling(CONTRIBUTOR_TYPES) }
const RELATED = { relation: toRelation, resource_type: trimmed, identifier: trimmed }
const DATE = { type: spelling(DATE_TYPES) }

/**
 * Metadata as the server reads it: what counts as not given is gone, and ids have the vocabulary's
 * spelling. Two texts that differ only in what the server ignores have the same canonical form.
 * Wrong values stay as they are.
 */
export function toCanonical(metadata: Metadata): Metadata {
  const fields: Fields = {}
  for (const [name, value] of Object.entries(metadata)) {
    if (isNotGiven(name, value)) continue
    Object.defineProperty(fields, name, {
      value: toCanonicalField(name, value),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return fields
}

function isNotGiven(name: string, value: unknown): boolean {
  if (OPTIONAL_WHEN_EMPTY.has(name))
    return isEmpty(value) && !(name === 'custom' && isScalar(value))
  if (EMPTY_BUT_ITERABLE.has(name)) return isEmpty(value) && !isScalar(value)
  return EMPTY_BUT_NOT_NULL.has(name) && isEmpty(value) && value !== null
}

/** Some fields are not asked for truth: null, false and 0 there are refused or crash the server. */
function isScalar(value: unknown): boolean {
  return value === null || value === false || value === 0
}

function toCanonicalField(name: string, value: unknown): unknown {
  switch (name) {
    case 'upload_type':
      return trimmed(value)
    case 'creators':
    case 'thesis_supervisors':
      return eachObject(value, PERSON, ['affiliation', 'orcid', 'gnd'])
    case 'contributors':
      return eachObject(value, CONTRIBUTOR, ['affiliation', 'orcid', 'gnd', 'type'])
    case 'related_identifiers':
      return eachObject(value, RELATED, ['resource_type'])
    case 'dates':
      return eachObject(value, DATE, ['start', 'end', 'description'])
    case 'locations':
      return eachObject(value, {}, ['description'])
    default:
      return value
  }
}

function eachObject(
  value: unknown,
  convert: Readonly<Record<string, Convert>>,
  optional: readonly string[],
): unknown {
  if (!Array.isArray(value)) return value
  return value.map((item: unknown) => {
    if (!isObject(item)) return item
    const entries = Object.entries(item).filter(
      ([name, member]) => !(optional.includes(name) && isEmpty(member)),
    )
    return Object.fromEntries(
      entries.map(([name, member]) => [name, (entryOf(convert, name) ?? asIs)(member)]),
    )
  })
}

function asIs(value: unknown): unknown {
  return value
}

function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value
}

/** Finds the vocabulary's spelling of an id in any case, with or without spaces around. */
function spelling(ids: readonly string[]): Convert {
  const byLowerCase = new Map(ids.map((id) => [id.toLowerCase(), id]))
  return (value) =>
    typeof value === 'string' ? (byLowerCase.get(value.trim().toLowerCase()) ?? value) : value
}

/** As the server: any case, but `isAlternateIdentifier` only as it is written here; its own old misspelling is known to it. */
function toRelation(value: unknown): unknown {
  if (typeof value !== 'string' || value === 'isAlternateIdentifier') return value
  if (value === 'isOrignialFormOf') return 'isOriginalFormOf'
  const known = relationOf(value)
  return known === 'isAlternateIdentifier' ? value : known
}
