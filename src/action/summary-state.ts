import { toText } from '../metadata/text.ts'
import { hasFiles } from './guards.ts'
import { doiAddress } from './summary-identity.ts'
import { escapeMarkdown, toCode, toLink } from './summary-text.ts'
import {
  isSandbox,
  originOf,
  originsOf,
  stageOf,
  toStory,
  type Story,
  type Told,
} from './summary-story.ts'

const HEADINGS: Readonly<Record<Story, string>> = {
  draft: 'Draft on Zenodo, not published',
  edit: 'Edit on Zenodo, not published',
  published: 'Published on Zenodo',
  unchanged: 'Unchanged: already published',
  planned: 'Plan: nothing was written',
  unknown: 'Unknown: look at the deposit before doing anything else',
  'stopped-before': ': nothing was written',
  'stopped-creating': ': nothing was sent or published',
  'stopped-with-draft': ': a draft, not published',
  'stopped-public': ': the published record stays',
}

/** The state in words. */
export function toHeading(told: Told): string {
  const story = toStory(told)
  const heading = HEADINGS[story]
  if (!heading.startsWith(':')) return `## ${heading}`
  return `## ${told.ending.kind === 'cancelled' ? 'Cancelled' : 'Failed'}${heading}`
}

/** An en space: wide enough between two badges. */
const GAP = '\u2002'

/** Badges of text and a coloured circle: they need no network, and say the same without colours. */
const BADGES: Readonly<Record<Story, string>> = {
  draft: '🟡 draft',
  edit: '🟡 draft',
  published: '🟢 published',
  unchanged: '🟢 unchanged',
  planned: '🔵 planned',
  unknown: '🟠 unknown',
  'stopped-before': '🔴 failed',
  'stopped-creating': '🔴 failed',
  'stopped-with-draft': '🔴 failed',
  'stopped-public': '🔴 failed',
}

/** The badge of the state, the one of the DOI once that is registered, and the state in a sentence. */
export function toStatus(told: Told): string {
  const story = toStory(told)
  const isCancelled = told.ending.kind === 'cancelled' && story !== 'unknown'
  const badge = isCancelled ? '⚪ cancelled' : BADGES[story]
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
  return toLink(`!${picture}`, doiAddress(doi), originsOf(told))
}

/** What the state means, in a sentence. */
const SENTENCES: Readonly<Record<Story, string>> = {
  draft: 'Nobody can find it yet, and everything in it can still be changed.',
  edit: 'The record is public as it was; the edit of its metadata waits to be published.',
  published: 'Public and permanent: a record cannot be taken back.',
  unchanged: 'It was published already, with these files, so no new version was made.',
  planned: '',
  unknown: 'Whether it was published is not known.',
  'stopped-before': '',
  'stopped-creating': 'The server may have made a draft.',
  'stopped-with-draft': 'The draft keeps what has arrived in it.',
  'stopped-public': 'What was published stays published.',
}

function toStateSentence(told: Told, story: Story): string {
  if (story === 'planned') return toPlanSentence(told)
  if (story === 'published') return toPublishedSentence(told)
  if (story === 'draft' && told.ending.kind === 'done' && !hasFiles(told.ending.result.files)) {
    return `${SENTENCES.draft} It holds no files yet.`
  }
  const stage = story.startsWith('stopped') ? stageOf(told) : undefined
  const where = stage === undefined ? '' : `It stopped at “${escapeMarkdown(stage)}”.`
  return [where, SENTENCES[story]].filter((part) => part !== '').join(' ')
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
  return SENTENCES.published
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
