/** A JSON object whose members have not been looked at. */
export type Json = Record<string, unknown>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object below a key, or an empty one. */
export function objectAt(value: unknown, key: string): Json {
  const item = isObject(value) ? value[key] : undefined
  return isObject(item) ? item : {}
}

/** The list below a key, or an empty one. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const item = isObject(value) ? value[key] : undefined
  return Array.isArray(item) ? item : []
}

/** The text below a key, if there is one. */
export function textAt(value: unknown, key: string): string | undefined {
  const item = isObject(value) ? value[key] : undefined
  return typeof item === 'string' ? item : undefined
}

/** The object without some of its members. */
export function without(value: Json, ...keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))
}

/** The object without the members that are undefined: answers never carry them. */
export function present(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined))
}
