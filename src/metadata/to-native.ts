import { isObject } from '../lib/json.ts'
import { toAwardId, toLicenseId } from './echo-values.ts'
import { toDoi, toGnd, toOrcid } from './identifiers.ts'
import { isEmpty, type Metadata } from './metadata.ts'
import { toText } from './text.ts'
import { LICENSES_WITHOUT_ID, TWO_LETTER_LANGUAGES } from './vocabularies.ts'

/** An object of the native form. */
export type NativeObject = Readonly<Record<string, unknown>>

/** `publication-article` of `publication` and `article`; the server's own name for a thesis is dissertation. */
export function toResourceType(type: string, subtype: unknown): NativeObject {
  const id = subtype === 'thesis' ? 'dissertation' : subtype
  return { id: isEmpty(id) ? type : `${type}-${toText(id)}` }
}

/** A creator; `role` for contributors. */
export function toNativePerson(person: unknown, role?: unknown): NativeObject {
  const given = isObject(person) ? person : {}
  return {
    person_or_org: { type: 'personal', ...toNames(given['name']), ...toPersonIds(given) },
    ...toAffiliations(given),
    ...(isEmpty(role) ? {} : { role: { id: toText(role).trim().toLowerCase() } }),
  }
}

/** Split at exactly one comma, as the deposit API does; any other name is a family name whole. */
function toNames(name: unknown): NativeObject {
  const parts = toText(name).split(',')
  if (parts.length !== 2) return { family_name: toText(name).trim() }
  const [family = '', given = ''] = parts.map((part) => part.trim())
  return { family_name: family, ...(given === '' ? {} : { given_name: given }) }
}

function toPersonIds({ orcid, gnd }: NativeObject): NativeObject {
  const identifiers = [
    ...(isEmpty(orcid) ? [] : [{ scheme: 'orcid', identifier: toOrcid(toText(orcid)) }]),
    ...(isEmpty(gnd)
      ? []
      : [{ scheme: 'gnd', identifier: `gnd:${toGnd(toText(gnd)) ?? toText(gnd)}` }]),
  ]
  return identifiers.length === 0 ? {} : { identifiers }
}

function toAffiliations({ affiliation, affiliations }: NativeObject): NativeObject {
  if (!isEmpty(affiliation)) return { affiliations: [{ name: affiliation }] }
  return isEmpty(affiliations) ? {} : { affiliations }
}

/** The licence list of the native form: one licence, or a bare title for the two that have no id there. */
export function toRights(license: unknown): readonly NativeObject[] {
  if (isEmpty(license)) return []
  const id = toLicenseId(license)
  const title = LICENSES_WITHOUT_ID.get(id)
  return [title === undefined ? { id } : { title: { en: title } }]
}

/** Related identifiers and alternate ones, which the native form keeps apart. */
export function toNativeIdentifiers(value: unknown): {
  readonly related: readonly NativeObject[]
  readonly alternate: readonly NativeObject[]
} {
  const items = toList(value).filter(isObject)
  return {
    related: items
      .filter(({ relation }) => relation !== 'isAlternateIdentifier')
      .map(({ identifier, relation, resource_type: type }) => ({
        identifier,
        relation_type: { id: toText(relation).trim().toLowerCase() },
        ...(isEmpty(type) ? {} : { resource_type: { id: type } }),
      })),
    alternate: items
      .filter(({ relation }) => relation === 'isAlternateIdentifier')
      .map(({ identifier }) => ({ identifier })),
  }
}

/** Dates as one text each: a day, or both ends with a slash between. */
export function toNativeDate(date: unknown): NativeObject {
  const { start, end, type, description } = isObject(date) ? date : {}
  const ends = [start, end].filter((value) => !isEmpty(value)).map(String)
  return {
    date: [...new Set(ends)].join('/'),
    type: { id: toText(type).trim().toLowerCase() },
    ...(isEmpty(description) ? {} : { description }),
  }
}

/** A place on the map; coordinates only if both are given. */
export function toFeature(location: unknown): NativeObject {
  const { place, lat, lon, description } = isObject(location) ? location : {}
  const point = { type: 'Point', coordinates: [Number(lon), Number(lat)] }
  return {
    place,
    ...(isEmpty(lat) || isEmpty(lon) ? {} : { geometry: point }),
    ...(isEmpty(description) ? {} : { description }),
  }
}

/** An award by its id, with its funder. */
export function toFunding(grant: unknown): NativeObject {
  const id = toAwardId(toText(isObject(grant) ? grant['id'] : grant))
  return { funder: { id: id.split('::')[0] ?? '' }, award: { id } }
}

/** The list of languages; the deposit's metadata knows one. */
export function toLanguages(language: unknown): readonly NativeObject[] {
  if (isEmpty(language)) return []
  const code = toText(language)
  return [{ id: TWO_LETTER_LANGUAGES.get(code.toLowerCase()) ?? code }]
}

/** Who may see the files, and until when not. */
export function toAccess(overrides: Metadata, current: NativeObject): NativeObject {
  const { access_right: right, embargo_date: date } = overrides
  const embargo = isObject(current['embargo']) ? current['embargo'] : {}
  const isEmbargoed = isEmpty(right) ? embargo['active'] === true : right === 'embargoed'
  if (isEmbargoed) {
    const until = isEmpty(date) ? embargo['until'] : date
    const reason = isEmpty(embargo['reason']) ? {} : { reason: embargo['reason'] }
    return { ...current, files: 'restricted', embargo: { active: true, until, ...reason } }
  }
  if (right === undefined) return current
  const files = isEmpty(right) || right === 'open' ? 'public' : 'restricted'
  return { ...current, files, embargo: { active: false, reason: null } }
}

/** The DOI entry: the instance's own kind, or one from elsewhere. */
export function toDoiPid(doi: unknown): NativeObject {
  const identifier = toDoi(toText(doi)) ?? toText(doi)
  return identifier.startsWith('10.5281/')
    ? { identifier, provider: 'datacite', client: 'datacite' }
    : { identifier, provider: 'external' }
}

/** The value if it is a list, else an empty one. */
export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}
