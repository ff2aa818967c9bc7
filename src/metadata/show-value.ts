import { isObject } from '../lib/json.ts'
import { toWords } from './html.ts'
import { isEmpty } from './metadata.ts'
import { toText } from './text.ts'

/** Keys whose value names a thing; the rest says more about it. */
const NAMES = ['name', 'title', 'identifier', 'id', 'term', 'place', 'type']
/** What the server adds of its own. */
const UNSHOWN = new Set(['scheme'])

/** A value of the metadata in words, on one line: a text without its tags, people and links with what is known about them. */
export function showValue(value: unknown): string {
  if (isEmpty(value)) return ''
  if (Array.isArray(value)) return value.map(showValue).filter(Boolean).join('; ')
  if (isObject(value)) return showObject(value)
  return toWords(toText(value)).replace(/\s+/g, ' ').trim()
}

function showObject(value: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(value).filter(
    ([key, member]) => !UNSHOWN.has(key) && !isEmpty(member),
  )
  const name = NAMES.find((key) => entries.some(([given]) => given === key))
  const rest = entries.filter(([key]) => key !== name)
  if (name === undefined) {
    return rest.map(([key, member]) => `${key}: ${showValue(member)}`).join(', ')
  }
  const more = rest.map(([, member]) => showValue(member)).join(', ')
  return `${showValue(value[name])}${more === '' ? '' : ` (${more})`}`
}

/** Characters kept in front of the first difference. */
const LEAD = 20

/** Two values in at most about `maxLength` characters each, so cut that their first difference is to be seen. */
export function contrast(
  one: unknown,
  other: unknown,
  maxLength: number,
): readonly [string, string] {
  const texts = [showValue(one), showValue(other)] as const
  if (texts.every(({ length }) => length <= maxLength)) return texts
  const [first, second] = texts.map((text) => Array.from(text)) as [string[], string[]]
  const shared = first.findIndex((letter, index) => letter !== second[index])
  const differs = shared < 0 ? first.length : shared
  const from = differs + LEAD < maxLength ? 0 : differs - LEAD
  return [cut(first, from, maxLength), cut(second, from, maxLength)]
}

function cut(letters: readonly string[], from: number, maxLength: number): string {
  const shown = letters.slice(from, from + maxLength).join('')
  const hasMore = letters.length > from + maxLength
  return `${from > 0 && shown !== '' ? '…' : ''}${shown}${hasMore ? '…' : ''}`
}
