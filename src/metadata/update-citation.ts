import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { InputError } from '../errors.ts'
import { toDoi } from './identifiers.ts'
import { parseText } from './parse-text.ts'

const FILE = 'CITATION.cff'
const BYTE_ORDER_MARK = '\u{FEFF}'
/** A new `doi` line follows the first of these that is there: it belongs to the version. */
const ANCHORS = ['version', 'date-released', 'title']
/** The DOI of all versions, in the words that the CFF generators and guides use for it. */
const OF_ALL_VERSIONS = /\b(?:concept|all versions|collection)\b/iu
const OF_A_VERSION = /\bversion/iu
/** Text that YAML reads as itself without quotes, also inside brackets. */
const PLAIN_TEXT = /^10\.[\w./()<>;+-]*\w$/u

type Entry = Pair<ParsedNode, ParsedNode | null>
type Fields = YAMLMap<ParsedNode, ParsedNode | null>
type Style = Scalar['type']

/** The DOIs of a deposit. */
export interface DepositDois {
  readonly version: string
  readonly concept?: string | undefined
}

interface Citation {
  readonly text: string
  readonly content: YAMLMap.Parsed
  readonly doi: DepositDois
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Puts the DOI into the text of a CITATION.cff; every other byte stays. Returns undefined when nothing changes.
 *
 * A `doi` at the top gets it, and the entry of `identifiers` that repeated its old value; else, under `identifiers`, the
 * entry for a version's DOI, or a new one; else a new line `doi`. The entry for the concept's DOI is left alone, and so
 * is the DOI of some other work, and one from elsewhere: beside that a list of `identifiers` begins. Throws an InputError with the line of what cannot be read.
 */
export function updateCitation(text: string, doi: DepositDois): string | undefined {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  const body = text.slice(mark.length)
  const updated = findEdits({ text: body, content: parseCitation(body), doi })
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end),
      body,
    )
  return updated === body ? undefined : mark + updated
}

function parseCitation(text: string): YAMLMap.Parsed {
  const issues = parseText(text, 'yaml').problems.map(({ problem, spot }) => ({
    place: { file: FILE, ...spot },
    problem,
  }))
  if (issues.length > 0) throw new InputError(issues)
  const { contents } = parseDocument(text)
  if (isMap(contents)) return contents
  throw refusal(
    text,
    contents?.range[0] ?? 0,
    `${FILE} holds no fields: "cff-version: 1.2.0" would be one.`,
  )
}

function findEdits(citation: Citation): readonly Edit[] {
  const { content, doi } = citation
  const top = findEntry(content, 'doi')
  const list = findEntry(content, 'identifiers')
  const identifiers = list?.value
  const known = isSeq(identifiers) ? doiEntriesOf(identifiers) : []
  const isForeign = top !== undefined && isOfAnotherKind(textOf(top), doi.version)
  const hasRoom = list === undefined || isSeq(identifiers)
  if (top !== undefined && !(isForeign && hasRoom)) {
    const old = textOf(top)
    const repeated = isSame(old, doi.concept) ? [] : known.filter(({ value }) => isSame(value, old))
    return [top, ...repeated.map(({ entry }) => entry)].flatMap((entry) => replace(citation, entry))
  }
  if (!isSeq(identifiers)) return [top ? addIdentifiers(citation, top) : addLine(citation)]
  if (known.some(({ value }) => isSame(value, doi.version))) return []
  const outdated = findOutdated(known, doi)
  return outdated === undefined
    ? [append(citation, identifiers)]
    : replace(citation, outdated.entry)
}

interface DoiEntry {
  readonly entry: Entry
  readonly value: string
  readonly description: string
}

function doiEntriesOf(identifiers: YAMLSeq): readonly DoiEntry[] {
  return identifiers.items.flatMap((item) => {
    if (!isMap<ParsedNode, ParsedNode | null>(item)) return []
    const entry = findEntry(item, 'value')
    if (entry === undefined || textOf(findEntry(item, 'type')) !== 'doi') return []
    return [{ entry, value: textOf(entry), description: textOf(findEntry(item, 'description')) }]
  })
}

/** The entry for the DOI of an earlier version: one that says so, else one of the same kind of DOI. */
function findOutdated(entries: readonly DoiEntry[], doi: DepositDois): DoiEntry | undefined {
  const candidates = entries.filter(
    ({ value, description }) => !isSame(value, doi.concept) && !OF_ALL_VERSIONS.test(description),
  )
  const ofVersions = candidates.filter(({ description }) => OF_A_VERSION.test(description))
  const isAkin = ({ value }: DoiEntry) => kindOf(value) === kindOf(doi.version)
  return ofVersions.find(isAkin) ?? ofVersions[0] ?? candidates.find(isAkin)
}

/** A DOI from elsewhere is another publication of the same work, and stays. */
const isOfAnotherKind = (old: string, doi: string): boolean =>
  toDoi(old) !== undefined && kindOf(old) !== kindOf(doi)

/** Zenodo's DOIs are of one kind, whether of its sandbox or not; others are told apart by their prefix. */
function kindOf(doi: string): string | undefined {
  const [prefix, suffix = ''] = (toDoi(doi) ?? '').split('/')
  return suffix.startsWith('zenodo.') ? 'zenodo' : prefix
}

function isSame(one: string, other: string | undefined): boolean {
  const doi = toDoi(one)?.toLowerCase()
  return doi !== undefined && doi === toDoi(other ?? '')?.toLowerCase()
}

