/** JSON from outside is unknown until somebody has looked; these look. */
export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object itself, or an empty one. */
export const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** The list itself, or an empty one. */
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A non-empty string, else undefined. */
export const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** A string or number as text: the server sends ids as both. */
export const asId = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : asText(value)
