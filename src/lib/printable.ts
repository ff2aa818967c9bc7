/** Controls, format characters (bidirectional, zero-width), fillers and selectors that fonts leave out, the blank of Braille, line and paragraph separators, lone surrogates: all that moves a cursor or hides. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\p{Zl}\p{Zp}\p{Cs}]/gu
/** What cutting leaves of a character that takes two units. */
const HALF_CHARACTER = /\p{Cs}$/u

const escapeInvisible = (character: string): string =>
  ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ??
  `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/**
 * Text from outside in a form that is safe in a log line: one line, nothing invisible, and no
 * `##[command]`, which a runner obeys in mid-line. A log line must still begin with words of ours.
 */
export function toPrintable(text: string, maxLength = 500): string {
  const visible = text.replace(INVISIBLE, escapeInvisible).replaceAll('##[', '## [')
  if (visible.length <= maxLength) return visible
  return `${visible.slice(0, maxLength).replace(HALF_CHARACTER, '')}…`
}
