import { isObject } from '../../lib/json.ts'
import { isPublicationDate, toCalendarDay } from '../dates.ts'
import { entryOf, isEmpty, type Metadata, type Path, type Problem } from '../metadata.ts'
import { nearest } from '../suggest.ts'
import { oneOf, quote } from '../text.ts'
import {
  CUSTOM_FIELDS,
  DEVELOPMENT_STATUSES,
  isProgrammingLanguage,
  shapeOfCustomField,
  type CustomShape,
} from '../vocabularies.ts'
import { isWebAddress } from './links.ts'
import { lost, refused, type Check } from './context.ts'

/** Custom groups, and the fields of the deposit's metadata that say the same. */
const GROUPS: Readonly<Record<string, RegExp>> = {
  'journal:journal': /^journal_/,
  'meeting:meeting': /^conference_/,
  'imprint:imprint': /^(partof_|imprint_(?!publisher))/,
  'thesis:thesis': /^thesis_university$/,
}

/** What each shape is, in words. */
const SHAPES: Readonly<Record<CustomShape, string>> = {
  texts: 'a list of texts',
  numbers: 'a list of numbers',
  integers: 'a list of whole numbers',
  days: 'a list of days as YYYY-MM-DD',
  dates: 'a list of dates',
  relationships: 'a list of {"subject": […], "object": […]}',
  url: 'an address with https://',
  languages: 'a list of {"id": …}',
  status: 'an object {"id": …}',
  object: 'an object',
}

/** Custom fields by name and shape; a vocabulary id that does not exist refuses all metadata. */
export const checkCustom: Check = (metadata) => {
  const { custom } = metadata
  if (!isObject(custom)) return []
  return Object.entries(custom).flatMap(([name, value]) => checkCustomField(name, value, metadata))
}

function checkCustomField(name: string, value: unknown, metadata: Metadata): readonly Problem[] {
  const path: Path = ['custom', name]
  const shape = shapeOfCustomField(name)
  if (shape === undefined) return [lost(path, describeUnknown(name))]
  if (isEmpty(value) && value !== null) return []
  if (!hasShape(value, shape)) {
    return [lost(path, `${quote(value)} is not ${SHAPES[shape]} and would be dropped.`)]
  }
  const rival = Object.keys(metadata).find((field) => entryOf(GROUPS, name)?.test(field) === true)
  if (rival !== undefined) return [lost([rival], `It would be lost: custom.${name} wins over it.`)]
  return checkIds(value, shape, path)
}

function describeUnknown(name: string): string {
  const near = nearest(name, CUSTOM_FIELDS)
  const question = near === undefined ? '' : ` Did you mean "${near}"?`
  return `Zenodo knows no custom field "${name}" and would drop it without a message.${question}`
}

function checkIds(value: unknown, shape: CustomShape, path: Path): readonly Problem[] {
  if (shape === 'languages') {
    const unknown = (value as readonly Readonly<Record<string, string>>[])
      .map(({ id = '' }) => id)
      .filter((id) => !isProgrammingLanguage(id))
    return unknown.map((id) =>
      refused(path, `${quote(id)} is not a programming language Zenodo knows.`),
    )
  }
  if (shape !== 'status') return []
  const { id = '' } = value as Readonly<Record<string, string>>
  return DEVELOPMENT_STATUSES.includes(id)
    ? []
    : [refused(path, `${quote(id)} is not accepted. Accepted: ${oneOf(DEVELOPMENT_STATUSES)}.`)]
}

function hasShape(value: unknown, shape: CustomShape): boolean {
  switch (shape) {
    case 'url':
      return typeof value === 'string' && isWebAddress(value)
    case 'object':
      return isObject(value)
    case 'status':
      return hasId(value)
    case 'languages':
      return Array.isArray(value) && value.every(hasId)
    case 'relationships':
      return Array.isArray(value) && value.every(isObject)
    case 'texts':
    case 'numbers':
    case 'integers':
    case 'days':
    case 'dates':
      return Array.isArray(value) && value.every((item) => isItem(item, shape))
  }
}

function isItem(item: unknown, shape: CustomShape): boolean {
  if (shape === 'numbers') return item !== '' && Number.isFinite(Number(item))
  if (shape === 'integers') return item !== '' && Number.isInteger(Number(item))
  if (typeof item !== 'string') return false
  if (shape === 'days') return toCalendarDay(item) !== undefined
  return shape !== 'dates' || isPublicationDate(item)
}

function hasId(value: unknown): boolean {
  return isObject(value) && typeof value['id'] === 'string'
}
