import { asId, asList, asObject, asText, type JsonObject } from '../lib/json.ts'
import { oddAnswer } from './odd-answer.ts'
import { parseStoredFile, type StoredFile } from './stored-file.ts'

/** One version as the deposit API shows it: a draft, a record, or a record whose metadata is being edited. */
export interface Deposit {
  readonly id: string
  readonly conceptId: string
  /** `draft`: never published. `record`: published. `edit`: published, with an open edit of its metadata. */
  readonly state: 'draft' | 'record' | 'edit'
  /** Reserved, given or registered; undefined if none. */
  readonly doi: string | undefined
  /** Known once any version of the concept has been published. */
  readonly conceptDoi: string | undefined
  readonly metadata: JsonObject
  /** Complete for a deposit that was read by id; lists leave it empty for drafts (docs/server.md#lists). */
  readonly files: readonly StoredFile[]
  /** Absent from lists. */
  readonly bucketLink: string | undefined
  readonly created: string | undefined
}

const STATES = new Map<unknown, Deposit['state']>([
  ['unsubmitted', 'draft'],
  ['inprogress', 'edit'],
  ['done', 'record'],
])
/** What becomes an output, a path and a link is as short as ids are. */
const ID = /^[\w-]{1,64}$/
const MAX_DOI_LENGTH = 500

/** A deposit from an answer; throws if it is none. */
export function parseDeposit(json: unknown, requestLine: string): Deposit {
  const deposit = asObject(json)
  const id = asId(deposit['id']) ?? ''
  const conceptId = asId(deposit['conceptrecid']) ?? ''
  const state = STATES.get(deposit['state'])
  if (state === undefined || !ID.test(id) || !ID.test(conceptId)) {
    throw oddAnswer(requestLine, 'deposit')
  }
  return {
    id,
    conceptId,
    state: state === 'draft' && deposit['submitted'] === true ? 'edit' : state,
    doi: asDoi(deposit['doi']),
    conceptDoi: asDoi(deposit['conceptdoi']),
    metadata: asObject(deposit['metadata']),
    files: asList(deposit['files']).flatMap((file) => parseStoredFile(file) ?? []),
    bucketLink: asText(asObject(deposit['links'])['bucket']),
    created: asText(deposit['created']),
  }
}

/** A DOI; anything else is left out, so that what becomes an output, a link and a badge is one. */
function asDoi(value: unknown): string | undefined {
  const doi = asText(value)
  return doi !== undefined &&
    doi.length <= MAX_DOI_LENGTH &&
    /^10\.\d[\d.]*\/[^\s\p{C}]+$/u.test(doi)
    ? doi
    : undefined
}
