import data from './vocabularies.json' with { type: 'json' }

/** The shape a custom field's value must have to be stored. */
export type CustomShape =
  | 'texts'
  | 'numbers'
  | 'integers'
  | 'days'
  | 'dates'
  | 'relationships'
  | 'url'
  | 'languages'
  | 'status'
  | 'object'

/** Types that a deposit can have, subtypes in one string (`publication-article`). */
export const UPLOAD_TYPES: readonly string[] = data.resourceTypes

/** Relations of related identifiers, in the spelling of the documentation. */
export const RELATIONS: readonly string[] = [...data.relationTypes, 'isAlternateIdentifier']

/** Roles of contributors, in the spelling of the documentation. */
export const CONTRIBUTOR_TYPES: readonly string[] = data.contributorTypes

/** Types of the entries of `dates`. */
export const DATE_TYPES: readonly string[] = data.dateTypes

/** Every licence name the server takes, in lower case, with the id it stores. */
export const LICENSES: ReadonlyMap<string, string> = new Map(Object.entries(data.licenses.accepted))

/** Two old names, valid in lower case only, that the server stores as a bare title: they have no id any more. */
export const LICENSES_WITHOUT_ID: ReadonlyMap<string, string> = new Map(
  Object.entries(data.licenses.withoutId),
)

/** Stored licence ids that the server shows under another name. */
export const LICENSE_ECHOES: ReadonlyMap<string, string> = new Map(
  Object.entries(data.licenses.echoes),
)

/** ISO 639-1 codes the server keeps, with the three letters it makes of them. */
export const TWO_LETTER_LANGUAGES: ReadonlyMap<string, string> = new Map(
  Object.entries(data.languages.twoLetters),
)

/** Crossref funder DOIs the server knows, with the funder's ROR id. */
export const FUNDERS: ReadonlyMap<string, string> = new Map(Object.entries(data.funders.rorOfDoi))

/** Ids of the vocabulary for `code:developmentStatus`. */
export const DEVELOPMENT_STATUSES: readonly string[] = data.developmentStatuses

/** Communities that are certain to exist on Zenodo. */
export const KNOWN_COMMUNITIES: readonly string[] = data.known.communities

/** Awards that are certain to exist on Zenodo, with the funder's ROR id. */
export const KNOWN_AWARDS: readonly string[] = data.known.awards

const customShapes = new Map(
  Object.entries(data.customFields.shapes as Record<string, CustomShape>),
)

/** Full names of the custom fields. */
export const CUSTOM_FIELDS: readonly string[] = [...customShapes.keys()]

/** The shape of a custom field's value; undefined for a name the server does not know. */
export function shapeOfCustomField(name: string): CustomShape | undefined {
  return customShapes.get(name)
}

/** True for an id that `upload_type` takes as it stands. */
export function isUploadType(value: unknown): value is string {
  return typeof value === 'string' && UPLOAD_TYPES.includes(value)
}

/** True for a three-letter code (ISO 639-3, lower case) that the server knows. */
export function isThreeLetterLanguage(code: string): boolean {
  return /^[a-z]{3}$/.test(code) && ` ${data.languages.threeLetters} `.includes(` ${code} `)
}

/** True for an id that `code:programmingLanguage` takes. */
export function isProgrammingLanguage(id: string): boolean {
  return !id.includes(' ') && ` ${data.programmingLanguages} `.includes(` ${id} `)
}
