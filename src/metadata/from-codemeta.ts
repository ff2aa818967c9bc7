import { isObject } from '../lib/json.ts'
import { Conversion, toUnreadable } from './conversion.ts'
import {
  convertLicences,
  convertOwnIdentifier,
  convertRepository,
  link,
  toBareOrcid,
  toName,
  type ConvertOptions,
} from './convert.ts'
import { markdownToHtml } from './markdown.ts'
import { entryOf, isEmpty, type Path } from './metadata.ts'
import { parseText } from './parse-text.ts'
import type { Source } from './source.ts'
import { quote, toText } from './text.ts'
import { FUNDERS } from './vocabularies.ts'

type Fields = Readonly<Record<string, unknown>>

/** What absent fields of the deposit are called in codemeta. */
const NAMES = {
  title: 'name',
  creators: 'author',
  publication_date: 'datePublished',
  upload_type: '@type',
  custom: 'codeRepository',
  grants: 'funding',
}

/** Types of schema.org, and what Zenodo calls them. */
const TYPES: Readonly<Record<string, string>> = {
  Dataset: 'dataset',
  SoftwareApplication: 'software',
  SoftwareSourceCode: 'software',
}

/** People of other parts, and their role as contributors. */
const ROLES: Readonly<Record<string, string>> = {
  contributor: 'Other',
  editor: 'Editor',
  producer: 'Producer',
  copyrightHolder: 'RightsHolder',
  sponsor: 'Sponsor',
}

/** Metadata from a codemeta file, versions 2.0 and 3.0. */
export function fromCodemeta(text: string, file: string, options: ConvertOptions = {}): Source {
  const parsed = parseText(text, 'json')
  const { value: codemeta } = parsed
  if (!isObject(codemeta)) return toUnreadable(file, parsed, 'a codemeta object: {"name": …}')
  const to = new Conversion()
  to.set('title', codemeta['name'], ['name'])
  convertType(to, codemeta)
  eachOf(codemeta['author'], ['author'], (person, from) => addPerson(to, person, { from }))
  for (const [key, type] of Object.entries(ROLES)) {
    eachOf(codemeta[key], [key], (person, from) => addPerson(to, person, { from, type }))
  }
  convertDescription(to, codemeta)
  convertVersion(to, codemeta)
  to.set('publication_date', toDay(codemeta['datePublished']), ['datePublished'])
  convertKeywords(to, codemeta['keywords'])
  convertLicence(to, codemeta['license'])
  eachOf(codemeta['identifier'], ['identifier'], (value, from) =>
    convertOwnIdentifier(to, isObject(value) ? (value['value'] ?? idOf(value)) : value, from),
  )
  if (/^https?:\/\/(dx\.)?doi\.org\//.test(toText(idOf(codemeta)))) {
    convertOwnIdentifier(to, idOf(codemeta), ['@id'])
  }
  convertLinks(to, codemeta, options)
  convertFunding(to, codemeta)
  return to.toSource(file, parsed, NAMES)
}

/** JSON-LD: one value or a list of them. */
function eachOf(value: unknown, from: Path, act: (item: unknown, from: Path) => void): void {
  if (isEmpty(value)) return
  if (!Array.isArray(value)) act(value, from)
  else value.forEach((item: unknown, index) => act(item, [...from, index]))
}

/** JSON-LD keywords, with `@` in codemeta 2.0 and without in 3.0. */
function idOf(value: Fields): unknown {
  return value['@id'] ?? value['id']
}

function typesOf(value: Fields): readonly string[] {
  return [value['@type'] ?? value['type']].flat().map(toText)
}

function convertType(to: Conversion, codemeta: Fields): void {
  const known = typesOf(codemeta)
    .map((type) => entryOf(TYPES, type))
    .find((type) => type !== undefined)
  to.set('upload_type', known ?? 'software', ['@type' in codemeta ? '@type' : 'type'])
}

function addPerson(
  to: Conversion,
  person: unknown,
  { from, type }: { readonly from: Path; readonly type?: string },
): void {
  const fields: Fields = isObject(person) ? person : { name: person }
  // Codemeta 3.0 lists what people did beside the people themselves.
  if (typesOf(fields).includes('Role')) return
  const field = type === undefined ? 'creators' : 'contributors'
  const target: Path = [field, to.count(field)]
  const id = idOf(fields)
  const isOrcidAddress = /^https?:\/\/(www\.)?orcid\.org\//.test(toText(id))
  const affiliation = toAffiliation(fields['affiliation'])
  const name = toPersonName(fields)
  if (name === '') {
    to.refuse(
      field,
      from,
      `${quote(person)} has no name. Give "familyName" and "givenName", or "name".`,
    )
    return
  }
  to.add(
    field,
    {
      name,
      ...(affiliation === '' ? {} : { affiliation }),
      ...(isOrcidAddress ? { orcid: toBareOrcid(id) } : {}),
      ...(type === undefined ? {} : { type }),
    },
    from,
  )
  to.trace([...target, 'orcid'], [...from, '@id' in fields ? '@id' : 'id'])
  to.trace([...target, 'affiliation'], [...from, 'affiliation'])
}

