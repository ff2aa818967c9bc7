import { crash } from '../transport/answer.ts'
import { isObject, present, type Json } from '../transport/json.ts'
import { normalizeOrcid, readGnd } from './identifiers.ts'
import type { Problems } from './problems.ts'
import { isTruthy, objectsOf } from './python.ts'

/** "Family, Given" with exactly one comma is split; anything else is a family name. */
function toName(name: unknown): Json {
  if (!isTruthy(name)) return { family_name: '' }
  if (Array.isArray(name)) return { family_name: name }
  if (typeof name !== 'string') throw crash()
  const parts = name.split(',')
  const [family = '', given = ''] = parts.length === 2 ? parts : [name]
  return { family_name: family, ...(given.trim() !== '' && { given_name: given }) }
}

function toIdentifiers({ orcid, gnd }: Json): readonly Json[] {
  const identifiers: Json[] = []
  if (isTruthy(orcid)) {
    if (typeof orcid !== 'string') throw crash()
    identifiers.push({ identifier: normalizeOrcid(orcid), scheme: 'orcid' })
  }
  if (isTruthy(gnd)) {
    const number = typeof gnd === 'string' ? readGnd(gnd) : undefined
    if (number === undefined) throw crash()
    identifiers.push({ identifier: `gnd:${number}`, scheme: 'gnd' })
  }
  return identifiers
}

function toAffiliations(person: Json, field: string, problems: Problems): unknown {
  if (isTruthy(person['affiliation'])) return [{ name: person['affiliation'] }]
  const { affiliations } = person
  if (!Array.isArray(affiliations)) return undefined
  const wrong = affiliations.findIndex((item) => !isObject(item))
  if (wrong < 0) return affiliations.length > 0 ? affiliations : undefined
  problems.add(`${field}.affiliations.${wrong}`, 'Not a valid mapping type.')
  return undefined
}

function toPerson(person: Json, field: string, problems: Problems): Json {
  const identifiers = toIdentifiers(person)
  const named = { type: 'personal', ...toName(person['name']) }
  return present({
    person_or_org: { ...named, ...(identifiers.length > 0 && { identifiers }) },
    affiliations: toAffiliations(person, field, problems),
  })
}

/** Creators or contributors; `toRole` reads what only contributors have. */
export function readPeople(
  value: unknown,
  field: string,
  problems: Problems,
  toRole: (person: Json) => Json = () => ({}),
): readonly Json[] | undefined {
  if (value === undefined) return undefined
  if (value === null) problems.add(field, 'Field may not be null.')
  else if (!Array.isArray(value)) problems.add(field, 'Not a valid list.')
  if (!Array.isArray(value)) return undefined
  return value.flatMap((item: unknown, index) => {
    const path = `${field}.${index}`
    if (item === null) {
      problems.add(path, 'Field may not be null.')
      return []
    }
    if (!isObject(item)) throw crash()
    return [{ ...toPerson(item, path, problems), ...toRole(item) }]
  })
}

/** The role of a contributor: any case, spaces around; missing is noticed only at publish. */
export function contributorRole({ type }: Json): Json {
  if (!isTruthy(type)) return {}
  if (typeof type !== 'string') throw crash()
  return { role: { id: type.trim().toLowerCase() } }
}

/** Supervisors become contributors. */
export function readSupervisors(value: unknown, problems: Problems): readonly Json[] {
  if (!isTruthy(value)) return []
  const field = 'metadata.thesis_supervisors'
  const people = readPeople(objectsOf(value), field, problems)
  return (people ?? []).map((person) => ({ ...person, role: { id: 'supervisor' } }))
}
