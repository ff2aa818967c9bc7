import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
} from 'yaml'
import { findJsonProblem } from './json-problem.ts'
import type { Path } from './metadata.ts'
import { toYamlProblems } from './yaml-problem.ts'

/** A position in a text; both count from 1. */
export interface Spot {
  readonly line: number
  readonly column: number
}

/** A mistake of syntax. */
export interface TextProblem {
  readonly problem: string
  readonly spot: Spot
}

/** A text as data, with the way back from each value to where it is written. */
export interface ParsedText {
  /** undefined where `problems` says why. */
  readonly value: unknown
  readonly problems: readonly TextProblem[]
  /** Where the value stands; for an absent one, the nearest value around it. Block collections count from their key. */
  readonly spotOf: (path: Path) => Spot
}

const MAX_CHARACTERS = 10_000_000
const MAX_VALUES = 100_000
const MAX_DEPTH = 64
const MAX_PROBLEMS = 10

const TOO_DEEP = 'It is nested too deeply.'
const TOO_MANY = 'It holds more than 100,000 values.'

/** Hundreds of openings in a row: no metadata, and slow to refuse later. */
const NESTED = /(?:[[{]\s*|[-?:] ){500}/

const START: Spot = { line: 1, column: 1 }

/**
 * Reads JSON or YAML. Never throws, whatever the text holds. In YAML a number stays as it is written
 * (`1.0` is the text "1.0"), because versions and volumes are what people write there.
 */
export function parseText(text: string, format: 'json' | 'yaml'): ParsedText {
  if (text.length > MAX_CHARACTERS) return failed('It is longer than 10 million characters.', START)
  const content = text.startsWith('\u{FEFF}') ? ` ${text.slice(1)}` : text
  const problem = format === 'json' ? findJsonProblem(content) : undefined
  const lines = new LineCounter()
  if (problem !== undefined) {
    lines.addNewLine(0)
    for (const { index } of content.matchAll(/\n/g)) lines.addNewLine(index + 1)
    return failed(problem.problem, spotAt(lines, problem.offset))
  }
  if (NESTED.test(content)) return failed(TOO_DEEP, START)
  // Counting data is a hundred times faster than building the tree that knows the places.
  if (format === 'json' && countValues(JSON.parse(content.trimStart())) > MAX_VALUES)
    return failed(TOO_MANY, START)
  try {
    return new Reading(content, format, lines).result()
  } catch (error) {
    if (error instanceof TooMuchError) return failed(error.message, START)
    // The parser recurses; a text of a hundred thousand brackets ends its stack, nothing else does.
    if (error instanceof Error && error.name === 'RangeError') {
      return failed(TOO_DEEP, START)
    }
    throw error
  }
}

function countValues(root: unknown): number {
  const left: unknown[] = [root]
  let count = 0
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    count += 1
    if (typeof value === 'object' && value !== null)
      for (const member of Object.values(value)) left.push(member)
  }
  return count
}

class TooMuchError extends Error {}

/** One pass over the syntax tree: makes the value and remembers where each part of it stands. */
class Reading {
  readonly #document: Document
  readonly #text: string
  readonly #format: 'json' | 'yaml'
  readonly #lines: LineCounter
  readonly #offsets = new Map<string, number>()
  readonly #anchors = new Map<string, unknown>()
  #values = 0

  constructor(text: string, format: 'json' | 'yaml', lines: LineCounter) {
    this.#format = format
    this.#text = text
    this.#lines = lines
    this.#document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  }

  result(): ParsedText {
    const errors = this.#document.errors.filter(
      ({ code }) => this.#format === 'yaml' || code === 'DUPLICATE_KEY',
    )
    const tooDeep = errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')
    if (tooDeep) throw new TooMuchError(TOO_DEEP)
    const problems = toYamlProblems(errors, this.#text)
      .slice(0, MAX_PROBLEMS)
      .map(({ problem, offset }) => ({ problem, spot: spotAt(this.#lines, offset) }))
    const value = problems.length === 0 ? this.#read(this.#document.contents, [], 0) : undefined
    return { value, problems, spotOf: (path) => this.#spotOf(path) }
  }

  #spotOf(path: Path): Spot {
    for (let length = path.length; length >= 0; length -= 1) {
      const offset = this.#offsets.get(JSON.stringify(path.slice(0, length)))
      if (offset !== undefined) return spotAt(this.#lines, offset)
    }
    return START
  }

  #read(node: unknown, path: Path, keyOffset: number): unknown {
    this.#values += 1
    if (this.#values > MAX_VALUES) throw new TooMuchError(TOO_MANY)
    if (path.length > MAX_DEPTH) throw new TooMuchError(TOO_DEEP)
    if (node === null || node === undefined) return this.#note(path, keyOffset, null)
    if (isAlias(node)) return this.#readAlias(this.#anchors.get(node.source), path, keyOffset)
    if (isNode(node) && 'anchor' in node && typeof node.anchor === 'string')
      this.#anchors.set(node.anchor, node)
    if (isMap(node)) {
      this.#note(path, node.flow === true ? offsetOf(node) : keyOffset)
      return this.#readMap(node.items, path)
    }
    if (isSeq(node)) {
      this.#note(path, node.flow === true ? offsetOf(node) : keyOffset)
      return node.items.map((item, index) => this.#read(item, [...path, index], offsetOf(item)))
    }
    const isNothing = isScalar(node) && node.source === '' && node.value === null
    return this.#note(path, isNothing ? keyOffset : offsetOf(node, keyOffset), this.#toValue(node))
  }

  #readAlias(node: unknown, path: Path, keyOffset: number): unknown {
    const value = this.#read(node, path, keyOffset)
    this.#note(path, keyOffset)
    return value
  }

  #readMap(items: readonly { key: unknown; value: unknown }[], path: Path): unknown {
    const entries = items.map(({ key, value }): [string, unknown] => {
      const name = isScalar(key) ? String(key.source ?? key.value) : String(key)
      return [name, this.#read(value, [...path, name], offsetOf(key))]
    })
    // fromEntries defines properties, so that a key named `__proto__` is data like any other.
    return Object.fromEntries(entries)
  }

  #toValue(node: unknown): unknown {
    if (!isScalar(node)) return null
    if (this.#format === 'yaml' && typeof node.value === 'number') return node.source
    return typeof node.value === 'bigint' ? Number(node.value) : node.value
  }

  #note<T>(path: Path, offset: number, value?: T): T | undefined {
    this.#offsets.set(JSON.stringify(path), offset)
    return value
  }
}

function offsetOf(node: unknown, fallback = 0): number {
  const range = (node as Partial<Node> | null)?.range
  return range?.[0] ?? fallback
}

function spotAt(lines: LineCounter, offset: number): Spot {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function failed(problem: string, spot: Spot): ParsedText {
  return { value: undefined, problems: [{ problem, spot }], spotOf: () => START }
}
