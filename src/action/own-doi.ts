import { InputError } from '../errors.ts'
import { toDoi } from '../metadata/identifiers.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import { findOwner } from '../zenodo/instances.ts'
import type { Checked } from './check.ts'
import { isNewDraft, targetOf, type Planned } from './decide.ts'

/**
 * Refuses a DOI of the instance that is not the deposit's own: the server would take it, and publish
 * the record under it (docs/server.md#foreign-doi). A next version has none yet that could be given.
 * @throws InputError
 */
export function refuseOthersDoi({ metadata: read }: Checked, decision: Planned): void {
  const doi = doiOf(read.metadata ?? {})
  const deposit = targetOf(decision)
  if (deposit === undefined || doi === undefined) return
  const isNew = isNewDraft(decision)
  const isOwn = !isNew && isDoiOf(deposit, doi)
  if (isOwn || !isManaged(doi, deposit)) return
  const problem = isNew
    ? `doi ${doi} cannot be that of the version after record ${deposit.id}.`
    : `doi ${doi} belongs to another record than ${deposit.id}.`
  throw new InputError([
    {
      place: read.placeOf('doi') ?? { input: 'metadata-file' },
      problem: `${problem} Remove it: the server gives every version its own DOI.`,
    },
  ])
}

/** The server keeps a deposit's own DOI by itself, and refuses some ways of repeating it. */
export function withoutOwnDoi(metadata: Metadata, deposit: Deposit): Metadata {
  const { doi, ...rest } = metadata
  const bare = doiOf({ doi })
  return bare !== undefined && isManaged(bare, deposit) ? rest : metadata
}

function doiOf({ doi }: Metadata): string | undefined {
  return typeof doi === 'string' && doi !== '' ? (toDoi(doi) ?? doi.trim()) : undefined
}

const isDoiOf = (deposit: Deposit, doi: string): boolean =>
  doi === deposit.doi || doi === deposit.metadata['doi'] || doi.endsWith(`/zenodo.${deposit.id}`)

/** Whether a DOI is one that the instance gives. */
const isManaged = (doi: string, { doi: known }: Deposit): boolean =>
  findOwner(doi) !== undefined || doi.split('/')[0] === known?.split('/')[0]
