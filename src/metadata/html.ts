import { cleanText, lengthOf, quote } from './text.ts'

/** Tags the server keeps in `description`, `notes` and `method`. */
export const KEPT_TAGS: ReadonlySet<string> = new Set(
  (
    'a abbr acronym b blockquote br code col colgroup div em h1 h2 h3 h4 h5 i li ol p pre span ' +
    'strike strong sub sup table tbody td tfoot th thead tr u ul'
  ).split(' '),
)

/** Tags that carry something to see; the server takes them out. */
const MEDIA_TAGS = new Set('audio canvas embed img math object picture svg video'.split(' '))

/** Further tags of HTML, past and present: taken out, but the words between them stay. */
const OTHER_TAGS = new Set(
  (
    'address area article aside base basefont bdi bdo big blink body button caption center cite ' +
    'data datalist dd del details dfn dialog dir dl dt fieldset figcaption figure font footer form ' +
    'frame frameset h6 head header hgroup hr html iframe input ins kbd label legend link main map ' +
    'mark marquee menu meta meter nav nobr noframes noscript optgroup option output param progress ' +
    'q rp rt ruby s samp script search section select slot small source style summary template ' +
    'textarea time title track tt var wbr'
  ).split(' '),
)

/** A comment, or a tag with its name; quoted attributes may hold `>`. */
const MARKUP = /<!--.*?(?:-->|$)|<[!?][^>]*>|<\/?([a-z][^\s/>]*)(?:"[^"]*"|'[^']*'|[^>"'])*>/gis

/** True for the name of a tag that HTML knows; any other is text to people and a tag to the server. */
function isHtmlTag(name: string): boolean {
  const tag = name.toLowerCase()
  return KEPT_TAGS.has(tag) || MEDIA_TAGS.has(tag) || OTHER_TAGS.has(tag)
}

/** What the server would take out of a text although a reader would miss it, each in words. */
export function findHtmlLosses(html: string): readonly string[] {
  const losses = new Set<string>()
  for (const [markup, name] of html.matchAll(MARKUP)) {
    if (name === undefined || markup.startsWith('</')) continue
    if (MEDIA_TAGS.has(name.toLowerCase())) losses.add(`${quote(markup)} (no media are kept)`)
    else if (!isHtmlTag(name)) {
      losses.add(`${quote(markup)} (it is read as a tag; write &lt; for <)`)
    }
  }
  return [...losses]
}

/** Length of what the server keeps of an HTML text. Kept tags count; below 3 the server has nothing to store. */
export function lengthOfHtml(html: string): number {
  const kept = html.replace(MARKUP, (markup, name: string | undefined) =>
    name !== undefined && KEPT_TAGS.has(name.toLowerCase()) ? markup : '',
  )
  const text = cleanText(kept)
  // The server writes a bare ampersand as `&amp;`, which makes it long enough.
  return lengthOf(text.replace(/&/g, '&amp;'))
}

/** An HTML text without its tags: words, and one mark for each thing to see. */
export function toWords(html: string): string {
  return html.replace(MARKUP, (markup, name: string | undefined) => {
    if (name === undefined) return ''
    if (MEDIA_TAGS.has(name.toLowerCase())) return markup.startsWith('</') ? '' : '[media]'
    return isHtmlTag(name) ? '' : markup
  })
}
