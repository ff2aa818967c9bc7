import { ProtocolError } from '../errors.ts'
import { asId, asList, asObject, asText, isObject, type JsonObject } from '../lib/json.ts'
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

const STATES = { unsubmitted: 'draft', inprogress: 'edit', done: 'record' } as const

/** A deposit from an answer; throws if it is none. */
export function parseDeposit(json: unknown, requestLine: string): Deposit {
  const deposit = asObject(json)
  const id = asId(deposit['id'])
  const conceptId = asId(deposit['conceptrecid'])
  const state = STATES[deposit['state'] as keyof typeof STATES] as Deposit['state'] | undefined
  if (
    !isObject(json) ||
    id === undefined ||
    conceptId === undefined ||
    state === undefined ||
    !/^[\w-]+$/.test(id)
  ) {
    throw new ProtocolError(
      requestLine,
      `The server answered ${requestLine} with something that is no deposit.`,
      {
        hint: 'Check that server-url is a Zenodo instance, and try again.',
      },
    )
  }
  return {
    id,
    conceptId,
    state: state === 'draft' && deposit['submitted'] === true ? 'edit' : state,
    doi: asText(deposit['doi']),
    conceptDoi: asText(deposit['conceptdoi']),
    metadata: asObject(deposit['metadata']),
    files: asList(deposit['files']).flatMap((file) => parseStoredFile(file) ?? []),
    bucketLink: asText(asObject(deposit['links'])['bucket']),
    created: asText(deposit['created']),
  }
}
