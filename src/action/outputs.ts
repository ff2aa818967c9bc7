import { doiUrl, inAddress, pageOf } from '../zenodo/addresses.ts'
import type { Deposit } from '../zenodo/deposit.ts'

export type State = 'draft' | 'published' | 'unchanged' | 'planned' | 'unknown'

/** What became of one file. */
export interface FileOutcome {
  readonly key: string
  readonly sizeBytes: number
  /** `md5:…`; empty where it is not known. */
  readonly checksum: string
  readonly action: 'uploaded' | 'replaced' | 'kept' | 'removed'
}

/** A file that is to be sent, or has been, before its checksum is known. */
export const asUploaded = ({
  key,
  sizeBytes,
}: Pick<FileOutcome, 'key' | 'sizeBytes'>): FileOutcome => ({
  key,
  sizeBytes,
  checksum: '',
  action: 'uploaded',
})

export const asKept = (file: Omit<FileOutcome, 'action'>): FileOutcome => ({
  ...file,
  action: 'kept',
})

/** Names and values as later steps see them; interface of the action, see action.yml. */
export type Outputs = Readonly<
  Record<
    | 'deposit-id'
    | 'concept-id'
    | 'doi'
    | 'doi-url'
    | 'concept-doi'
    | 'record-url'
    | 'bucket-url'
    | 'state'
    | 'published'
    | 'version'
    | 'files'
    | 'uploaded-count'
    | 'kept-count'
    | 'removed-count'
    | 'badge-url'
    | 'badge-markdown',
    string
  >
>

/** What is known about the deposit: ids, addresses, state. */
export function toDepositOutputs(
  deposit: Deposit,
  origin: string,
  { state, version }: { readonly state: State; readonly version: string | undefined },
): Partial<Outputs> {
  const isPublic = deposit.state !== 'draft'
  const doi = deposit.doi ?? ''
  const badgeDoi = deposit.conceptDoi ?? doi
  const badgeUrl = badgeDoi && `${origin}/badge/DOI/${inAddress(badgeDoi)}.svg`
  return {
    'deposit-id': deposit.id,
    'concept-id': deposit.conceptId,
    doi,
    'doi-url': doi && doiUrl(doi),
    'concept-doi': deposit.conceptDoi ?? '',
    'record-url': pageOf(deposit, origin),
    'bucket-url': isBelow(deposit.bucketLink, origin) ? deposit.bucketLink : '',
    state,
    published: String(isPublic),
    version: version ?? '',
    'badge-url': badgeUrl,
    'badge-markdown': badgeDoi && `[![DOI](${badgeUrl})](${doiUrl(badgeDoi)})`,
  }
}

/** What became of the files, sorted by key. */
export function toFileOutputs(
  files: readonly FileOutcome[],
  deposit: Deposit | undefined,
  origin: string,
): Partial<Outputs> {
  const total = (...actions: readonly FileOutcome['action'][]): string =>
    String(files.filter(({ action }) => actions.includes(action)).length)
  const list = files
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, sizeBytes, checksum, action }) => ({
      key,
      size: sizeBytes,
      checksum,
      action,
      url: action === 'removed' || !deposit ? '' : fileUrl(deposit, key, origin),
    }))
  return {
    files: JSON.stringify(list),
    'uploaded-count': total('uploaded', 'replaced'),
    'kept-count': total('kept'),
    'removed-count': total('removed'),
  }
}

const isBelow = (link: string | undefined, origin: string): link is string =>
  link?.startsWith(`${origin}/`) === true

const fileUrl = ({ id, state }: Deposit, key: string, origin: string): string =>
  state === 'draft'
    ? `${origin}/api/records/${id}/draft/files/${encodeURIComponent(key)}/content`
    : `${origin}/records/${id}/files/${encodeURIComponent(key)}`
