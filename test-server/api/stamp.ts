/** A time as the server writes it: microseconds and an offset. */
export const stamp = (date: Date): string => date.toISOString().replace('Z', '000+00:00')

/** A key inside an address: characters that mean nothing in a path stay as they are. */
export const quoteKey = (key: string): string =>
  encodeURI(key.toWellFormed()).replaceAll('?', '%3F').replaceAll('#', '%23')

/** A number that JSON shows with a decimal point, as Python does with a float. */
export function float(value: number): unknown {
  const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }
  return Number.isInteger(value) ? rawJSON(`${value}.0`) : value
}

export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
