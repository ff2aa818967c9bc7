import { crash } from '../transport/answer.ts'
import { isObject, textAt, type Json } from '../transport/json.ts'
import { readIsbn } from './identifiers.ts'
import { cleanText } from './text.ts'
import { isTruthy } from './python.ts'

/** Deposit API fields that live in a group of custom fields, in the order of the echo. */
export const GROUPED: Readonly<
  Record<string, readonly (readonly [legacy: string, key: string])[]>
> = {
  'journal:journal': [
    ['journal_title', 'title'],
    ['journal_volume', 'volume'],
    ['journal_issue', 'issue'],
    ['journal_pages', 'pages'],
  ],
  'meeting:meeting': [
    ['conference_title', 'title'],
    ['conference_acronym', 'acronym'],
    ['conference_dates', 'dates'],
    ['conference_place', 'place'],
    ['conference_url', 'url'],
    ['conference_session', 'session'],
    ['conference_session_part', 'session_part'],
  ],
  'imprint:imprint': [
    ['imprint_isbn', 'isbn'],
    ['imprint_place', 'place'],
    ['partof_pages', 'pages'],
    ['partof_title', 'title'],
  ],
  'thesis:thesis': [['thesis_university', 'university']],
}

/** Names that only this server uses: they never show in `custom`. */
export const SUBJECTS = 'legacy:subjects'
export const COMMUNITIES = 'legacy:communities'

/** The custom fields a deposit API object asks for; `custom` wins over the single fields. */
export function readCustomFields(metadata: Json): Json {
  const groups = Object.entries(GROUPED).flatMap(([group, fields]) => {
    const values = fields.filter(([legacy]) => (metadata[legacy] ?? null) !== null)
    const content = values.map(([legacy, key]) => [key, metadata[legacy]] as const)
    return content.length > 0 ? [[group, Object.fromEntries(content)] as const] : []
  })
  const { custom = {} } = metadata
  if (Array.isArray(custom) && custom.length === 0) return Object.fromEntries(groups)
  if (!isObject(custom)) throw crash()
  return { ...Object.fromEntries(groups), ...custom }
}

const isUrl = (text: string): boolean => /^(?:https?|ftps?):\/\/[^\s/]+\S*$/i.test(text)

/** A cleaned value, or undefined for one that is dropped. */
type Clean = (value: unknown) => unknown

const text: Clean = (value) => (typeof value === 'string' ? cleanText(value) : undefined)
const number: Clean = (value) => (typeof value === 'number' ? value : undefined)
const url: Clean = (value) => {
  const cleaned = text(value)
  return typeof cleaned === 'string' && isUrl(cleaned) ? cleaned : undefined
}
const isbn: Clean = (value) => {
  const cleaned = text(value)
  const isValid = typeof cleaned === 'string' && readIsbn(cleaned) !== undefined
  return isValid ? cleaned : undefined
}
const vocabularyId: Clean = (value) => {
  const id = textAt(value, 'id')
  return id === undefined ? undefined : { id }
}
const listOf =
  (clean: Clean): Clean =>
  (value) => {
    if (!Array.isArray(value)) return undefined
    const items = value.map(clean)
    return items.includes(undefined) ? undefined : items
  }
const interaction: Clean = (value) =>
  isObject(value) && Array.isArray(value['subject']) && Array.isArray(value['object'])
    ? value
    : undefined

function group(name: string): Clean {
  const special: Readonly<Record<string, Clean>> = { url, isbn }
  const keys = GROUPED[name]?.map(([, key]) => key) ?? []
  return (value) => {
    if (!isObject(value)) return undefined
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const cleaned = keys.includes(key) ? (special[key] ?? text)(item) : undefined
      return cleaned === undefined ? [] : [[key, cleaned] as const]
    })
    return entries.length > 0 ? Object.fromEntries(entries) : undefined
  }
}

const subject: Clean = (value) => (isObject(value) ? value : undefined)

const FIELDS: Readonly<Record<string, Clean>> = {
  'code:codeRepository': url,
  'code:programmingLanguage': listOf(vocabularyId),
  'code:developmentStatus': vocabularyId,
  [SUBJECTS]: listOf(subject),
  [COMMUNITIES]: listOf(text),
  ...Object.fromEntries(Object.keys(GROUPED).map((name) => [name, group(name)])),
}

function cleanerOf(name: string): Clean {
  const known = FIELDS[name]
  if (known) return known
  if (/^dwc:decimal(?:Latitude|Longitude)$/.test(name)) return listOf(number)
  if (/^dwc:[A-Za-z]+$/.test(name)) return listOf(text)
  return /^obo:RO_\d+$/.test(name) ? listOf(interaction) : () => undefined
}

/** Custom fields as they are stored: unknown names and wrong shapes are dropped one by one. */
export function cleanCustomFields(fields: Json): Json {
  const entries = Object.entries(fields).flatMap(([name, value]) => {
    const cleaned = cleanerOf(name)(value)
    return cleaned === undefined ? [] : [[name, cleaned] as const]
  })
  return Object.fromEntries(entries.filter(([, value]) => isTruthy(value)))
}
