import { shownFiles, toState } from './api/deposition-json.ts'
import { quoteKey } from './api/stamp.ts'
import { toLegacy } from './metadata/to-legacy.ts'
import type { Deposit } from './state/deposit.ts'
import { html, type Answer } from './transport/answer.ts'
import type { Handler } from './transport/exchange.ts'
import { listAt, textAt } from './transport/json.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')

const STATES = {
  unsubmitted: 'Draft, not published',
  inprogress: 'Published, being edited',
  done: 'Published',
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:3rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ddd}code{font-size:.85em}'

function toPage(title: string, body: string): string {
  return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>${escaped(title)}</title>\n<style>${STYLE}</style>\n<body>\n${body}\n</body>\n</html>\n`
}

function toRow(deposit: Deposit, file: ReturnType<typeof shownFiles>[number]): string {
  const { key, content } = file
  const link = `/api/records/${deposit.id}/files/${quoteKey(key)}/content`
  // Files of a draft are not for everybody who opens the page.
  const name = deposit.draft ? escaped(key) : `<a href="${escaped(link)}">${escaped(key)}</a>`
  const size = `${content.size.toLocaleString('en')} bytes`
  return `<tr><td>${name}<td>${size}<td><code>md5:${content.md5}</code>`
}

/** What a person sees who opens the link of a deposit: enough to check the demo by eye. */
function showDeposit(deposit: Deposit): Answer {
  const { concept, draft, record } = deposit
  const source = draft ?? record
  const metadata = source ? toLegacy(source.stored) : {}
  const title = textAt(metadata, 'title') ?? '(no title)'
  const names = listAt(metadata, 'creators').map((person) => textAt(person, 'name') ?? '')
  const doi = source?.stored.doi?.identifier
  const files = shownFiles(deposit)
  const facts = [
    STATES[toState(deposit)],
    ...(doi === undefined ? [] : [`DOI ${doi}`]),
    ...(concept.doi === undefined ? [] : [`all versions: ${concept.doi}`]),
    ...(textAt(metadata, 'version') === undefined
      ? []
      : [`version ${textAt(metadata, 'version') ?? ''}`]),
    textAt(metadata, 'publication_date') ?? '',
  ]
  const rows = files.map((file) => toRow(deposit, file))
  const table = `<table><tr><th>File<th>Size<th>Checksum\n${rows.join('\n')}\n</table>`
  const heading = `<h1>${escaped(title)}</h1>\n<p>${escaped(names.join('; '))}</p>`
  const line = `<p>${escaped(facts.filter((fact) => fact !== '').join(' · '))}</p>`
  const list = files.length > 0 ? table : '<p>No files.</p>'
  return html(200, toPage(title, `${heading}\n${line}\n${list}`))
}

/** The page of a deposit: of its draft for as long as there is one. Anybody may look. */
export const depositPage: Handler = ({ world }, { id = '' }) => {
  const deposit = world.findDeposit(id)
  if (deposit) return showDeposit(deposit)
  return html(404, toPage('Not found', '<h1>Not found</h1>'))
}

/** The page of a record; a concept leads to its latest version. */
export const recordPage: Handler = (exchange, params) => {
  const { world } = exchange
  const concept = world.findConcept(params['id'] ?? '')
  const latest = concept?.versions.filter(({ record }) => record).at(-1)
  if (!latest) return depositPage(exchange, params)
  const location = `/records/${latest.id}`
  return { ...html(302, ''), headers: { location } }
}
