import { badRequest, invalidValue } from '../transport/answer.ts'
import { isObject, listAt, objectAt, textAt, type Json } from '../transport/json.ts'
import {
  DATE_TYPES,
  DEVELOPMENT_STATUSES,
  isAward,
  isFunder,
  isLanguage,
  isLicenseId,
  isRelation,
  isRole,
  LINKABLE_TYPES,
  PROGRAMMING_LANGUAGES,
  RESOURCE_TYPES,
} from './vocabularies.ts'

const idsAt = (items: readonly unknown[], key?: string): readonly string[] =>
  items.flatMap((item) => {
    const id = textAt(key === undefined ? item : objectAt(item, key), 'id')
    return id === undefined ? [] : [id]
  })

const isLinkable = (id: string): boolean => RESOURCE_TYPES.has(id) || LINKABLE_TYPES.has(id)

type Check = readonly [ids: readonly string[], isKnown: (id: string) => boolean]

function checksOf(metadata: Json, customFields: Json): readonly Check[] {
  const contributors = listAt(metadata, 'contributors')
  const related = listAt(metadata, 'related_identifiers')
  const funding = listAt(metadata, 'funding')
  const languages = listAt(customFields, 'code:programmingLanguage')
  const status = customFields['code:developmentStatus']
  return [
    [idsAt([metadata], 'resource_type'), isLinkable],
    [idsAt(contributors, 'role'), isRole],
    [idsAt(listAt(metadata, 'languages')), isLanguage],
    [idsAt(listAt(metadata, 'dates'), 'type'), (id) => DATE_TYPES.has(id)],
    [idsAt(related, 'relation_type'), isRelation],
    [idsAt(related, 'resource_type'), isLinkable],
    [idsAt(listAt(metadata, 'rights')), isLicenseId],
    [idsAt(funding, 'funder'), isFunder],
    [idsAt(funding, 'award'), isAward],
    [idsAt(languages), (id) => PROGRAMMING_LANGUAGES.has(id)],
    [isObject(status) ? idsAt([status]) : [], (id) => DEVELOPMENT_STATUSES.has(id)],
  ]
}

/** Looks up every vocabulary id; refuses the first unknown one without saying where it stood. */
export function lookUp({ metadata, customFields }: { metadata: Json; customFields: Json }): void {
  for (const [ids, isKnown] of checksOf(metadata, customFields)) {
    const unknown = ids.find((id) => !isKnown(id))
    if (unknown !== undefined) throw invalidValue(unknown)
  }
  const type = textAt(objectAt(metadata, 'resource_type'), 'id')
  if (type !== undefined && LINKABLE_TYPES.has(type)) throw badRequest('Not a valid value.')
}
