/** Controls, line and paragraph separators, bidirectional and zero-width characters: all that moves a cursor or hides. */
const INVISIBLE =
  /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/gu

const escapeInvisible = (character: string): string =>
  ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ??
  `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/**
 * Text from outside in a form that is safe in a log line: one line, nothing invisible, and no
 * `##[command]`, which a runner obeys in mid-line. A log line must still begin with words of ours.
 */
export function toPrintable(text: string, maxLength = 500): string {
  const visible = text.replace(INVISIBLE, escapeInvisible).replaceAll('##[', '## [')
  return visible.length > maxLength ? `${visible.slice(0, maxLength)}…` : visible
}
