import { isObject, listAt, objectAt, present, textAt, type Json } from '../transport/json.ts'
import { isOrcid } from './identifiers.ts'
import type { Problems } from './problems.ts'
import { cleanText } from './text.ts'

const MISSING = 'Missing data for required field.'

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? cleanText(value) : undefined
}

function checkIdentifiers(
  identifiers: readonly unknown[],
  field: string,
  problems: Problems,
): boolean {
  const wrong = identifiers.findIndex(
    (item) => textAt(item, 'scheme') === 'orcid' && !isOrcid(textAt(item, 'identifier') ?? ''),
  )
  if (wrong < 0) return true
  problems.add(`${field}.identifiers.${wrong}.identifier`, 'Invalid ORCID identifier.')
  return false
}

/** The name a person is shown with; only someone without any fault gets one. */
function toShownName(person: Json, isValid: boolean): string | undefined {
  if (!isValid) return undefined
  const { family_name: family, given_name: given } = person
  return [family, given].filter((part) => typeof part === 'string' && part !== '').join(', ')
}

function cleanPerson(person: Json, field: string, problems: Problems): Json {
  const isOrganization = person['type'] === 'organizational'
  const family = text(person['family_name']) ?? ''
  const identifiers = listAt(person, 'identifiers')
  const isNamed = isOrganization ? text(person['name']) !== undefined : family !== ''
  if (!isNamed) {
    const [key, message] = isOrganization
      ? ['name', 'Name cannot be blank.']
      : ['family_name', 'Family name cannot be blank.']
    problems.add(`${field}.${key}`, message)
  }
  const isValid = checkIdentifiers(identifiers, field, problems) && isNamed
  const names = isOrganization
    ? { name: text(person['name']) }
    : { family_name: family, given_name: text(person['given_name']) }
  const shown = isOrganization ? names.name : toShownName(names, isValid)
  const { type = 'personal' } = person
  return present({
    type,
    name: shown,
    ...names,
    identifiers: identifiers.length > 0 ? identifiers : undefined,
  })
}

function cleanAffiliations(affiliations: readonly unknown[]): readonly Json[] | undefined {
  const kept = affiliations.filter(isObject).flatMap(({ id, name }) => {
    const shown = present({ id, name: text(name) })
    return Object.keys(shown).length > 0 ? [shown] : []
  })
  return kept.length > 0 ? kept : undefined
}

/** Creators and contributors of a draft: faulty ones stay, and block publishing. */
export function cleanPeople(kind: 'creators' | 'contributors') {
  return (value: unknown, field: string, problems: Problems): readonly Json[] | undefined => {
    const people = Array.isArray(value) ? value.filter(isObject) : []
    if (people.length === 0 && kind === 'creators') problems.add(field, MISSING)
    const cleaned = people.map((item, index) => {
      const path = `${field}.${index}`
      const person = cleanPerson(objectAt(item, 'person_or_org'), `${path}.person_or_org`, problems)
      const role = textAt(objectAt(item, 'role'), 'id')
      if (role === undefined && kind === 'contributors') problems.add(`${path}.role`, MISSING)
      const affiliations = cleanAffiliations(listAt(item, 'affiliations'))
      return present({ person_or_org: person, role: role && { id: role }, affiliations })
    })
    return cleaned.length > 0 ? cleaned : undefined
  }
}
