import { toPrintable } from '../lib/printable.ts'

/** A joiner without width: it keeps a page from making a link, a mention or a picture of a text. */
const BREAK = '\u2060'
/** Mentions and mail addresses, numbers of issues, addresses and names of emoji, each up to where it is broken. What looks like none of them can be copied as it is. */
const LINKING = /@(?=[\w-])|#(?=\d)|:(?=\/)|:(?=[\w+-]+:)|mailto:|xmpp:|www(?=\.)|GH(?=-\d)/gi
/** What Markdown, HTML or mathematics obeys anywhere in a line. */
const ACTIVE = /[&<>"\\`*_[\]|~$@#]/g
/** What begins a list, or underlines a heading. */
const OPENING = /^(?:[-+=:]|\d+[.)](?=\s|$))/

const toEntity = (character: string): string => `&#${character.charCodeAt(0)};`

/** Text from outside as plain text in Markdown and HTML: shown as it is, never obeyed, never linked. */
export function escapeMarkdown(text: string, maxLength = 300): string {
  return toPrintable(text.trim(), maxLength)
    .replace(LINKING, (start) => start + BREAK)
    .replace(ACTIVE, toEntity)
    .replace(OPENING, (start) => start.replace(/[-+=:.)]/, toEntity))
    .replaceAll(BREAK, toEntity(BREAK))
}

/** Ends a code span or a cell, or would be obeyed by whoever takes the span for less than it is. */
const UNUSUAL = /[`|<>&@[\]\\*$]|:\/\/|#\d/

/** A name or value from outside as code, cut in the middle: nothing in it is obeyed, and a copy of a usual one is exact. */
export function toCode(text: string, maxLength = 100): string {
  const shown = cutMiddle(toPrintable(text, 5000), maxLength)
  const isPlain = shown.trim() !== '' && !UNUSUAL.test(shown)
  return isPlain ? `\`${shown}\`` : `<code>${escapeMarkdown(shown, shown.length)}</code>`
}

/** Beginning and end of a text: the end of a file name says what it is. */
function cutMiddle(text: string, maxLength: number): string {
  const letters = Array.from(text)
  if (letters.length <= maxLength) return text
  const end = Math.floor(maxLength / 3)
  return `${letters.slice(0, maxLength - end - 1).join('')}…${letters.slice(-end).join('')}`
}

/** A link if it leads to one of the origins, else the label alone; the label is Markdown. */
export function toLink(label: string, address: string, origins: readonly string[]): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !origins.includes(url.origin) || url.username !== '') return label
  return `[${label}](${url.href.replace(/[()<>|\\`[\]'"\s]/g, toPercent)})`
}

const toPercent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** Pages of the instance that a sentence of ours may name. */
const PAGE =
  /^\/(?:(?:deposit|records|uploads)\/\d+|account\/settings\/applications\/tokens\/new\/)/

/** A sentence, escaped; pages of the instance that it names become links. */
export function toSentence(text: string, origin: string | undefined, maxLength = 1500): string {
  if (origin === undefined) return escapeMarkdown(text, maxLength)
  const [first = '', ...rest] = toPrintable(text, maxLength).split(origin)
  const parts = rest.map((part) => {
    const page = PAGE.exec(part)?.[0]
    if (page === undefined) return escapeInside(origin + part)
    const label = escapeMarkdown(`${new URL(origin).host}${page}`)
    return toLink(label, origin + page, [origin]) + escapeInside(part.slice(page.length))
  })
  return escapeMarkdown(first, maxLength) + (/\s$/.test(first) ? ' ' : '') + parts.join('')
}

/** Escapes without losing the spaces around. */
const escapeInside = (text: string): string =>
  `${/^\s/.test(text) ? ' ' : ''}${escapeMarkdown(text, text.length + 1)}${/\s$/.test(text) ? ' ' : ''}`

/** As many lines as fit, and a last one that says how many are missing. */
export function fitLines(
  lines: readonly string[],
  maxBytes: number,
  toRest: (left: number) => string,
): readonly string[] {
  let bytes = 0
  const count = lines.findIndex((line) => {
    bytes += Buffer.byteLength(line) + 1
    return bytes > maxBytes
  })
  return count < 0 ? lines : [...lines.slice(0, count), toRest(lines.length - count)]
}

/** A part that is shown when somebody asks for it; `title` is HTML. */
export const toFolded = (title: string, content: string): string =>
  `<details><summary>${title}</summary>\n\n${content}\n\n</details>`
