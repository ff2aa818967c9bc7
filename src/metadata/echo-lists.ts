import { isObject } from '../lib/json.ts'
import type { Lost } from './echo.ts'
import { coreOfIdentifier, isSamePersonKey, isSameText, toAwardId } from './echo-values.ts'
import { entryOf, isEmpty, type Metadata } from './metadata.ts'
import { quote, toText } from './text.ts'

type Item = Readonly<Record<string, unknown>>

/** What the server dropped or changed of one list field; both sides in canonical form. */
export function findLostItems(field: string, given: Metadata, kept: Metadata): readonly Lost[] {
  const sent = given[field]
  const echoed: unknown = kept[field]
  if (!Array.isArray(sent)) return [lost(field, `the server cannot have kept ${quote(sent)}`)]
  const list: readonly unknown[] = Array.isArray(echoed) ? echoed : []
  switch (field) {
    case 'creators':
      return findLostPeople(field, sent, list)
    case 'contributors':
      return findLostPeople(field, sent, list.slice(countSupervisors(given)))
    case 'related_identifiers':
      return findLostIdentifiers(sent, list)
    case 'communities':
    case 'grants':
      return findLostIds(field, sent, list)
    case 'keywords':
    case 'references':
      return findLostTexts(field, sent, list)
    default:
      return findLostObjects(field, sent, list)
  }
}

/** The echo puts supervisors of a thesis before the contributors. */
function countSupervisors(given: Metadata): number {
  const supervisors = given['thesis_supervisors']
  return Array.isArray(supervisors) ? supervisors.length : 0
}

function findLostPeople(
  field: string,
  sent: readonly unknown[],
  echoed: readonly unknown[],
): readonly Lost[] {
  return sent.flatMap((person, index) => {
    const kept = echoed[index]
    if (!isObject(person)) return []
    if (!isObject(kept))
      return [lost(`${field}.${index}`, `the server did not keep ${quote(person)}`)]
    return Object.entries(person).flatMap(([key, value]) => {
      if (isEmpty(value) || key === 'affiliations' || value === 'Translator') return []
      const name = `${field}.${index}.${key}`
      const echoed = entryOf(kept, key)
      if (isEmpty(echoed)) return [lost(name, `the server did not keep ${quote(value)}`)]
      if (isSamePersonKey(key, value, echoed)) return []
      return [lost(name, `the server made ${quote(echoed)} of ${quote(value)}`)]
    })
  })
}

/** Relations the server stores but never shows. */
const UNSHOWN_RELATIONS = new Set([
  'isTranslationOf',
  'hasTranslation',
  'isCollectedBy',
  'collects',
  'other',
])

/** The server may reorder them and writes each in its normal form. */
function findLostIdentifiers(
  sent: readonly unknown[],
  echoed: readonly unknown[],
): readonly Lost[] {
  const left = echoed.filter(isObject)
  const missing = sent.flatMap((item, index): (readonly [Item, number])[] => {
    if (!isObject(item)) return []
    const place = left.findIndex((kept) => isSameLink(item, kept))
    if (place < 0) return [[item, index]]
    left.splice(place, 1)
    return []
  })
  // One that is left on either side is the same link in a normal form unknown here.
  return missing
    .slice(left.length)
    .map(([item, index]) =>
      lost(`related_identifiers.${index}`, `the server did not keep ${quote(item['identifier'])}`),
    )
}

function isSameLink(sent: Item, kept: Item): boolean {
  const one = coreOfIdentifier(toText(sent['identifier']))
  const other = coreOfIdentifier(toText(kept['identifier']))
  if (one !== other) return false
  return sent['relation'] === kept['relation'] || UNSHOWN_RELATIONS.has(toText(sent['relation']))
}

function findLostIds(
  field: string,
  sent: readonly unknown[],
  echoed: readonly unknown[],
): readonly Lost[] {
  const kept = new Set(echoed.map((item) => toId(field, item)))
  return sent.flatMap((item, index) => {
    const id = toId(field, item)
    return kept.has(id) ? [] : [lost(`${field}.${index}`, `the server did not keep ${quote(id)}`)]
  })
}

function toId(field: string, item: unknown): string {
  if (!isObject(item)) return ''
  return field === 'grants' ? toAwardId(toText(item['id'])) : toText(item['identifier']).trim()
}

function findLostTexts(
  field: string,
  sent: readonly unknown[],
  echoed: readonly unknown[],
): readonly Lost[] {
  const left = [...echoed]
  return sent.flatMap((text, index) => {
    if (isEmpty(text)) return []
    const place = left.findIndex((kept) => isSameText(text, kept))
    if (place < 0) return [lost(`${field}.${index}`, `the server did not keep ${quote(text)}`)]
    left.splice(place, 1)
    return []
  })
}

/** `dates`, `locations`, `subjects`: by position. The echo leaves single dates out, which says nothing about them. */
function findLostObjects(
  field: string,
  sent: readonly unknown[],
  echoed: readonly unknown[],
): readonly Lost[] {
  return sent.flatMap((item, index) => {
    const kept = echoed[index]
    if (!isObject(item) || Object.values(item).every(isEmpty)) return []
    if (!isObject(kept))
      return [lost(`${field}.${index}`, `the server did not keep ${quote(item)}`)]
    return Object.entries(item).flatMap(([key, value]) => {
      if (isEmpty(value) || (field === 'dates' && key !== 'type')) return []
      if (isSameMember(value, entryOf(kept, key))) return []
      return [lost(`${field}.${index}.${key}`, `the server did not keep ${quote(value)}`)]
    })
  })
}

function isSameMember(sent: unknown, kept: unknown): boolean {
  if (kept === undefined || kept === null) return false
  return typeof kept === 'number' ? Number(sent) === kept : isSameText(sent, kept)
}

function lost(field: string, problem: string): Lost {
  return { field, problem: `${problem}.` }
}
