import { doiUrl } from '../zenodo/addresses.ts'
import { PRODUCTION } from '../zenodo/instances.ts'
import { draftPage, isSandbox, originOf, originsOf, toStory, type Told } from './summary-story.ts'
import { escapeMarkdown, toCode, toLink } from './summary-text.ts'
import { WORDS } from './summary-words.ts'

/** Ids and DOIs, each with the page it leads to. */
export function toIdentity(told: Told): string {
  const { outputs } = told
  const id = outputs['deposit-id']
  if (id === undefined) return ''
  const rows = [
    [WORDS[toStory(told)].idLabel, toIdLink(told, id)],
    ['DOI', toDoi(told, outputs.doi ?? '')],
    ['DOI of all versions', toDoi(told, outputs['concept-doi'] ?? '')],
    ['Version', outputs.version ? toCode(outputs.version) : ''],
    ['Server', toServer(told)],
  ].filter(([, value]) => value !== '')
  const [first, ...rest] = rows.map((cells) => `| ${cells.join(' | ')} |`)
  return [first, '|:--|:--|', ...rest].join('\n')
}

function toIdLink(told: Told, id: string): string {
  const page = toStory(told) === 'unknown' ? draftPage(told) : (told.outputs['record-url'] ?? '')
  return toLink(escapeMarkdown(id), page, originsOf(told))
}

/** A DOI; as a link only where it resolves. */
function toDoi(told: Told, doi: string): string {
  if (doi === '') return ''
  const { outputs, ending } = told
  const isPlan = ending.kind === 'done' && ending.result.state === 'planned'
  const isPublic = isPlan
    ? ending.result.deposit?.state !== 'draft'
    : outputs.published === 'true' || doi === outputs['concept-doi']
  if (toStory(told) === 'unknown') return escapeMarkdown(doi)
  if (!isPublic) return `${escapeMarkdown(doi)} (reserved: registered when it is published)`
  if (isSandbox(told)) return `${escapeMarkdown(doi)} (of the sandbox: does not resolve)`
  return toLink(escapeMarkdown(doi), doiUrl(doi), originsOf(told))
}

/** Named where it is not the one that everybody expects. */
function toServer(told: Told): string {
  const origin = originOf(told)
  if (origin === undefined || origin === PRODUCTION) return ''
  return toLink(escapeMarkdown(new URL(origin).host), origin, [origin])
}