function toPersonName(person: Fields): string {
  const name = toName([person['familyName']].flat(), [person['givenName']].flat())
  return isEmpty(person['familyName']) && !isEmpty(person['name']) ? toText(person['name']) : name
}

/** The name of an institution, given as text, as an object, or as a list of which the first counts. */
function toAffiliation(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value
  if (isObject(first)) return toText(first['name'] ?? first['legalName'])
  return typeof first === 'string' ? first : ''
}

function convertDescription(to: Conversion, codemeta: Fields): void {
  const key = isEmpty(codemeta['description']) ? 'abstract' : 'description'
  const text = codemeta[key]
  to.set('description', typeof text === 'string' ? markdownToHtml(text) : text, [key])
}

/** `version` may be a number; `softwareVersion` is the older name. */
function convertVersion(to: Conversion, codemeta: Fields): void {
  const key = isEmpty(codemeta['version']) ? 'softwareVersion' : 'version'
  to.set('version', toText(codemeta[key]), [key])
}

/** A day of a point in time; anything else stays and is judged where it stands. */
function toDay(value: unknown): unknown {
  const day = typeof value === 'string' ? /^(\d{4}-\d{2}-\d{2})T/.exec(value)?.[1] : undefined
  return day ?? value
}

/** A list, or one text with commas. */
function convertKeywords(to: Conversion, value: unknown): void {
  const split = typeof value === 'string' ? value.split(',').map((word) => word.trim()) : value
  const words = Array.isArray(split) ? split.filter((word) => word !== '') : split
  to.set('keywords', words, ['keywords'])
}

/** SPDX addresses or ids, or objects that have one. */
function convertLicence(to: Conversion, value: unknown): void {
  const toName = (one: unknown) =>
    isObject(one) ? (idOf(one) ?? one['url'] ?? one['identifier'] ?? one['name']) : one
  if (isEmpty(value)) return
  convertLicences(to, Array.isArray(value) ? value.map(toName) : toName(value), ['license'])
}

function convertLinks(to: Conversion, codemeta: Fields, options: ConvertOptions): void {
  convertRepository(to, codemeta['codeRepository'], { ...options, from: ['codeRepository'] })
  if (codemeta['url'] !== codemeta['codeRepository']) {
    link(to, codemeta['url'], { relation: 'isDescribedBy', from: ['url'] })
  }
  eachOf(codemeta['softwareHelp'], ['softwareHelp'], (value, from) =>
    link(to, isObject(value) ? (idOf(value) ?? value['url']) : value, {
      relation: 'isDocumentedBy',
      from,
    }),
  )
  eachOf(codemeta['referencePublication'], ['referencePublication'], (value, from) => {
    const address = isObject(value) ? (idOf(value) ?? value['identifier'] ?? value['url']) : value
    link(to, address, { relation: 'isDescribedBy', from })
  })
}

/** Grants whose funder Zenodo knows become grants; other funding is told in the notes. */
function convertFunding(to: Conversion, codemeta: Fields): void {
  const told: string[] = []
  eachOf(codemeta['funding'], ['funding'], (funding, from) => {
    const funder = isObject(funding) ? funding['funder'] : codemeta['funder']
    const id = isObject(funding) ? toGrant(funding['identifier'], funder) : undefined
    if (id !== undefined) to.add('grants', { id }, from)
    else told.push(describeFunding(funding, funder))
  })
  const funders = [codemeta['funder']].flat().filter((funder) => !isEmpty(funder))
  if (isEmpty(codemeta['funding']))
    told.push(...funders.map((funder) => describeFunding('', funder)))
  const words = [...new Set(told)].filter((text) => text !== '')
  to.set('notes', words.length === 0 ? undefined : markdownToHtml(`Funding: ${words.join('; ')}`), [
    isEmpty(codemeta['funding']) ? 'funder' : 'funding',
  ])
}

/** `00k4n6c32::283595` for a number and a funder that is named by its ROR id or its Crossref DOI. */
function toGrant(number: unknown, funder: unknown): string | undefined {
  if (!isObject(funder) || isEmpty(number)) return undefined
  const id = toText(idOf(funder) ?? funder['identifier'])
  const doi = /10\.13039\/\d+/.exec(id)?.[0]
  const ror =
    /ror\.org\/(0\w{8})/.exec(id)?.[1] ?? (doi === undefined ? undefined : FUNDERS.get(doi))
  return ror !== undefined && [...FUNDERS.values()].includes(ror)
    ? `${ror}::${toText(number)}`
    : undefined
}

function describeFunding(funding: unknown, funder: unknown): string {
  const name = isObject(funder) ? toText(funder['name']) : toText(funder)
  const award = isObject(funding)
    ? [funding['name'], funding['identifier']]
        .filter((part) => !isEmpty(part))
        .map(toText)
        .join(' ')
    : toText(funding)
  return [name, award].filter((part) => part !== '').join(', ')
}
