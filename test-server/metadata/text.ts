/** How the server repairs text before it is stored; facts from the recorded verdicts. */

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  deg: '°',
  plusmn: '±',
  micro: 'µ',
  middot: '·',
  times: '×',
  szlig: 'ß',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  euro: '€',
}

/** Accented letters are a letter and the name of its accent. */
const ACCENTS: Readonly<Record<string, string>> = {
  grave: '\u0300',
  acute: '\u0301',
  circ: '\u0302',
  tilde: '\u0303',
  uml: '\u0308',
  ring: '\u030a',
  cedil: '\u0327',
}

const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]*));/gi

function toCharacter(whole: string, decimal?: string, hex?: string, name = ''): string {
  if (decimal !== undefined || hex !== undefined) {
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  }
  const accent = ACCENTS[name.slice(1)]
  return NAMED[name] ?? (accent ? `${name.slice(0, 1)}${accent}`.normalize() : whole)
}

/** Characters that Windows put where Unicode has control codes. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

const toWindows = (control: string): string => WINDOWS.charAt(control.charCodeAt(0) - 0x80)

/** UTF-8 that was once read as Latin-1 or Windows-1252: back to what it was. */
function undoMojibake(text: string): string {
  if (!/[ÂÃâ][\u0080-\u00bf\u2010-\u2122€ŒœŠšŸŽžƒˆ˜]/.test(text)) return text
  const bytes = Array.from(text, (char) => {
    const code = char.charCodeAt(0)
    if (char.length === 1 && code < 0x100) return code
    const windows = WINDOWS.indexOf(char)
    return windows < 0 ? -1 : windows + 0x80
  })
  if (bytes.includes(-1)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
  } catch {
    return text
  }
}

const LIGATURES = /[\ufb00-\ufb06]/g
const WIDTHS = /[\u3000\uff01-\uffee]+/g
const INVISIBLE =
  // eslint-disable-next-line no-control-regex -- control characters are what is removed here
  /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff\u200b]/g

/** Repairs characters; entities and the spaces around stay. */
export function repairCharacters(text: string): string {
  return undoMojibake(text.toWellFormed())
    .replace(/[\u0080-\u009f]/g, toWindows)
    .replace(LIGATURES, (ligature) => ligature.normalize('NFKC'))
    .replace(WIDTHS, (wide) => wide.normalize('NFKC'))
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f]/g, '"')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(INVISIBLE, '')
    .normalize()
}

/** A plain text as it is stored: repaired, entities decoded unless there is markup, trimmed. */
export function cleanText(text: string): string {
  const repaired = repairCharacters(text)
  const decoded = repaired.includes('<') ? repaired : repaired.replace(ENTITY, toCharacter)
  return repairCharacters(decoded).trim()
}

/** Length as Python counts it: in code points. */
export const lengthOf = (text: string): number => Array.from(text).length
