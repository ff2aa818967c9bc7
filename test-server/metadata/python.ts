import { crash } from '../transport/answer.ts'
import { isObject, type Json } from '../transport/json.ts'

/** What Python calls true; absent counts as None. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (isObject(value)) return Object.keys(value).length > 0
  return Boolean(value)
}

/** What iterating over a value gives: the letters of a text, the keys of an object; else a crash. */
export function iterate(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return Array.from(value)
  if (isObject(value)) return Object.keys(value)
  throw crash()
}

/** The objects of a list; anything else is not expected by the real server, which crashes. */
export function objectsOf(value: unknown): readonly Json[] {
  if (!Array.isArray(value)) throw crash()
  return value.map((item) => {
    if (!isObject(item)) throw crash()
    return item
  })
}

/** A value as Python prints it in messages. */
export function represent(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.map(represent).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, item]) => `'${key}': ${represent(item)}`)
  return `{${entries.join(', ')}}`
}
