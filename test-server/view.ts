import { toState } from './api/deposition-json.ts'
import { toLegacy } from './metadata/to-legacy.ts'
import type { Bucket } from './state/bucket.ts'
import type { Deposit } from './state/deposit.ts'
import type { Json } from './transport/json.ts'

/** One version as a test may look at it, whatever the API would show. */
export interface DepositView {
  readonly id: number
  readonly conceptId: number
  readonly owner: string
  readonly state: 'unsubmitted' | 'inprogress' | 'done'
  /** Whether this version is published, also while it is being edited. */
  readonly submitted: boolean
  readonly doi: string | undefined
  /** The DOI a draft carries: reserved, or given by the client. */
  readonly reservedDoi: string | undefined
  readonly conceptDoi: string | undefined
  /** As the deposit API echoes it. */
  readonly metadata: Json
  /** As InvenioRDM keeps it. */
  readonly native: Json
  /** Id of the bucket that takes, or took, its files. */
  readonly bucket: string
  readonly files: readonly {
    readonly key: string
    readonly size: number
    /** With its prefix, `md5:`. */
    readonly checksum: string
    /** Undefined for files larger than what is kept, and kept on disk. */
    readonly content: Buffer | undefined
    readonly status: 'pending' | 'completed'
  }[]
}

function toFiles(bucket: Bucket, keys: ReadonlySet<string> | undefined): DepositView['files'] {
  const shown = [...bucket.files.values()].filter(({ key }) => keys?.has(key) ?? true)
  return shown.map(({ key, status, content }) => ({
    key,
    size: content?.size ?? 0,
    checksum: content ? `md5:${content.md5}` : '',
    content: content?.bytes,
    status,
  }))
}

/** Looks at a version: at its draft if it has one. */
export function toView(deposit: Deposit): DepositView {
  const { id, concept, draft, record } = deposit
  const source = draft ?? record
  if (!source) throw new Error(`deposit ${id} has neither draft nor record`)
  const { stored, bucket } = source
  return {
    id,
    conceptId: concept.id,
    owner: concept.owner,
    state: toState(deposit),
    submitted: record !== undefined,
    doi: record?.stored.doi?.identifier,
    reservedDoi: draft?.stored.doi?.identifier,
    conceptDoi: concept.doi,
    metadata: toLegacy(stored),
    native: stored.metadata,
    bucket: bucket.id,
    files: toFiles(bucket, draft ? undefined : record?.keys),
  }
}
