import type { Json } from '../transport/json.ts'
import type { Bucket } from './bucket.ts'
import { Lock } from './lock.ts'

/** Metadata as the server keeps it: InvenioRDM's form, whichever API it came through. */
export interface StoredMetadata {
  readonly metadata: Json
  readonly customFields: Json
  readonly access: Json
  readonly doi: { readonly identifier: string; readonly provider: string } | undefined
}

export const EMPTY_METADATA: StoredMetadata = {
  metadata: {},
  customFields: {},
  access: { record: 'public', files: 'public' },
  doi: undefined,
}

/** The editable state of a deposit: before its first publish, or during an edit. */
export interface Draft {
  stored: StoredMetadata
  readonly bucket: Bucket
  revision: number
  readonly created: Date
  modified: Date
  /** The row lock of the draft in the database. */
  readonly row: Lock
  /** Set while a publish is under way; an upload that comes meanwhile depends on the phase. */
  publishing: 'early' | 'late' | undefined
  /** Deleted, discarded or published: requests that still wait find it gone. */
  isGone: boolean
}

/** The published state of a deposit. */
export interface Published {
  readonly stored: StoredMetadata
  readonly bucket: Bucket
  /** The files at the moment of publishing, which a racing upload no longer reaches. */
  readonly keys: ReadonlySet<string>
  readonly revision: number
  readonly created: Date
  readonly modified: Date
}

/** A community inclusion, submission or deletion request. */
export interface CommunityRequest {
  readonly id: string
  readonly type: string
  readonly community: string | undefined
  status: string
  readonly created: Date
}

/** One version: what the deposit API calls a deposition. */
export interface Deposit {
  readonly id: number
  readonly concept: Concept
  /** Position among the versions of the concept, from 1. */
  readonly index: number
  draft: Draft | undefined
  record: Published | undefined
  tombstone: Json | undefined
  review: CommunityRequest | undefined
  readonly requests: CommunityRequest[]
}

/** What all versions share. */
export interface Concept {
  readonly id: number
  readonly owner: string
  /** Minted at the first publish, unless the DOI of the version is an external one. */
  doi: string | undefined
  readonly versions: Deposit[]
  /** The draft a new-version call answers with; of several made at once, the last. */
  nextDraft: Deposit | undefined
}

export function createDraft(stored: StoredMetadata, bucket: Bucket, now: Date): Draft {
  return {
    stored,
    bucket,
    revision: 4,
    created: now,
    modified: now,
    row: new Lock(),
    publishing: undefined,
    isGone: false,
  }
}

/** Notes a change: the revision is what `If-Match` and the optimistic lock compare. */
export function touch(draft: Draft, now: Date, steps = 2): void {
  draft.revision += steps
  draft.modified = now
}

/** The latest published version of a concept. */
export function latestRecord(concept: Concept): Deposit | undefined {
  return concept.versions.filter((version) => version.record).at(-1)
}
