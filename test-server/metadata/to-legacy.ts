import type { StoredMetadata } from '../state/deposit.ts'
import { listAt, objectAt, present, textAt, type Json } from '../transport/json.ts'
import { COMMUNITIES, GROUPED, SUBJECTS } from './custom-fields.ts'
import { funderEcho, licenseEcho, relationName, roleName } from './vocabularies.ts'

/** The identifier with this scheme, without its prefix. */
function identifierOf(person: Json, scheme: string): string | undefined {
  const found = listAt(person, 'identifiers').find((item) => textAt(item, 'scheme') === scheme)
  return textAt(found, 'identifier')?.replace(/^gnd:/, '')
}

function toPerson(item: unknown): Json {
  const person = objectAt(item, 'person_or_org')
  const [affiliation] = listAt(item, 'affiliations')
  return present({
    name: person['name'],
    affiliation: textAt(affiliation, 'name') ?? null,
    orcid: identifierOf(person, 'orcid'),
    gnd: identifierOf(person, 'gnd'),
  })
}

function toContributor(item: unknown): Json {
  const { name, affiliation, orcid, gnd } = toPerson(item)
  const role = textAt(objectAt(item, 'role'), 'id')
  const type = role === undefined ? null : (roleName(role) ?? null)
  return present({ name, affiliation, type, orcid, gnd })
}

function toRelated(item: unknown): Json {
  const relation = textAt(objectAt(item, 'relation_type'), 'id')
  return present({
    identifier: textAt(item, 'identifier'),
    relation: relation === undefined ? 'isAlternateIdentifier' : relationName(relation),
    resource_type: textAt(objectAt(item, 'resource_type'), 'id'),
    scheme: textAt(item, 'scheme'),
  })
}

function toLocation(item: unknown): Json {
  const { place, description } = item as Json
  const [lon, lat] = listAt(objectAt(item, 'geometry'), 'coordinates')
  return present({ place, description, lon, lat })
}

/** Only intervals come back; of a single date the type alone is shown. */
function toDate(item: unknown): Json {
  const [start, end] = (textAt(item, 'date') ?? '').split('/')
  const { description } = item as Json
  const isInterval = end !== undefined
  return present({
    type: textAt(objectAt(item, 'type'), 'id'),
    description,
    start: isInterval && start !== '' ? start : undefined,
    end: isInterval && end !== '' ? end : undefined,
  })
}

function toGrant(item: unknown): Json {
  const funder = textAt(objectAt(item, 'funder'), 'id') ?? ''
  const award = textAt(objectAt(item, 'award'), 'id') ?? ''
  return { id: `${funderEcho(funder)}::${award.slice(funder.length + 2)}` }
}

/** A list below a key, each item converted; undefined when there is none. */
function each<T>(
  value: Json,
  key: string,
  convert: (item: unknown) => T,
): readonly T[] | undefined {
  const items = listAt(value, key)
  return items.length > 0 ? items.map(convert) : undefined
}

function toAccess(access: Json): Json {
  const embargo = objectAt(access, 'embargo')
  if (embargo['active'] === true) {
    return present({ access_right: 'embargoed', embargo_date: embargo['until'] })
  }
  return { access_right: access['files'] === 'restricted' ? 'restricted' : 'open' }
}

function toDescription(metadata: Json, type: string): unknown {
  const items = listAt(metadata, 'additional_descriptions')
  const found = items.find((item) => textAt(objectAt(item, 'type'), 'id') === type)
  return textAt(found, 'description')
}

function toGrouped(customFields: Json): Json {
  const entries = Object.entries(GROUPED).flatMap(([group, fields]) => {
    const values = objectAt(customFields, group)
    return fields.map(([legacy, key]) => [legacy, values[key]] as const)
  })
  return present(Object.fromEntries(entries))
}

function toCustom(customFields: Json): Json | undefined {
  const own = [...Object.keys(GROUPED), SUBJECTS, COMMUNITIES]
  const entries = Object.entries(customFields).filter(([name]) => !own.includes(name))
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

function toType(metadata: Json): Json {
  const id = textAt(objectAt(metadata, 'resource_type'), 'id')
  if (id === undefined) return {}
  const [type = '', subtype] = id.split('-')
  return { upload_type: type, ...(subtype !== undefined && { [`${type}_type`]: subtype }) }
}

const textOf =
  (key: string) =>
  (item: unknown): string | undefined =>
    textAt(item, key)

const nonBlank = (list: readonly (string | undefined)[] | undefined): unknown => {
  const kept = list?.filter((item) => item !== undefined && item !== '')
  return kept && kept.length > 0 ? kept : undefined
}

/** The metadata as the deposit API shows it: normalised, and lossy. */
export function toLegacy({ metadata, customFields, access, doi }: StoredMetadata): Json {
  const [license] = listAt(metadata, 'rights')
  const [language] = listAt(metadata, 'languages')
  const licenseId = textAt(license, 'id')
  const related = [...listAt(metadata, 'related_identifiers'), ...listAt(metadata, 'identifiers')]
  return present({
    title: metadata['title'],
    doi: doi?.identifier,
    publication_date: metadata['publication_date'],
    description: metadata['description'],
    ...toAccess(access),
    creators: each(metadata, 'creators', toPerson),
    contributors: each(metadata, 'contributors', toContributor),
    keywords: nonBlank(each(metadata, 'subjects', textOf('subject'))),
    subjects: each(customFields, SUBJECTS, (item) => item),
    related_identifiers: related.length > 0 ? related.map(toRelated) : undefined,
    locations: each(objectAt(metadata, 'locations'), 'features', toLocation),
    dates: each(metadata, 'dates', toDate),
    version: metadata['version'],
    references: each(metadata, 'references', textOf('reference')),
    language: textAt(language, 'id'),
    custom: toCustom(customFields),
    license: licenseId === undefined ? undefined : licenseEcho(licenseId),
    grants: each(metadata, 'funding', toGrant),
    ...toGrouped(customFields),
    imprint_publisher: metadata['publisher'],
    communities: each(customFields, COMMUNITIES, (identifier) => ({ identifier })),
    notes: toDescription(metadata, 'notes'),
    method: toDescription(metadata, 'methods'),
    ...toType(metadata),
  })
}
