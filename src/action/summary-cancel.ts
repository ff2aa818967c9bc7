import { toStory, type Story, type Told } from './summary-story.ts'

/** What a cancelled run left, where something can be said about it. */
const SENTENCES: Partial<Record<Story, (id: string) => string>> = {
  unknown: (id) =>
    `The job was cancelled while deposit ${id} was being published, so it may be public. Look at it before doing anything else; the next run finds out and finishes.`,
  'stopped-public': () =>
    'The job was cancelled. What was published stays published; run it again to do the rest.',
  'stopped-with-draft': (id) =>
    `The job was cancelled. Draft ${id} is kept, and not published; run it again to continue.`,
  'stopped-before': () =>
    'The job was cancelled before anything was written. Run it again to start over.',
}

/** The annotation of a cancelled run: it promises nothing that is not known. */
export function toCancelSentence(told: Told): string {
  const say = SENTENCES[toStory(told)]
  return (
    say?.(told.outputs['deposit-id'] ?? '') ??
    'The job was cancelled. Nothing was published; run it again to continue.'
  )
}
