import { badRequest } from '../transport/answer.ts'

/** What a query asks of a document. */
export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'term'; readonly field: string | undefined; readonly text: string }
  | { readonly kind: 'range'; readonly field: string; readonly from: string; readonly to: string }
  | { readonly kind: 'not'; readonly query: Query }
  | { readonly kind: 'and' | 'or'; readonly queries: readonly Query[] }

const TOKEN =
  /\s+|(\()|(\))|(-?[\w.*:]*?:)?\[(\S+) TO ([^\]\s]+)\]|(?:([\w.]+):)?"((?:[^"\\]|\\.)*)"|([^\s()"]+)/gy

type Token =
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'word'; readonly query: Query; readonly raw: string }

/** Cuts a query into tokens; undefined where quotes or brackets are left open. */
function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text)
    if (!match) return undefined
    const [raw, open, close, rangeField, from, to, phraseField, phrase, word] = match
    if (open) tokens.push({ kind: 'open' })
    else if (close) tokens.push({ kind: 'close' })
    else if (from !== undefined && to !== undefined) {
      const field = (rangeField ?? '').slice(0, -1)
      tokens.push({ kind: 'word', raw, query: { kind: 'range', field, from, to } })
    } else if (phrase !== undefined) {
      const plain = phrase.replace(/\\(.)/g, '$1')
      tokens.push({ kind: 'word', raw, query: { kind: 'term', field: phraseField, text: plain } })
    } else if (word !== undefined) tokens.push({ kind: 'word', raw, query: toTerm(word) })
  }
  return tokens
}

const isBroken = (word: string): boolean =>
  /^[^:/]+\//.test(word) || /^[^:"]+:[^:"/]*:/.test(word) || word.startsWith(':')

/** `field:value` or a word alone; a slash or a second colon outside quotes breaks the syntax. */
function toTerm(word: string): Query {
  if (isBroken(word)) throw badRequest('Invalid query string syntax.')
  const at = word.indexOf(':')
  if (at < 0) return { kind: 'term', field: undefined, text: word }
  return {
    kind: 'term',
    field: word.slice(0, at),
    text: word.slice(at + 1).replace(/\\(.)/g, '$1'),
  }
}

/** Reads tokens as a query: AND, OR, NOT, parentheses; words beside each other must all match. */
class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** The whole query; undefined when it is not well formed. */
  parse(): Query | undefined {
    const query = this.#any()
    return this.#at === this.#tokens.length ? query : undefined
  }

  #isWord(...raw: readonly string[]): boolean {
    const token = this.#tokens[this.#at]
    return token?.kind === 'word' && raw.includes(token.raw)
  }

  #any(): Query | undefined {
    const queries = [this.#all()]
    while (this.#isWord('OR', '||')) {
      this.#at += 1
      queries.push(this.#all())
    }
    return join('or', queries)
  }

  #all(): Query | undefined {
    const queries = [this.#one()]
    for (;;) {
      if (this.#isWord('AND', '&&')) this.#at += 1
      else if (this.#isWord('OR', '||') || !this.#hasOperand()) return join('and', queries)
      queries.push(this.#one())
    }
  }

  #hasOperand(): boolean {
    const token = this.#tokens[this.#at]
    return token !== undefined && token.kind !== 'close'
  }

  #one(): Query | undefined {
    if (this.#isWord('NOT', '!')) {
      this.#at += 1
      const query = this.#one()
      return query && { kind: 'not', query }
    }
    const token = this.#tokens[this.#at]
    if (!token || token.kind === 'close' || this.#isWord('AND', 'OR')) return undefined
    this.#at += 1
    if (token.kind === 'word') return token.query
    const query = this.#any()
    if (this.#tokens[this.#at]?.kind !== 'close') return undefined
    this.#at += 1
    return query
  }
}

function join(kind: 'and' | 'or', queries: readonly (Query | undefined)[]): Query | undefined {
  const [first, ...rest] = queries
  if (queries.includes(undefined)) return undefined
  return rest.length === 0
    ? first
    : { kind, queries: queries.filter((query) => query !== undefined) }
}

/** A query that is not well formed is searched for word by word, any of them. */
function anyWord(text: string): Query {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  if (words.length === 0) return { kind: 'none' }
  return {
    kind: 'or',
    queries: words.map((word) => ({ kind: 'term', field: undefined, text: word })),
  }
}

/** Reads a query string of the lists and searches. */
export function parseQuery(text: string): Query {
  if (text.trim() === '' || text.trim() === '*') return { kind: 'all' }
  if (text.startsWith('/')) return { kind: 'none' }
  const tokens = tokenize(text)
  const query = tokens && new Parser(tokens).parse()
  return query ?? anyWord(text)
}
