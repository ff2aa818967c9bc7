import { isObject } from '../lib/json.ts'
import { toCanonical } from './canonical.ts'
import { findLostItems } from './echo-lists.ts'
import { isSameHtml, isSameLicense, isSameText, toLicenseId } from './echo-values.ts'
import { toCalendarDay } from './dates.ts'
import { toDoi } from './identifiers.ts'
import { entryOf, isEmpty, type Metadata } from './metadata.ts'
import { quote, toText } from './text.ts'
import { LICENSES_WITHOUT_ID, TWO_LETTER_LANGUAGES } from './vocabularies.ts'

/** A field that did not arrive, by the name it has in the deposit's metadata. */
export interface Lost {
  readonly field: string
  /** What happened, as a sentence that goes on after the field's name. */
  readonly problem: string
}

/** Fields that are no metadata, or that the server never shows although it keeps them. */
const NEVER_ECHOED = new Set(['$schema', 'prereserve_doi', 'thesis_supervisors'])

const LISTS = new Set([
  'communities',
  'contributors',
  'creators',
  'dates',
  'grants',
  'keywords',
  'locations',
  'references',
  'related_identifiers',
  'subjects',
])

/**
 * What the server dropped or changed of the metadata it was sent, judged by its answer. What it merely
 * spells in its own way (licence aliases, letter case, addresses of identifiers, repaired text) is the same.
 */
export function findLost(sent: Metadata, echo: Metadata): readonly Lost[] {
  const given = withCombinedType(toCanonical(sent))
  const kept = withCombinedType(toCanonical(echo))
  return Object.entries(given).flatMap(([field, value]) => {
    if (NEVER_ECHOED.has(field) || isEmpty(value)) return []
    if (LISTS.has(field)) return findLostItems(field, given, kept)
    return compareField(field, value, kept)
  })
}

/** `publication` and `article` as one `publication-article`, as the server stores it. */
function withCombinedType(metadata: Metadata): Metadata {
  const { upload_type: type } = metadata
  if (typeof type !== 'string') return metadata
  const name = `${type}_type`
  const { [name]: subtype, ...rest } = metadata
  if (isEmpty(subtype)) return metadata
  const id = subtype === 'thesis' ? 'dissertation' : subtype
  return { ...rest, upload_type: `${type}-${toText(id)}` }
}

function compareField(field: string, value: unknown, kept: Metadata): readonly Lost[] {
  if (field === 'custom') return findLostCustom(value, kept['custom'])
  if (field === 'license' && LICENSES_WITHOUT_ID.has(toLicenseId(value))) return []
  const echoed = entryOf(kept, field)
  if (isEmpty(echoed)) {
    return [{ field, problem: `the server did not keep ${quote(value)}.` }]
  }
  if (isSameValue(field, value, echoed)) return []
  return [
    {
      field,
      problem: `the server made ${quote(echoed)} of ${quote(value)}.`,
    },
  ]
}

function isSameValue(field: string, value: unknown, echoed: unknown): boolean {
  switch (field) {
    case 'license':
      return isSameLicense(value, echoed)
    case 'access_right':
      return (value === 'closed' ? 'restricted' : value) === echoed
    case 'embargo_date':
      return toCalendarDay(toText(value)) === toCalendarDay(toText(echoed))
    case 'language':
      return (TWO_LETTER_LANGUAGES.get(toText(value).toLowerCase()) ?? value) === echoed
    case 'doi':
      return toDoi(toText(value))?.toLowerCase() === toDoi(toText(echoed))?.toLowerCase()
    case 'description':
    case 'notes':
    case 'method':
      return isSameHtml(value, echoed)
    default:
      return isSameText(value, echoed)
  }
}

/** Custom fields that the deposit API shows as `journal_title` and the like, not under `custom`. */
const SHOWN_ELSEWHERE = /^(journal|meeting|imprint|thesis|legacy):/

function findLostCustom(value: unknown, echoed: unknown): readonly Lost[] {
  if (!isObject(value)) return []
  const kept = isObject(echoed) ? echoed : {}
  return Object.entries(value)
    .filter(([name, member]) => !isEmpty(member) && !SHOWN_ELSEWHERE.test(name))
    .filter(([name]) => isEmpty(entryOf(kept, name)))
    .map(([name, member]) => ({
      field: `custom.${name}`,
      problem: `the server did not keep ${quote(member)}.`,
    }))
}
