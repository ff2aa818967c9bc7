import { isObject } from '../../lib/json.ts'
import { hasGndCheckDigit, isOrcid, toGnd } from '../identifiers.ts'
import { isEmpty, type Path, type Problem } from '../metadata.ts'
import { cleanText, quote } from '../text.ts'
import { itemsOf, lost, refused, type Check } from './context.ts'

type Person = Readonly<Record<string, unknown>>

/** Names, ORCID iDs, GND numbers and affiliations of everybody who is named. */
export const checkPeople: Check = (metadata) =>
  ['creators', 'contributors', 'thesis_supervisors'].flatMap((field) =>
    itemsOf(metadata, field).flatMap(([person, path]) =>
      isObject(person) ? checkPerson(person, path) : [],
    ),
  )

function checkPerson(person: Person, path: Path): readonly Problem[] {
  return [
    ...checkName(person, [...path, 'name']),
    ...checkOrcid(person['orcid'], [...path, 'orcid']),
    ...checkGnd(person['gnd'], [...path, 'gnd']),
    ...checkAffiliations(person, [...path, 'affiliations']),
  ]
}

/** With exactly one comma, the family name is what stands before it, and must not be blank. */
function checkName({ name }: Person, path: Path): readonly Problem[] {
  if (typeof name !== 'string') return []
  const parts = name.split(',')
  const family = parts.length === 2 ? (parts[0] ?? '') : name
  if (cleanText(family) !== '') return []
  return [refused(path, `${quote(name)} has no family name. Write "Family, Given", or one name.`)]
}

function checkOrcid(orcid: unknown, path: Path): readonly Problem[] {
  if (typeof orcid !== 'string' || isOrcid(orcid)) return []
  const found = /\d{4}-\d{4}-\d{4}-\d{3}[\dXx]/.exec(orcid)?.[0]
  const problem =
    found !== undefined && isOrcid(found)
      ? `Zenodo cannot read ${quote(orcid)}; write ${quote(`https://orcid.org/${found}`)}.`
      : `${quote(orcid)} is not an ORCID iD: 16 digits whose last one checks the others, such as 0000-0002-1825-0097.`
  return [refused(path, problem)]
}

function checkGnd(gnd: unknown, path: Path): readonly Problem[] {
  if (typeof gnd !== 'string') return []
  const number = toGnd(gnd)
  if (number === undefined) {
    return [
      refused(path, `${quote(gnd)} is not a GND number such as 118540238, and crashes Zenodo.`),
    ]
  }
  if (hasGndCheckDigit(number)) return []
  return [
    lost(
      path,
      `${quote(gnd)} fails the check of its last digit, so it names nobody or somebody else.`,
    ),
  ]
}

function checkAffiliations({ affiliation, affiliations }: Person, path: Path): readonly Problem[] {
  if (isEmpty(affiliations) || isEmpty(affiliation)) return []
  return [lost(path, 'Zenodo keeps "affiliation" and would drop "affiliations" beside it.')]
}
