import { repairCharacters } from './text.ts'

const ALLOWED = new Set(
  'a abbr acronym b blockquote br code col colgroup div table tbody tfoot thead td th tr em h1 h2 h3 h4 h5 i li ol p pre span strike strong sub sup u ul'.split(
    ' ',
  ),
)

/** Where one of these is stripped, a line break remains. */
const BLOCKS = new Set(
  'address article aside details dialog dd dl dt fieldset figcaption figure footer form h6 header hgroup hr main nav section'.split(
    ' ',
  ),
)

const VOID = new Set(['br', 'col'])

const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'title', 'name', 'class', 'rel'],
  abbr: ['title', 'class'],
  acronym: ['title', 'class'],
}

/** An opening tag of the second kind ends an open element of the first kind. */
const ENDED_BY: Readonly<Record<string, readonly string[]>> = {
  p: 'p div ul ol table blockquote pre h1 h2 h3 h4 h5'.split(' '),
  li: ['li'],
  td: ['td', 'th', 'tr'],
  th: ['td', 'th', 'tr'],
  tr: ['tr'],
}

const TOKEN =
  /<!--[\s\S]*?-->|<![^>]*>|<(\/?)([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>|[^<]+|</gi
const ATTRIBUTE = /([^\s=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g

const escapeText = (text: string): string =>
  text
    .replace(/&(?!(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);)/gi, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')

function isSafeLink(link: string): boolean {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(link)?.[1]?.toLowerCase()
  return scheme === undefined || ['http', 'https', 'mailto'].includes(scheme)
}

function keepAttributes(tag: string, source: string): string {
  const allowed = ATTRIBUTES[tag] ?? ['class']
  const kept = [...source.matchAll(ATTRIBUTE)].flatMap(([, name = '', a, b, c]) => {
    const value = a ?? b ?? c ?? ''
    const isKept = allowed.includes(name) && (name !== 'href' || isSafeLink(value))
    return isKept ? [` ${name}="${escapeText(value).replaceAll('"', '&quot;')}"`] : []
  })
  return kept.join('')
}

/** Writes cleaned markup; knows what is open, as the real server's parser does. */
class Writer {
  #output = ''
  readonly #open: string[] = []

  text(text: string): void {
    this.#output += escapeText(text)
  }

  start(tag: string, attributes: string): void {
    if (!ALLOWED.has(tag)) {
      if (BLOCKS.has(tag)) this.#output += '\n'
      return
    }
    const innermost = this.#open.at(-1)
    if (innermost && ENDED_BY[innermost]?.includes(tag)) this.end(innermost)
    if (tag === 'tr' && this.#open.at(-1) === 'table') this.start('tbody', '')
    this.#output += `<${tag}${keepAttributes(tag, attributes)}>`
    if (!VOID.has(tag)) this.#open.push(tag)
  }

  end(tag: string): void {
    if (!this.#open.includes(tag)) return
    for (let last = this.#open.pop(); last; last = this.#open.pop()) {
      this.#output += `</${last}>`
      if (last === tag) return
    }
  }

  finish(): string {
    for (const tag of this.#open.reverse()) this.#output += `</${tag}>`
    return this.#output
  }
}

/** A description as it is stored: only allowed tags and attributes, everything closed, trimmed. */
export function cleanHtml(source: string): string {
  const writer = new Writer()
  for (const [token, slash, tag, attributes = ''] of repairCharacters(source).matchAll(TOKEN)) {
    if (tag !== undefined && slash === '/') writer.end(tag.toLowerCase())
    else if (tag !== undefined) writer.start(tag.toLowerCase(), attributes)
    else if (!token.startsWith('<!')) writer.text(token)
  }
  return writer.finish().trim()
}
