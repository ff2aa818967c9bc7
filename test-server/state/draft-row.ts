import { crash, invalidValue, badRequest, notFound, type Refusal } from '../transport/answer.ts'
import { textAt, objectAt } from '../transport/json.ts'
import type { Draft } from './deposit.ts'

/**
 * What a loser of the race for a draft's row is told. The optimistic lock is lost while a
 * vocabulary look-up runs, and that look-up blames the value it was looking up; in a draft without
 * a resource type there is no look-up to do it, and the failure shows.
 */
export function lostRace(draft: Draft): Refusal {
  const hasResourceType = textAt(objectAt(draft.stored.metadata, 'resource_type'), 'id')
  return hasResourceType === undefined ? crash() : badRequest('Not a valid value.')
}

/** The same for a metadata update, which looks up its own resource type. */
export function lostMetadataRace(resourceType: string | undefined): Refusal {
  return resourceType === undefined ? crash() : invalidValue(resourceType)
}

/**
 * Runs a change of the draft's row: waits for the row, and refuses if the row was changed since
 * `seenRevision` was read at the start of the request.
 */
export async function changeRow<T>(
  draft: Draft,
  seenRevision: number,
  lost: () => Error,
  change: () => Promise<T>,
): Promise<T> {
  return draft.row.hold(async () => {
    if (draft.isGone) throw notFound()
    if (draft.revision !== seenRevision) throw lost()
    return change()
  })
}
