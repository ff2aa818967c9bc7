import { toText } from '../metadata/text.ts'
import { doiUrl } from '../zenodo/addresses.ts'
import { hasFiles } from './guards.ts'
import {
  isSandbox,
  originOf,
  originsOf,
  stageOf,
  toStory,
  type Story,
  type Told,
} from './summary-story.ts'
import { escapeMarkdown, toCode, toLink } from './summary-text.ts'
import { describeNoFiles } from './unchanged.ts'
import { WORDS } from './summary-words.ts'

/** The state in words. */
export function toHeading(told: Told): string {
  const story = toStory(told)
  const { heading } = WORDS[story]
  if (!heading.startsWith(':')) return `## ${heading}`
  return `## ${told.ending.kind === 'cancelled' ? 'Cancelled' : 'Failed'}${heading}`
}

/** An en space: wide enough between two badges. */
const GAP = '\u2002'

/** The badge of the state, the one of the DOI once that is registered, and the state in a sentence. */
export function toStatus(told: Told): string {
  const story = toStory(told)
  const isCancelled = told.ending.kind === 'cancelled' && story !== 'unknown'
  const badge = isCancelled ? '⚪ cancelled' : WORDS[story].badge
  return [`<kbd>${badge}</kbd>`, toDoiBadge(told), toStateSentence(told, story)]
    .filter((part) => part !== '')
    .join(GAP)
}

/** Zenodo's picture of the DOI, linked to it. Sandbox DOIs lead nowhere, so that there is nothing to link. */
function toDoiBadge(told: Told): string {
  const { outputs } = told
  const isPublic = outputs.published === 'true' && toStory(told) !== 'planned'
  if (!isPublic || isSandbox(told)) return ''
  const doi = [outputs['concept-doi'], outputs.doi].find(Boolean)
  const picture = toLink('DOI', outputs['badge-url'] ?? '', originsOf(told))
  if (doi === undefined || !picture.startsWith('[')) return ''
  return toLink(`!${picture}`, doiUrl(doi), originsOf(told))
}

function toStateSentence(told: Told, story: Story): string {
  if (story === 'planned') return toPlanSentence(told)
  if (story === 'published') return toPublishedSentence(told)
  if (story === 'unchanged' && told.checked && told.checked.files === undefined) {
    return `It was published already, and ${describeNoFiles(told.checked)}, so no new version was made.`
  }
  if (story === 'draft' && told.ending.kind === 'done' && !hasFiles(told.ending.result.files)) {
    return `${WORDS.draft.sentence} It holds no files yet.`
  }
  const stage = story.startsWith('stopped') ? stageOf(told) : undefined
  const where = stage === undefined ? '' : `It stopped at “${escapeMarkdown(stage)}”.`
  return [where, WORDS[story].sentence].filter((part) => part !== '').join(' ')
}

function toPublishedSentence(told: Told): string {
  if (isSandbox(told)) {
    return 'On the sandbox, for trying out: its DOIs do not resolve, and its records may be deleted.'
  }
  const metadata = told.ending.kind === 'done' ? (told.ending.result.deposit?.metadata ?? {}) : {}
  const { access_right: access, embargo_date: until } = metadata
  if (access === 'embargoed') {
    return `Permanent: a record cannot be taken back. Its metadata are public; its files open on ${toCode(toText(until), 20)}.`
  }
  if (access === 'restricted' || access === 'closed') {
    return 'Permanent: a record cannot be taken back. Its metadata are public; its files are restricted.'
  }
  return WORDS.published.sentence
}

function toPlanSentence(told: Told): string {
  const { ending } = told
  const origin = originOf(told)
  if (ending.kind !== 'done' || !ending.result.foreseen || origin === undefined) return ''
  const { step, publishes, isAsked } = ending.result.foreseen
  const end = publishes ? 'publish it' : 'leave it a draft'
  const server = toLink(escapeMarkdown(new URL(origin).host), origin, [origin])
  const limits = isAsked ? '' : ' Without a token the server was not asked.'
  return `${escapeMarkdown(step)}, and ${end} at ${server}.${limits}`
}
