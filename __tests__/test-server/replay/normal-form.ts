import { isObject, type Json } from '../../../test-server/transport/json.ts'

/** What changes from run to run, and under which name the recording knows it. */
export interface Names {
  readonly origin: string
  readonly tokens: readonly string[]
  readonly variables: ReadonlyMap<string, string>
  readonly today: string
}

/** Facts of one server that no client reads. */
const DROPPED = ['stats', 'revision_id', 'revision', 'thumb250', 'thumbs', 'etag']

/** An id is only recognised where one can stand: a small number may mean anything elsewhere. */
const ID = /(?<=zenodo\.|\/(?:depositions|deposit|records?|uploads)\/|Record ')\d+(?![\w-])/g

const isNumber = (text: string): boolean => /^\d+$/.test(text)

function nameOfId(id: string, { variables }: Names): string {
  const found = [...variables].find(([, value]) => isNumber(value) && value === id)
  return found?.[0] ?? 'other'
}

function normalText(text: string, names: Names): string {
  if (text === names.today) return '{today}'
  const words = [...names.variables]
    .filter(([, value]) => !isNumber(value))
    .sort(([, a], [, b]) => b.length - a.length)
  const known: readonly (readonly [string, string])[] = [
    ...names.tokens.map((token) => ['{token}', token] as const),
    ['{BASE}', names.origin],
    ...words.map(([name, value]) => [`{${name}}`, value] as const),
  ]
  return known
    .reduce((result, [name, value]) => result.replaceAll(value, name), text)
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)?/g, '{time}')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{uuid}')
    .replace(ID, (id) => `{${nameOfId(id, names)}}`)
}

function normalNumber(value: number, key: string | undefined, names: Names): unknown {
  if (key === 'owner') return '{owner:number}'
  const isId = ['id', 'record_id', 'recid', 'conceptrecid'].includes(key ?? '')
  return isId ? `{${nameOfId(String(value), names)}:number}` : value
}

function normalString(value: string, key: string | undefined, names: Names): string {
  if (key === 'owner') return '{owner}'
  const isConcept = key === 'recid' || key === 'conceptrecid'
  const isKnownId = key === 'id' && nameOfId(value, names) !== 'other'
  if (isNumber(value) && (isConcept || isKnownId)) return `{${nameOfId(value, names)}}`
  return normalText(value, names)
}

function nameOf(item: unknown): string | undefined {
  if (!isObject(item)) return undefined
  const name = item['filename'] ?? item['key'] ?? item['field']
  return typeof name === 'string' ? name : undefined
}

/** Files and field errors come in any order. */
function sortedByName(list: readonly unknown[]): readonly unknown[] {
  if (list.some((item) => nameOf(item) === undefined)) return list
  return list.toSorted((a, b) => ((nameOf(a) ?? '') < (nameOf(b) ?? '') ? -1 : 1))
}

/** A JSON value with names in place of everything that differs between two runs. */
export function toNormalForm(value: unknown, names: Names, key?: string): unknown {
  if (typeof value === 'string') return normalString(value, key, names)
  if (typeof value === 'number') return normalNumber(value, key, names)
  if (Array.isArray(value)) return sortedByName(value.map((item) => toNormalForm(item, names)))
  if (!isObject(value)) return value
  const entries = Object.entries(value).filter(([name]) => !DROPPED.includes(name))
  return Object.fromEntries(
    entries.map(([name, item]) => [name, toNormalForm(item, names, name)]),
  ) satisfies Json
}

/** Finds a value in an answer: `files[a.txt].id`, `links.bucket`. */
export function valueAt(answer: unknown, path: string): unknown {
  let value = answer
  for (const [, inBrackets, plain] of path.matchAll(/\[([^\]]+)\]|([^.[\]]+)/g)) {
    if (inBrackets !== undefined) {
      value = Array.isArray(value) ? value.find((item) => nameOf(item) === inBrackets) : undefined
    } else if (Array.isArray(value)) value = (value as readonly unknown[])[Number(plain)]
    else value = isObject(value) ? value[plain ?? ''] : undefined
  }
  return value
}