function replace({ text, doi }: Citation, { key, value }: Entry): readonly Edit[] {
  const after = key.range[1]
  if (value === null) return [{ start: after, end: after, text: `: ${written(doi.version)}` }]
  const [start, end] = value.range
  if (start === end) {
    const colon = text.indexOf(':', after) + 1
    return [{ start: colon, end: colon, text: ` ${written(doi.version)}` }]
  }
  if (isAlias(value)) return [{ start, end, text: written(doi.version) }]
  if (!isScalar(value))
    throw refusal(text, start, 'A DOI is a text such as 10.5281/zenodo.1234567.')
  if (isSame(String(value.value), doi.version)) return []
  const lineEnd = /\r?\n$/u.exec(text.slice(start, end))?.[0] ?? ''
  return [{ start, end, text: `${written(doi.version, value.type)}${lineEnd}` }]
}

function append({ text, doi }: Citation, identifiers: YAMLSeq.Parsed): Edit {
  const [start] = identifiers.range
  const last = identifiers.items.at(-1)
  const sample = isMap<ParsedNode, ParsedNode | null>(last) ? last : undefined
  const fields = newFields(doi.version, sample)
  if (identifiers.flow === true) {
    const at = last?.range[1] ?? start + 1
    return { start: at, end: at, text: `${last === undefined ? '' : ', '}{${fields.join(', ')}}` }
  }
  const margin = text.slice(lineStartOf(text, start), start)
  const gap = /^ +/u.exec(text.slice(start + 1))?.[0] ?? ' '
  const item =
    sample?.flow === true
      ? `{${fields.join(', ')}}`
      : fields.join(`${lineEndOf(text)}${margin} ${gap}`)
  return lineAfter(text, last?.range[1] ?? start, `${margin}-${gap}${item}`)
}

/** The two fields of a new entry, with quotes where the entry before has them. */
function newFields(doi: string, sample: Fields | undefined): readonly string[] {
  const key = styleOf(sample?.items[0]?.key)
  const type = styleOf(sample && findEntry(sample, 'type')?.value)
  const value = styleOf(sample && findEntry(sample, 'value')?.value)
  return [
    `${written('type', key)}: ${written('doi', type)}`,
    `${written('value', key)}: ${written(doi, value)}`,
  ]
}

function addLine({ text, content, doi }: Citation): Edit {
  const anchors = ANCHORS.map((name) => findEntry(content, name))
  const anchor = anchors.find((entry) => entry !== undefined) ?? content.items.at(-1)
  const style = styleOf(anchor?.key)
  const line = `${written('doi', style)}: ${written(doi.version, content.flow === true ? style : 'PLAIN')}`
  if (anchor === undefined) {
    const at = content.range[0] + 1
    return { start: at, end: at, text: line }
  }
  const at = anchor.value?.range[1] ?? anchor.key.range[1]
  if (content.flow === true) return { start: at, end: at, text: `, ${line}` }
  const start = anchor.key.range[0]
  const margin = /^\s*/u.exec(text.slice(lineStartOf(text, start), start))?.[0] ?? ''
  return lineAfter(text, at, `${margin}${line}`)
}

/** A list of identifiers behind a DOI from elsewhere. */
function addIdentifiers({ text, content, doi }: Citation, { key, value }: Entry): Edit {
  const at = value?.range[1] ?? key.range[1]
  const style = styleOf(key)
  const word = (text: string): string => written(text, style)
  const type = `${word('type')}: ${word('doi')}`
  const entry = `${word('value')}: ${word(doi.version)}`
  if (content.flow === true) {
    return { start: at, end: at, text: `, ${word('identifiers')}: [{${type}, ${entry}}]` }
  }
  const [start] = key.range
  const margin = text.slice(lineStartOf(text, start), start)
  const lines = [`${word('identifiers')}:`, `  - ${type}`, `    ${entry}`]
  return lineAfter(text, at, lines.map((line) => `${margin}${line}`).join(lineEndOf(text)))
}

/** Adds a line after the one in which a value ends. */
function lineAfter(text: string, end: number, line: string): Edit {
  const lineEnd = lineEndOf(text)
  if (text[end - 1] === '\n') return { start: end, end, text: `${line}${lineEnd}` }
  const next = text.indexOf('\n', end) + 1
  if (next > 0) return { start: next, end: next, text: `${line}${lineEnd}` }
  return { start: text.length, end: text.length, text: `${lineEnd}${line}` }
}

function lineStartOf(text: string, position: number): number {
  return text.lastIndexOf('\n', position - 1) + 1
}

function lineEndOf(text: string): string {
  return /\r?\n/u.exec(text)?.[0] ?? '\n'
}

/** A text in a style; with quotes also where the style is plain and YAML would read something else. */
function written(text: string, style?: Style): string {
  if (style === 'QUOTE_SINGLE') return `'${text.replaceAll("'", "''")}'`
  const isPlain = style !== 'QUOTE_DOUBLE' && (PLAIN_TEXT.test(text) || /^[a-z]+$/u.test(text))
  return isPlain ? text : JSON.stringify(text)
}

function styleOf(node: ParsedNode | null | undefined): Style {
  return isScalar(node) ? node.type : undefined
}

function findEntry(content: Fields, name: string): Entry | undefined {
  return content.items.find(({ key }) => isScalar(key) && key.value === name)
}

function textOf(entry: Entry | undefined): string {
  return isScalar(entry?.value) ? String(entry.value.value) : ''
}

function refusal(text: string, offset: number, problem: string): InputError {
  const lines = new LineCounter()
  parseDocument(text, { lineCounter: lines })
  const { line, col: column } = lines.linePos(offset)
  return new InputError([{ place: { file: FILE, line, column }, problem }])
}
