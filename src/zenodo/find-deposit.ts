import { toPrintable } from '../lib/printable.ts'
import type { Client } from './client.ts'
import type { Identifier } from './identifier.ts'
import {
  deleted,
  findDraftsOf,
  foreign,
  readOwn,
  toTarget,
  wrongId,
  type Target,
} from './target.ts'

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

/** Deposits can bear a DOI from elsewhere; only a search finds these. */
async function findByDoi(client: Client, doi: string, signal: AbortSignal): Promise<string> {
  const listed = await client.findDeposits(`doi:"${doi.replaceAll(/["\\]/g, '')}"`, signal)
  const found = listed.find((item) => item.doi?.toLowerCase() === doi.toLowerCase())
  if (found) return found.id
  throw wrongId(
    `No deposit of yours at ${client.http.origin} has the DOI ${toPrintable(doi, 200)}. It may have been made elsewhere. Give the id, the DOI or the address of a deposit at ${client.http.origin}.`,
  )
}

const unknown = (id: string, origin: string): Error =>
  wrongId(
    `${origin} knows no deposit ${id}. It may have been deleted, or belong to another instance (see sandbox and server-url).`,
  )
