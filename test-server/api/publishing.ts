import { COMMUNITIES } from '../metadata/custom-fields.ts'
import { randomUUID } from 'node:crypto'
import type {
  CommunityRequest,
  Deposit,
  Draft,
  Published,
  StoredMetadata,
} from '../state/deposit.ts'
import type { World } from '../state/world.ts'
import { badRequest, crash } from '../transport/answer.ts'
import { listAt, without } from '../transport/json.ts'
import { checkPublishable } from './drafting.ts'

/** A request about a community or a record, as the real server keeps them. */
export function createRequest(
  type: string,
  status: string,
  details: { readonly community: string | undefined; readonly now: Date },
): CommunityRequest {
  const { community, now } = details
  return { id: randomUUID(), type, status, community, created: now }
}

/**
 * Publishes a draft. Waits for a running upload and takes its file in; an upload that comes once
 * this has begun succeeds too in the early phase, but its file is not in the record.
 */
export async function publish(world: World, deposit: Deposit, draft: Draft): Promise<void> {
  await draft.bucket.lock.hold(() =>
    draft.row.hold(async () => {
      // A second publish of the same moment: the draft it holds has gone under its feet.
      if (draft.isGone) throw crash()
      checkPublishable(world, deposit, draft)
      if (deposit.review?.status === 'submitted') {
        const advice = 'Please cancel the review request first.'
        throw badRequest(`You cannot publish a draft with an open review request. ${advice}`)
      }
      draft.publishing = 'early'
      await world.work()
      draft.publishing = 'late'
      await world.work()
      store(world, deposit, draft)
    }),
  )
}

function store(world: World, deposit: Deposit, draft: Draft): void {
  const { concept, record: before } = deposit
  const now = world.now()
  const stored = requestInclusions(world, deposit, mintDois(world, deposit, draft.stored))
  const keys = new Set(draft.bucket.completed().map(({ key }) => key))
  const record: Published = before
    ? { ...before, stored, revision: before.revision + 1, modified: now }
    : { stored, bucket: draft.bucket, keys, revision: 3, created: now, modified: now }
  if (before) world.forgetBucket(draft.bucket)
  draft.bucket.isLocked = true
  draft.isGone = true
  deposit.draft = undefined
  deposit.record = record
  if (concept.nextDraft === deposit) concept.nextDraft = undefined
}

/** Indexes a published version, and then its siblings, which have learnt of a later one. */
export function indexPublished(world: World, deposit: Deposit): void {
  world.reindex(deposit)
  const siblings = deposit.concept.versions.filter((version) => version !== deposit)
  for (const sibling of siblings) world.reindex(sibling)
}

/** The version's DOI, and at the first publish that of the concept; external ones have none. */
function mintDois(world: World, { id, concept }: Deposit, stored: StoredMetadata): StoredMetadata {
  const { doiPrefix } = world.settings
  const doi = stored.doi ?? { identifier: `${doiPrefix}/zenodo.${id}`, provider: 'datacite' }
  if (doi.provider === 'datacite') concept.doi ??= `${doiPrefix}/zenodo.${concept.id}`
  return { ...stored, doi }
}

/** Known communities become requests that wait; unknown ones stay in the metadata. */
function requestInclusions(world: World, deposit: Deposit, stored: StoredMetadata): StoredMetadata {
  const customFields = without(stored.customFields, COMMUNITIES)
  const unknown = listAt(stored.customFields, COMMUNITIES).filter((slug) => {
    const community = world.communities.find(String(slug))
    if (!community) return true
    const details = { community: community.id, now: world.now() }
    deposit.requests.push(createRequest('community-inclusion', 'submitted', details))
    return false
  })
  if (unknown.length === 0) return { ...stored, customFields }
  return { ...stored, customFields: { ...customFields, [COMMUNITIES]: unknown } }
}
