import { ApiError } from '../errors.ts'
import { asList, asText } from '../lib/json.ts'
import { hasMark, isMark, isMarkOf } from '../lib/mark.ts'
import type { Client } from './client.ts'
import type { Deposit } from './deposit.ts'
import type { StoredFile } from './stored-file.ts'
import { readOwn } from './target.ts'

/** What a step leaves behind. */
export interface Marked {
  readonly mark: string
  readonly title: string | undefined
  /** That the step sends. */
  readonly files: readonly { readonly key: string; readonly sizeBytes: number }[]
}

/** What was found by a mark. */
export interface MarkedDeposits {
  readonly own: Deposit | undefined
  /** What bears the mark as well and is probably another step's, but perhaps one's own: drafts without files, and records with files of these names. */
  readonly others: readonly Deposit[]
}

/**
 * What a run of the same repository and tag left behind. What has the title of the step goes before
 * what has only its files. Then a record goes before a draft, since a draft beside it is what a lost
 * answer made; of several records the oldest, since a version that a person makes inherits the mark; of
 * several drafts the newest.
 */
export async function findMarked(
  client: Client,
  sought: Marked,
  signal: AbortSignal,
): Promise<MarkedDeposits> {
  const marked = await listMarked(client, sought.mark, signal)
  const isDraft = ({ state }: Deposit): boolean => state === 'draft'
  const others: Deposit[] = []
  const found = new Map<Likeness, Deposit>()
  const records = marked.filter((item) => !isDraft(item)).toSorted(byAge)
  for (const { id } of [...records, ...marked.filter(isDraft)]) {
    const deposit = await readOwn(client, id, signal)
    if (deposit === undefined) continue
    const likeness = findLikeness(deposit, sought)
    if (likeness === undefined && mayBeOwn(deposit, sought)) others.push(deposit)
    if (likeness === undefined || found.has(likeness)) continue
    // What was deleted is no answer: a deleted record looks alive in the deposit API (docs/server.md#deleted).
    if (isDraft(deposit) || !(await isDeleted(client, id, signal))) found.set(likeness, deposit)
    if (likeness === 'title' && found.has(likeness)) break
  }
  return { own: found.get('title') ?? found.get('untitled') ?? found.get('files'), others }
}

const isDeleted = async (client: Client, id: string, signal: AbortSignal): Promise<boolean> =>
  (await client.native.lookUpRecord(id, signal)).kind === 'deleted'

const byAge = (one: Deposit, other: Deposit): number => Number(one.id) - Number(other.id)

/** The published versions of a concept that bear the mark, the oldest first. */
export async function findMarkedVersions(
  client: Client,
  { mark, latest }: { readonly mark: string; readonly latest: Deposit },
  signal: AbortSignal,
): Promise<readonly Deposit[]> {
  const marked = await listMarked(client, mark, signal)
  const ofConcept = marked.filter(({ conceptId }) => conceptId === latest.conceptId)
  const versions: Deposit[] = []
  for (const { id } of ofConcept.toSorted(byAge)) {
    // The list lags: what it shows as a draft may be published by now.
    const version = await readOwn(client, id, signal)
    if (version !== undefined && version.state !== 'draft') versions.push(version)
  }
  const isLatestMissing = !versions.some(({ id }) => id === latest.id)
  return isLatestMissing && hasMark(latest.metadata, mark) ? [...versions, latest] : versions
}

/** The search index is exact enough only as a hint, so the mark is compared again (docs/server.md#mark). */
async function listMarked(
  client: Client,
  mark: string,
  signal: AbortSignal,
): Promise<readonly Deposit[]> {
  const query = `metadata.related_identifiers.identifier:"${mark.replaceAll(/["\\]/g, '')}"`
  const listed = await searchOrList(client, query, signal)
  return listed.filter(({ metadata }) => hasMark(metadata, mark))
}

/** A search that the server's query parser refuses falls back on the newest deposits: the mark is compared anyway. */
async function searchOrList(
  client: Client,
  query: string,
  signal: AbortSignal,
): Promise<readonly Deposit[]> {
  try {
    return await client.findDeposits(query, signal)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error
    return client.findDeposits('', signal)
  }
}

const mayBeOwn = ({ state, files: held }: Deposit, { files }: Marked): boolean =>
  state === 'draft'
    ? held.length === 0
    : held.every(({ key }) => files.some((one) => one.key === key))

/** By what a deposit shows that it is of a step. */
type Likeness = 'title' | 'untitled' | 'files'

/**
 * Two steps of one workflow may make two deposits from one tag, and what one made the other must not
 * touch. Theirs differ by title; one's own may have got another title since, but holds no other files:
 * a name alone is no proof, since every data set may have a README.
 */
function findLikeness(
  { state, metadata, files: held }: Deposit,
  { title, files }: Marked,
): Likeness | undefined {
  const recorded = fold(asText(metadata['title']) ?? '')
  if (recorded === fold(title ?? '')) return 'title'
  if (state === 'draft' && recorded === '') return 'untitled'
  const isSent = ({ key, sizeBytes }: StoredFile): boolean =>
    files.some((one) => one.key === key && one.sizeBytes === sizeBytes)
  return held.length > 0 && held.every(isSent) ? 'files' : undefined
}

/**
 * A record of one's own that another tag or run of the same repository made under the same title:
 * what is about to be made is probably its next version. Looked for among the newest hundred.
 */
export async function findSibling(
  client: Client,
  {
    repositoryUrl,
    mark,
    title,
  }: {
    readonly repositoryUrl: string
    readonly mark: string | undefined
    readonly title: string
  },
  signal: AbortSignal,
): Promise<Deposit | undefined> {
  const listed = await client.findDeposits('', signal)
  const isOthers = (item: unknown): boolean =>
    isMarkOf(item, repositoryUrl) && !(mark !== undefined && isMark(item, mark))
  return listed.find(
    ({ state, metadata }) =>
      state !== 'draft' &&
      asList(metadata['related_identifiers']).some(isOthers) &&
      fold(asText(metadata['title']) ?? '') === fold(title),
  )
}

/** What is left of a title when the server's repairs of plain text (quotes, entities, widths, spaces) make no difference. */
const fold = (title: string): string =>
  title
    .normalize('NFKC')
    .replace(/&#?\w+;/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()
