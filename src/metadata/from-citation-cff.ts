import { closest } from '../lib/closest.ts'
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
import { fromOtherLicence } from './licence.ts'
import { markdownToHtml } from './markdown.ts'
import { entryOf, isEmpty, type Path } from './metadata.ts'
import { parseText } from './parse-text.ts'
import type { Source } from './source.ts'
import { quote, toText } from './text.ts'

type Fields = Readonly<Record<string, unknown>>

/** What absent fields of the deposit are called in a citation file. */
const NAMES = {
  creators: 'authors',
  description: 'abstract',
  publication_date: 'date-released',
  upload_type: 'type',
  custom: 'repository-code',
}

/** All fields of a citation file, and of the people and organisations in it (Citation File Format 1.2). */
const FIELDS =
  'abstract authors cff-version commit contact date-released doi identifiers keywords license license-url message preferred-citation references repository repository-artifact repository-code title type url version'.split(
    ' ',
  )
const PERSON_FIELDS =
  'address affiliation alias city country date-end date-start email family-names fax given-names location name name-particle name-suffix orcid post-code region tel website'.split(
    ' ',
  )

/** Types of references, and the types Zenodo has for them. */
const REFERENCE_TYPES: Readonly<Record<string, string>> = {
  article: 'publication-article',
  book: 'publication-book',
  'conference-paper': 'publication-conferencepaper',
  data: 'dataset',
  database: 'dataset',
  dataset: 'dataset',
  manual: 'publication-softwaredocumentation',
  proceedings: 'publication-conferenceproceeding',
  report: 'publication-report',
  software: 'software',
  thesis: 'publication-dissertation',
}

/** Metadata from a citation file, Citation File Format 1.0 to 1.2. */
export function fromCitationCff(text: string, file: string, options: ConvertOptions = {}): Source {
  const parsed = parseText(text, 'yaml')
  const { value: cff } = parsed
  if (!isObject(cff)) return toUnreadable(file, parsed, 'a citation file: fields such as "title:"')
  const to = new Conversion()
  warnOfUnknown(to, cff, { known: FIELDS, at: [] })
  to.set('title', cff['title'], ['title'])
  to.set('upload_type', isEmpty(cff['type']) ? 'software' : cff['type'], ['type'])
  convertPeople(to, cff['authors'], { from: ['authors'], field: 'creators' })
  convertPeople(to, cff['contact'], { from: ['contact'], field: 'contributors' })
  to.set('description', toHtml(cff['abstract']), ['abstract'])
  to.set('version', cff['version'], ['version'])
  to.set('publication_date', cff['date-released'], ['date-released'])
  to.set('keywords', cff['keywords'], ['keywords'])
  convertLicence(to, cff)
  convertIdentifiers(to, cff)
  convertLinks(to, cff, options)
  convertReferences(to, cff)
  return to.toSource(file, parsed, NAMES)
}

/** The format has no other fields: what stands under another name is lost. */
function warnOfUnknown(
  to: Conversion,
  fields: Fields,
  { known, at }: { readonly known: readonly string[]; readonly at: Path },
): void {
  for (const name of Object.keys(fields)) {
    if (known.includes(name)) continue
    const meant = closest(name, known)
    const question = meant === undefined ? '' : ` Did you mean "${meant}"?`
    to.warn([...at, name], `A citation file has no such field here, so it is left out.${question}`)
  }
}

function toHtml(text: unknown): unknown {
  return typeof text === 'string' ? markdownToHtml(text) : text
}

function convertPeople(
  to: Conversion,
  people: unknown,
  { from, field }: { readonly from: Path; readonly field: 'creators' | 'contributors' },
): void {
  if (isEmpty(people)) return
  if (!Array.isArray(people)) {
    to.refuse(
      field,
      from,
      'It must be a list of people, each with "family-names" and "given-names", or "name".',
    )
    return
  }
  people.forEach((person: unknown, index) => {
    const place = [...from, index]
    if (isObject(person)) addPerson(to, person, { from: place, field })
    else
      to.refuse(
        field,
        place,
        `${quote(person)} is not a person. Write "family-names:" and "given-names:", or "name:".`,
      )
  })
}

