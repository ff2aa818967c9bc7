import { InputError } from '../errors.ts'
import { JSON_TYPE, type GitHub } from './github.ts'
import type { Purpose } from './refusal.ts'
import { getRelease, type ReleaseReference } from './release.ts'

/** What writing notes needs. */
const WRITE_NOTES: Purpose = {
  input: 'update-release-notes',
  permission: 'contents: write',
  words: 'change the notes of the release',
}

const START = '<!-- zenodo-deposit:start -->'
const END = '<!-- zenodo-deposit:end -->'
/** From a start to the next end with no other start between: a start that lost its end must not take the text after it along. */
const MARKED = new RegExp(`${START}(?:(?!${START}).)*?${END}`, 's')

/** GitHub takes no longer notes (platform limits). */
const MAX_NOTES_LENGTH = 125_000
/** No badge and its markers are longer. */
const ROOM_FOR_BADGE = 500

/**
 * Reads the notes and finds out whether the badge can be put into them, which must not turn out only
 * after publishing.
 * @throws InputError if there is no room, ApiError if there is no release or it cannot be read
 */
export async function checkReleaseNotes(
  github: GitHub,
  reference: ReleaseReference,
  signal: AbortSignal,
): Promise<void> {
  const { body } = await getRelease(github, reference, WRITE_NOTES, signal)
  const left = MAX_NOTES_LENGTH - body.length
  if (left >= ROOM_FOR_BADGE || MARKED.test(body)) return
  throw new InputError([
    {
      place: { input: 'update-release-notes' },
      problem: `The release notes have ${body.length} characters and GitHub takes ${MAX_NOTES_LENGTH}, so there is no room for the badge. Shorten them by ${ROOM_FOR_BADGE - left}.`,
    },
  ])
}

/** Puts the badge into the notes of a release. Safe to repeat: nothing is written where the notes are as they should be. */
export async function updateReleaseNotes(
  github: GitHub,
  reference: ReleaseReference,
  badgeMarkdown: string,
  signal: AbortSignal,
): Promise<'updated' | 'unchanged'> {
  const release = await getRelease(github, reference, WRITE_NOTES, signal)
  const body = withBadge(release.body, badgeMarkdown)
  if (body === release.body) return 'unchanged'
  const path = github.pathOf(`/releases/${release.id}`)
  const call = { method: 'PATCH', path, accept: JSON_TYPE, json: { body }, repeat: true } as const
  await github.request(call, WRITE_NOTES, signal)
  return 'updated'
}

/** Notes with the badge between two markers: in the place of an earlier one, else at the end. The rest stays, byte by byte. */
export function withBadge(body: string, badgeMarkdown: string): string {
  const lineEnd = body.includes('\r\n') ? '\r\n' : '\n'
  const block = [START, badgeMarkdown, END].join(lineEnd)
  if (!MARKED.test(body)) return [body, block].filter((part) => part !== '').join(lineEnd.repeat(2))
  const [before = '', ...after] = body.split(MARKED)
  return `${before}${block}${after.join('')}`
}
