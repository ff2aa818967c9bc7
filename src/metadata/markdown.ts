import { Marked, type RendererObject, type Tokens } from 'marked'

/**
 * Markdown, or plain text, as HTML of the tags Zenodo keeps. Text that is laid out by HTML tags already passes as it is.
 * Whatever else looks like a tag becomes visible text, and links keep only addresses of the web and of mail.
 */
export function markdownToHtml(text: string): string {
  if (isHtml(text)) return text
  return renderer.parse(text, { async: false }).trim()
}

/** True for text that is laid out by tags: its author wrote HTML. */
function isHtml(text: string): boolean {
  return /<\/(p|div|ul|ol|table|h[1-5]|blockquote|pre)\s*>|<br\s*\/?>/i.test(text)
}

const RENDERER: RendererObject = {
  html: ({ text }) => escapeButShapes(text),
  // After a <script> the parser takes text for code of its own and would not escape it.
  text(token: Tokens.Text | Tokens.Escape) {
    if ('tokens' in token) return this.parser.parseInline(token.tokens)
    return token.text.replace(/&(?!#?\w+;)|[<>"]/g, escapeHtml)
  },
  heading({ tokens, depth }: Tokens.Heading) {
    const level = Math.min(depth, 5)
    return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`
  },
  image: ({ href, text }) => toLink(href, escapeHtml(text === '' ? href : text)),
  link({ href, tokens }: Tokens.Link) {
    return toLink(href, this.parser.parseInline(tokens))
  },
  del({ tokens }: Tokens.Del) {
    return this.parser.parseInline(tokens)
  },
  code: ({ text }) => `<pre><code>${escapeHtml(text)}\n</code></pre>\n`,
  hr: () => '',
  checkbox: ({ checked }) => (checked ? '[x] ' : '[ ] '),
  tablecell({ tokens, header }: Tokens.TableCell) {
    const tag = header ? 'th' : 'td'
    return `<${tag}>${this.parser.parseInline(tokens)}</${tag}>\n`
  },
  list({ ordered, items }: Tokens.List) {
    const tag = ordered ? 'ol' : 'ul'
    const body = items.map((item) => this.listitem(item)).join('')
    return `<${tag}>\n${body}</${tag}>\n`
  },
}

const renderer = new Marked({ gfm: true, renderer: RENDERER })

/** HTML within Markdown: the tags that shape words stay if they say nothing more, all others are shown. */
function escapeButShapes(html: string): string {
  return escapeHtml(html).replace(
    /&lt;(\/?)([a-z]+)&gt;/gi,
    (shown, slash: string, name: string) =>
      SHAPES.has(name.toLowerCase()) ? `<${slash}${name.toLowerCase()}>` : shown,
  )
}

const SHAPES = new Set('abbr b code em i strong sub sup u'.split(' '))

/** A link to the web or to a mail address; any other address leaves only its words. */
function toLink(href: string, words: string): string {
  return /^(https?:|mailto:)/i.test(href) ? `<a href="${escapeHtml(href)}">${words}</a>` : words
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
