import { ApiError, InputError } from '../errors.ts'
import { asList, asObject, asText } from '../lib/json.ts'
import { toPrintable } from '../lib/printable.ts'
import type { Client } from './client.ts'
import type { Deposit } from './deposit.ts'
import type { Identifier } from './identifier.ts'

/** What a name stands for. */
export type Target =
  /** Nothing yet: a deposit is to be created. */
  | { readonly kind: 'none' }
  /** A draft that was never published, with the version it follows, if any. */
  | { readonly kind: 'draft'; readonly draft: Deposit; readonly latest: Deposit | undefined }
  /** A published deposit: its latest version. */
  | { readonly kind: 'published'; readonly latest: Deposit }

/**
 * Finds the deposit that a user named, with reads only.
 * @throws InputError with a sentence for each way in which a name can be wrong
 */
export async function findDeposit(
  client: Client,
  identifier: Identifier,
  signal: AbortSignal,
): Promise<Target> {
  const id =
    identifier.kind === 'id' ? identifier.id : await findByDoi(client, identifier.doi, signal)
  const deposit = await readOwn(client, id, signal)
  if (deposit !== undefined) return toTarget(client, deposit, signal)
  return findPublished(client, id, signal)
}

/** The deposit of this id if it is one's own; undefined if the deposit API knows no such id. */
async function readOwn(
  client: Client,
  id: string,
  signal: AbortSignal,
): Promise<Deposit | undefined> {
  try {
    return await client.getDeposit(id, signal)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 404) return undefined
    if (error.status === 410) throw deleted(id)
    if (error.status === 401 || error.status === 403) throw await explainRefusal(client, id, signal)
    throw error
  }
}

async function toTarget(client: Client, deposit: Deposit, signal: AbortSignal): Promise<Target> {
  if (deposit.state === 'draft') {
    return { kind: 'draft', draft: deposit, latest: await readLatestOf(client, deposit, signal) }
  }
  // A deleted record looks alive in the deposit API (docs/server.md#deleted).
  const lookup = await client.native.lookUpRecord(deposit.id, signal)
  if (lookup.kind === 'deleted') throw deleted(deposit.id)
  const latestId = (await client.native.latestVersion(deposit.id, signal)) ?? deposit.id
  const latest = latestId === deposit.id ? deposit : await client.getDeposit(latestId, signal)
  return { kind: 'published', latest }
}

/** The version that a draft follows. Only a concept that has been published has a DOI. */
async function readLatestOf(
  client: Client,
  draft: Deposit,
  signal: AbortSignal,
): Promise<Deposit | undefined> {
  if (draft.conceptDoi === undefined) return undefined
  const lookup = await client.native.lookUpRecord(draft.conceptId, signal)
  return lookup.kind === 'concept' ? client.getDeposit(lookup.latestId, signal) : undefined
}

/** An id that the deposit API does not know: a concept's, perhaps. */
async function findPublished(client: Client, id: string, signal: AbortSignal): Promise<Target> {
  const lookup = await client.native.lookUpRecord(id, signal)
  switch (lookup.kind) {
    case 'deleted':
      throw deleted(id)
    case 'record':
      throw foreign(id)
    case 'concept': {
      const latest = await readOwn(client, lookup.latestId, signal)
      if (latest === undefined) throw unknown(id, client.http.origin)
      return toTarget(client, latest, signal)
    }
    case 'unknown':
      return findConceptOfDraft(client, id, signal)
  }
}

/** A concept that was never published redirects nowhere; the list knows its draft. */
async function findConceptOfDraft(
  client: Client,
  conceptId: string,
  signal: AbortSignal,
): Promise<Target> {
  const [draft] = await findDraftsOf(client, conceptId, signal)
  if (draft === undefined) throw unknown(conceptId, client.http.origin)
  return { kind: 'draft', draft: await client.getDeposit(draft.id, signal), latest: undefined }
}

/** Drafts of a concept that were never published, newest first, as the list shows them: without files and bucket. */
export async function findDraftsOf(
  client: Client,
  conceptId: string,
  signal: AbortSignal,
): Promise<readonly Deposit[]> {
  const listed = await client.findDeposits(`conceptrecid:${conceptId}`, signal)
  return listed.filter((item) => item.conceptId === conceptId && item.state === 'draft')
}

/** Deposits can bear a DOI from elsewhere; only a search finds these. */
async function findByDoi(client: Client, doi: string, signal: AbortSignal): Promise<string> {
  const listed = await client.findDeposits(`doi:"${doi.replaceAll(/["\\]/g, '')}"`, signal)
  const found = listed.find((item) => item.doi?.toLowerCase() === doi.toLowerCase())
  if (found) return found.id
  throw wrongId(
    `No deposit of yours at ${client.http.origin} has the DOI ${toPrintable(doi, 200)}. It may have been made elsewhere. Give the id, the DOI or the address of a deposit at ${client.http.origin}.`,
  )
}

