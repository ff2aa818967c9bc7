import type { Story } from './summary-story.ts'

/** How a story is told. */
interface Words {
  /** One that begins with a colon completes "Failed" or "Cancelled". */
  readonly heading: string
  /** Text and a coloured circle: they need no network, and say the same without colours. */
  readonly badge: string
  /** What the state means; empty where other words say it. */
  readonly sentence: string
  /** What the id in the table is an id of. */
  readonly idLabel: 'Record' | 'Draft' | 'Deposit' | 'Deposit now'
}

/** Every state in words. */
export const WORDS: Readonly<Record<Story, Words>> = {
  draft: {
    heading: 'Draft on Zenodo, not published',
    badge: '🟡 draft',
    sentence: 'Nobody can find it yet, and everything in it can still be changed.',
    idLabel: 'Draft',
  },
  edit: {
    heading: 'Edit on Zenodo, not published',
    badge: '🟡 draft',
    sentence: 'The record is public as it was; the edit of its metadata waits to be published.',
    idLabel: 'Record',
  },
  published: {
    heading: 'Published on Zenodo',
    badge: '🟢 published',
    sentence: 'Public and permanent: a record cannot be taken back.',
    idLabel: 'Record',
  },
  corrected: {
    heading: 'Corrected on Zenodo: the metadata of a published record',
    badge: '🟢 published',
    sentence: 'Its files and its DOI are the same as before.',
    idLabel: 'Record',
  },
  unchanged: {
    heading: 'Unchanged: already published',
    badge: '🟢 unchanged',
    sentence: 'It was published already, with these files, so no new version was made.',
    idLabel: 'Record',
  },
  planned: {
    heading: 'Plan: nothing was written',
    badge: '🔵 planned',
    sentence: '',
    idLabel: 'Deposit now',
  },
  unknown: {
    heading: 'Unknown: look at the deposit before doing anything else',
    badge: '🟠 unknown',
    sentence: 'Whether it was published is not known.',
    idLabel: 'Deposit',
  },
  'stopped-before': {
    heading: ': nothing was written',
    badge: '🔴 failed',
    sentence: '',
    idLabel: 'Record',
  },
  'stopped-creating': {
    heading: ': nothing was sent or published',
    badge: '🔴 failed',
    sentence: 'The server may have made a draft.',
    idLabel: 'Record',
  },
  'stopped-with-draft': {
    heading: ': a draft, not published',
    badge: '🔴 failed',
    sentence: 'The draft keeps what has arrived in it.',
    idLabel: 'Draft',
  },
  'stopped-public': {
    heading: ': the published record stays',
    badge: '🔴 failed',
    sentence: 'What was published stays published.',
    idLabel: 'Record',
  },
}