function addPerson(
  to: Conversion,
  person: Fields,
  { from, field }: { readonly from: Path; readonly field: string },
): void {
  warnOfUnknown(to, person, { known: PERSON_FIELDS, at: from })
  const target: Path = [field, to.count(field)]
  const orcid = toBareOrcid(person['orcid'])
  const item = {
    name: toCitedName(person),
    ...(isEmpty(person['affiliation']) ? {} : { affiliation: person['affiliation'] }),
    ...(isEmpty(orcid) ? {} : { orcid }),
    ...(field === 'contributors' ? { type: 'ContactPerson' } : {}),
  }
  to.add(field, item, from)
  for (const key of ['orcid', 'affiliation']) to.trace([...target, key], [...from, key])
  const nameKey = ['family-names', 'name', 'given-names', 'alias'].find((key) => key in person)
  to.trace([...target, 'name'], nameKey === undefined ? from : [...from, nameKey])
}

/** `van der Berg Jr., Anna`: particle and suffix stay with the family name. */
function toCitedName(person: Fields): string {
  if (!isEmpty(person['name'])) return toText(person['name'])
  const family = [person['name-particle'], person['family-names'], person['name-suffix']]
  const name = toName(family, [person['given-names']])
  return name === '' ? toText(person['alias']) : name
}

function convertLicence(to: Conversion, cff: Fields): void {
  if (!isEmpty(cff['license'])) {
    convertLicences(to, cff['license'], ['license'])
    return
  }
  const url = cff['license-url']
  if (isEmpty(url)) return
  const known = fromOtherLicence(toText(url))
  if (known !== undefined) to.set('license', known, ['license-url'])
  else
    to.warn(
      ['license-url'],
      `${quote(url)} is the address of no licence Zenodo knows, and is left out. Give "license" with an SPDX id.`,
    )
}

function convertIdentifiers(to: Conversion, cff: Fields): void {
  convertOwnIdentifier(to, cff['doi'], ['doi'])
  const identifiers = cff['identifiers']
  if (!Array.isArray(identifiers)) return
  identifiers.forEach((identifier: unknown, index) => {
    if (!isObject(identifier) || identifier['value'] === cff['doi']) return
    convertOwnIdentifier(to, identifier['value'], ['identifiers', index, 'value'])
  })
}

function convertLinks(to: Conversion, cff: Fields, options: ConvertOptions): void {
  convertRepository(to, cff['repository-code'], { ...options, from: ['repository-code'] })
  link(to, cff['repository'], { relation: 'isSupplementTo', from: ['repository'] })
  link(to, cff['repository-artifact'], {
    relation: 'isVariantFormOf',
    from: ['repository-artifact'],
  })
  if (cff['url'] !== cff['repository-code']) {
    link(to, cff['url'], { relation: 'isDescribedBy', from: ['url'] })
  }
}

function convertReferences(to: Conversion, cff: Fields): void {
  const preferred = cff['preferred-citation']
  if (isObject(preferred)) {
    to.add('references', toCitation(preferred), ['preferred-citation'])
    const type = entryOf(REFERENCE_TYPES, toText(preferred['type']))
    const doi = ['preferred-citation', 'doi']
    link(to, preferred['doi'], {
      relation: 'isDescribedBy',
      from: doi,
      ...(type === undefined ? {} : { type }),
    })
  }
  const references = cff['references']
  if (!Array.isArray(references)) return
  references.forEach((reference: unknown, index) => {
    if (isObject(reference)) to.add('references', toCitation(reference), ['references', index])
  })
}

/** A reference as one text: authors (year). Title. Journal volume(issue), pages. Address. */
function toCitation(reference: Fields): string {
  const { title, year, journal, volume, issue, start, end, doi, url } = reference
  const authors = Array.isArray(reference['authors']) ? reference['authors'].filter(isObject) : []
  const when = isEmpty(year)
    ? toText(reference['date-released'] ?? reference['date-published']).slice(0, 4)
    : toText(year)
  const numbers = `${toText(volume)}${isEmpty(issue) ? '' : `(${toText(issue)})`}`
  const pages = [start, end]
    .filter((page) => !isEmpty(page))
    .map(toText)
    .join('–')
  const where = [toText(journal), [numbers, pages].filter((part) => part !== '').join(', ')]
  const publisher = isObject(reference['publisher']) ? toText(reference['publisher']['name']) : ''
  const address = isEmpty(doi) ? toText(url) : `https://doi.org/${toText(doi)}`
  const sentences = [
    [authors.map(toCitedName).join('; '), when === '' ? '' : `(${when})`]
      .filter((part) => part !== '')
      .join(' '),
    toText(title),
    where.filter((part) => part !== '').join(' '),
    publisher,
  ]
  const told = sentences.filter((part) => part !== '').map((part) => part.replace(/\.?$/, '.'))
  return [...told, address].filter((part) => part !== '').join(' ')
}
