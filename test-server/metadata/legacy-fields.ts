import { crash } from '../transport/answer.ts'
import { isObject, present, type Json } from '../transport/json.ts'
import type { Problems } from './problems.ts'
import { isTruthy, iterate, objectsOf, represent } from './python.ts'
import { findLicense, fromTwoLetters, toFunderId } from './vocabularies.ts'

/** A text field that may be absent, but not null and nothing else. */
export function readString(metadata: Json, key: string, problems: Problems): string | undefined {
  const value = metadata[key]
  if (value === undefined || typeof value === 'string') return value
  const message = value === null ? 'Field may not be null.' : 'Not a valid string.'
  problems.add(`metadata.${key}`, message)
  return undefined
}

/** Whether a field was given as null, which is noted where the field may not be. */
function isNull(value: unknown, field: string, problems: Problems): boolean {
  if (value !== null) return false
  problems.add(`metadata.${field}`, 'Field may not be null.')
  return true
}

export function readResourceType(metadata: Json): Json | undefined {
  const type = metadata['upload_type']
  if (!isTruthy(type)) return undefined
  if (typeof type !== 'string') return { id: type }
  const subtype = metadata[`${type.trim()}_type`]
  if (!isTruthy(subtype)) return { id: type.trim() }
  const name = typeof subtype === 'string' ? subtype : represent(subtype)
  return { id: `${type.trim()}-${name === 'thesis' ? 'dissertation' : name}` }
}

export function readLicense(value: unknown, problems: Problems): readonly Json[] | undefined {
  if (value === undefined || isNull(value, 'license', problems)) return undefined
  const name = isObject(value) && Object.keys(value).length > 0 ? value['id'] : value
  if (isObject(value) && Object.keys(value).length > 0 && typeof name !== 'string') throw crash()
  if (typeof name !== 'string') {
    const expected = "expected string, or object with 'id' key"
    const message = `Invalid license value provided (${expected}): ${represent(value)}`
    problems.add('metadata.license', message)
    return undefined
  }
  const license = findLicense(name)
  if (!license) problems.add('metadata.license', `Invalid license provided: ${name}`)
  return license && [license]
}

export function readLanguage(value: unknown, problems: Problems): readonly Json[] | undefined {
  if (value === undefined || isNull(value, 'language', problems)) return undefined
  if (typeof value === 'number' || typeof value === 'boolean') throw crash()
  if (typeof value === 'string' && value.length === 3) return [{ id: value }]
  if (typeof value === 'string' && value.length === 2) {
    const id = fromTwoLetters(value)
    return id === undefined ? undefined : [{ id }]
  }
  const message = 'Language must be either ISO-639-1 or 639-2 compatible.'
  problems.add('metadata.language', message)
  return undefined
}

/** A list in which each item becomes an object with one key; a text falls apart into letters. */
export function readList(
  metadata: Json,
  key: string,
  wrap: (item: unknown) => Json,
  problems: Problems,
): readonly Json[] | undefined {
  const value = metadata[key]
  if (value === undefined || isNull(value, key, problems)) return undefined
  return iterate(value).map(wrap)
}

function readCoordinates({ lat, lon }: Json): Json {
  if (!isTruthy(lat) || !isTruthy(lon)) return {}
  const coordinates = [Number(lon), Number(lat)]
  if (coordinates.some(Number.isNaN)) throw crash()
  return { geometry: { type: 'Point', coordinates } }
}

export function readLocations(value: unknown, problems: Problems): Json | undefined {
  if (value === undefined || isNull(value, 'locations', problems)) return undefined
  const features = objectsOf(value).map((location) => {
    const { place, description } = location
    if (place === undefined || place === '') throw crash()
    return present({ place: place ?? undefined, description, ...readCoordinates(location) })
  })
  return features.length > 0 ? { features } : undefined
}

function readDate(item: Json, problems: Problems): Json | undefined {
  const { start, end, type, description } = item
  const [from, to] = [start, end].map((part) => (isTruthy(part) ? String(part) : undefined))
  if (from === undefined && to === undefined) {
    problems.add('metadata.dates', 'Invalid date provided.')
    return undefined
  }
  if (typeof type !== 'string') throw crash()
  const isInterval = from !== undefined && to !== undefined && from !== to
  const date = isInterval ? `${from}/${to}` : (from ?? to)
  return present({ date, type: { id: type.toLowerCase() }, description })
}

export function readDates(value: unknown, problems: Problems): readonly Json[] | undefined {
  if (value === undefined || isNull(value, 'dates', problems)) return undefined
  const dates = objectsOf(value).map((item) => readDate(item, problems))
  return dates.filter((date) => date !== undefined)
}

export function readGrants(value: unknown, problems: Problems): readonly Json[] | undefined {
  if (value === undefined || isNull(value, 'grants', problems)) return undefined
  return objectsOf(value).map(({ id }) => {
    if (typeof id !== 'string') throw crash()
    const at = id.indexOf('::')
    const funder = at < 0 ? '00k4n6c32' : toFunderId(id.slice(0, at))
    const number = at < 0 ? id : id.slice(at + 2)
    return { funder: { id: funder }, award: { id: `${funder}::${number}`.trim() } }
  })
}

/** Slugs; what is no text is forgotten, a slug given twice counts once. */
export function readCommunities(value: unknown, problems: Problems): readonly string[] {
  if (!isTruthy(value)) return []
  const isRight =
    Array.isArray(value) && value.every((item) => isObject(item) && 'identifier' in item)
  if (!isRight) {
    const message = "Communities must be an array of objects with an 'identifier' key."
    problems.add('communities', message)
    return []
  }
  const slugs = value.map((item: Json) => item['identifier'])
  return [...new Set(slugs.filter((slug) => typeof slug === 'string').map((slug) => slug.trim()))]
}

/** Subjects are stored as given; what has a part that is no text is forgotten. */
export function readSubjects(value: unknown): readonly Json[] {
  if (!isTruthy(value)) return []
  return objectsOf(value).flatMap((subject) => {
    const { term, identifier, scheme } = subject
    const parts = Object.entries({ term, identifier, scheme }).filter(
      ([, part]) => part !== undefined && part !== null,
    )
    const isText = parts.every(([, part]) => typeof part === 'string')
    return isText && parts.length > 0 ? [Object.fromEntries(parts)] : []
  })
}
