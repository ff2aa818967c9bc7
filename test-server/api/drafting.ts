import { applyDraftRules, checkPublisher } from '../metadata/draft-rules.ts'
import { crashesSaving } from '../metadata/effects.ts'
import type { NativeInput } from '../metadata/from-legacy.ts'
import { isDoi } from '../metadata/identifiers.ts'
import { lookUp } from '../metadata/look-up.ts'
import { toDay } from '../metadata/dates.ts'
import type { Bucket } from '../state/bucket.ts'
import {
  latestRecord,
  type Concept,
  type Deposit,
  type Draft,
  type StoredMetadata,
} from '../state/deposit.ts'
import type { World } from '../state/world.ts'
import { crash, invalid, notFound, type FieldError } from '../transport/answer.ts'
import { isObject, objectAt, textAt, without } from '../transport/json.ts'

/** The draft of a deposit; a published one that is not being edited has none. */
export function getDraft(deposit: Deposit): Draft {
  if (!deposit.draft) throw notFound()
  return deposit.draft
}

/** What is kept of an input, and what was wrong with it; refuses unknown vocabulary ids. */
export function toStored(
  world: World,
  input: NativeInput,
  before: StoredMetadata | undefined,
): { readonly stored: StoredMetadata; readonly errors: readonly FieldError[] } {
  const { metadata, customFields, access, errors } = applyDraftRules(input, world.now())
  const stored = { metadata, customFields, access, doi: input.doi ?? before?.doi }
  lookUp(stored)
  if (crashesSaving(stored)) throw crash()
  return { stored, errors }
}

/** The resource type a body gives, which a lost race is blamed on. */
export const typeOf = ({ metadata }: Pick<StoredMetadata, 'metadata'>): string | undefined =>
  textAt(objectAt(metadata, 'resource_type'), 'id')

/** How often saving metadata raises the revision: once more with a resource type to look up. */
export const stepsOf = (stored: StoredMetadata): number =>
  isObject(stored.metadata['resource_type']) ? 2 : 1

const fieldError = (field: string, message: string): FieldError => ({ field, messages: [message] })

/** What is wrong with the files of a draft that is to be published. */
function checkFiles({ files }: Bucket): readonly FieldError[] {
  if (files.size === 0) {
    const message =
      'Missing uploaded files. To disable files for this record please mark it as metadata-only.'
    return [fieldError('files.enabled', message)]
  }
  const isPending = [...files.values()].some(({ status }) => status === 'pending')
  if (!isPending) return []
  const message = 'One or more files have not completed their transfer, please wait.'
  return [fieldError('files', message)]
}

/** What is wrong with the DOI a draft carries. */
export function checkDoi(
  world: World,
  deposit: Deposit,
  stored: StoredMetadata,
): readonly FieldError[] {
  const { doi } = stored
  if (!doi) return []
  const { identifier, provider } = doi
  const { doiPrefix } = world.settings
  const [prefix = ''] = identifier.split('/')
  const problem = (message: string): readonly FieldError[] => [fieldError('pids.doi', message)]
  if (!isDoi(identifier)) return problem('Invalid DOI')
  if (provider === 'datacite' && prefix !== doiPrefix) {
    return problem(
      `Wrong DOI ${prefix} prefix provided, it should be ${doiPrefix} as defined in the rest client`,
    )
  }
  if (provider === 'external' && prefix === doiPrefix) {
    return problem(
      `The prefix '${doiPrefix}' is managed by Zenodo. Please supply an external DOI or select 'No' to have a DOI generated for you.`,
    )
  }
  return world.isDoiTaken(identifier, deposit) ? problem(`doi:${identifier} already exists.`) : []
}

/** Refuses to publish what is not complete; the first group with faults tells all of its own. */
export function checkPublishable(world: World, deposit: Deposit, draft: Draft): void {
  const groups = [
    () => applyDraftRules(draft.stored, world.now()).errors,
    () => checkFiles(draft.bucket),
    () => checkDoi(world, deposit, draft.stored),
    () => (draft.stored.doi?.provider === 'external' ? [] : checkPublisher(draft.stored.metadata)),
  ]
  for (const group of groups) {
    const errors = group()
    if (errors.length > 0) throw invalid(...errors)
  }
}

/** What a next version starts from: the latest one, without version, with the date of today. */
export function nextVersionOf(world: World, concept: Concept): StoredMetadata {
  const stored = latestRecord(concept)?.record?.stored
  if (!stored) throw notFound()
  const metadata = without(stored.metadata, 'version')
  const today = { publication_date: toDay(world.now()) }
  return { ...stored, metadata: { ...metadata, ...today }, doi: undefined }
}

/** Copies the files of the latest version into an empty draft. */
export function importFiles(world: World, deposit: Deposit, draft: Draft): void {
  const refuse = (message: string): Error => invalid(fieldError('files.enabled', message))
  if (draft.bucket.files.size > 0) throw refuse('Please remove all files first.')
  const latest = latestRecord(deposit.concept)?.record
  if (!latest || latest.keys.size === 0) throw refuse('The record has no files.')
  draft.bucket.inherit(latest.bucket, world.now())
  for (const key of draft.bucket.files.keys()) {
    if (!latest.keys.has(key)) draft.bucket.files.delete(key)
  }
}