/**
 * What a run of the same repository and tag left behind, found by its mark: a related identifier.
 * Drafts go before records, newer before older. The search index is exact enough only as a hint, so
 * the mark is compared again (docs/server.md#mark).
 */
export async function findMarked(
  client: Client,
  sought: Marked,
  signal: AbortSignal,
): Promise<Target> {
  const { mark } = sought
  const query = `metadata.related_identifiers.identifier:"${mark.replaceAll(/["\\]/g, '')}"`
  const listed = await searchOrList(client, query, signal)
  const marked = listed.filter((item) => hasMark(item, mark))
  const isDraft = ({ state }: Deposit): boolean => state === 'draft'
  for (const { id } of [...marked.filter(isDraft), ...marked.filter((item) => !isDraft(item))]) {
    const deposit = await readOwn(client, id, signal)
    if (deposit && isOfStep(deposit, sought)) return toTarget(client, deposit, signal)
  }
  return { kind: 'none' }
}

/** What a step leaves behind. */
export interface Marked {
  readonly mark: string
  readonly title: string | undefined
  /** Of the files that the step sends. */
  readonly keys: readonly string[]
}

/**
 * Two steps of one workflow may make two deposits from one tag, and what one made the other must not
 * touch. Theirs differ by title; one's own may have got another title since, but holds no other files.
 */
function isOfStep({ state, metadata, files }: Deposit, { title, keys }: Marked): boolean {
  const recorded = fold(asText(metadata['title']) ?? '')
  if (recorded === fold(title ?? '') || (state === 'draft' && recorded === '')) return true
  return files.length > 0 && files.every(({ key }) => keys.includes(key))
}

/**
 * A record of one's own that another tag or run of the same repository made under the same title:
 * what is about to be made is probably its next version. Looked for among the newest hundred.
 */
export async function findSibling(
  client: Client,
  { repositoryUrl, title }: { readonly repositoryUrl: string; readonly title: string },
  signal: AbortSignal,
): Promise<Deposit | undefined> {
  const listed = await client.findDeposits('', signal)
  const isMark = (item: unknown): boolean => {
    const identifier = asText(asObject(item)['identifier']) ?? ''
    return ['/tree/', '/actions/runs/'].some((path) => identifier.startsWith(repositoryUrl + path))
  }
  return listed.find(
    ({ state, metadata }) =>
      state !== 'draft' &&
      asList(metadata['related_identifiers']).some(isMark) &&
      fold(asText(metadata['title']) ?? '') === fold(title),
  )
}

/** A search that the server's query parser refuses falls back on the newest deposits: the mark is compared here anyway. */
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

/** Whether the deposit carries the mark in its related identifiers. */
export const hasMark = ({ metadata }: Pick<Deposit, 'metadata'>, mark: string): boolean =>
  asList(metadata['related_identifiers']).some((item) => {
    const { identifier, relation } = asObject(item)
    return identifier === mark && asText(relation)?.toLowerCase() === 'issupplementto'
  })

/** What is left of a title when the server's repairs of plain text (quotes, entities, widths, spaces) make no difference. */
const fold = (title: string): string =>
  title
    .normalize('NFKC')
    .replace(/&#?\w+;/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()

/** 403 is all the server says to a bad token and to somebody else's deposit alike; two reads tell them apart. */
async function explainRefusal(client: Client, id: string, signal: AbortSignal): Promise<Error> {
  if (!(await client.isTokenValid(signal))) return invalidToken(client.http.origin)
  const lookup = await client.native.lookUpRecord(id, signal)
  return lookup.kind === 'deleted' ? deleted(id) : foreign(id)
}

/** The server does not know the token. */
export const invalidToken = (origin: string): InputError =>
  new InputError([
    {
      place: { input: 'token' },
      problem: `${origin} does not accept this token: it is mistyped, expired, revoked, or was made on another instance. zenodo.org and sandbox.zenodo.org have separate accounts and tokens; make one at ${origin}/account/settings/applications/tokens/new/ with the scopes deposit:write and deposit:actions.`,
    },
  ])

const wrongId = (problem: string): InputError =>
  new InputError([{ place: { input: 'deposit-id' }, problem }])

const unknown = (id: string, origin: string): InputError =>
  wrongId(
    `${origin} knows no deposit ${id}. It may have been deleted, or belong to another instance (see sandbox and server-url).`,
  )

const deleted = (id: string): InputError =>
  wrongId(`Record ${id} has been deleted. Leave deposit-id empty to make a new deposit.`)

const foreign = (id: string): InputError =>
  wrongId(
    `Deposit ${id} belongs to another account than the token. Use a token of its owner, or ask the owner to share the record with edit rights.`,
  )
