import { decodeHTML } from 'entities'

/** What the server removes from every text: colours of terminals, controls but tab and line ends, the zero-width space, the byte order mark. */
// eslint-disable-next-line no-control-regex -- controls are what this is about
const REMOVED = /\u001b\[[\d;]*[A-Za-z]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b\ufeff]/g

/** A plain text as the server keeps it, as far as its length and emptiness go: entities decoded, controls and outer spaces gone. */
export function cleanText(text: string): string {
  return decodeHTML(text).replace(REMOVED, '').trim()
}

/** Length in characters (code points), as the server counts. */
export function lengthOf(text: string): number {
  return Array.from(text).length
}

/** Ligatures and full- or half-width forms, which the server unfolds. */
const FOLDED = /[\ufb00-\ufb06\uff00-\uffef]/g

/**
 * What is left of a text when everything is taken away that the server may repair: entities, quotes,
 * ligatures, full-width forms, accents lost and found, spaces, controls. Equal cores, same text.
 */
export function coreOfText(text: string): string {
  return decodeHTML(text)
    .replace(FOLDED, (letter) => letter.normalize('NFKC'))
    .normalize('NFC')
    .replace(/[^\x21-\x7e]|['"`]/g, '')
}

/** A value for a message: JSON, on one line, not longer than 60 characters. */
export function quote(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return lengthOf(text) <= 60 ? text : `${Array.from(text).slice(0, 57).join('')}…`
}

/** `a, b or c`. */
export function oneOf(values: readonly string[]): string {
  const last = values.at(-1) ?? ''
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`
}

/** A text as it is; anything else as JSON, and nothing as an empty text. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
