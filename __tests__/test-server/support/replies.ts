import type { Zenodo } from '../../../test-server/server.ts'
import type { Json } from '../../../test-server/transport/json.ts'
import { ask, toDeposit, type Reply, type TestDeposit } from './talk.ts'

/** Asks for the native JSON. */
export const NATIVE = { accept: 'application/vnd.inveniordm.v1+json' }

/** Status and message in one line. */
export const messageOf = ({ status, json }: Reply): string =>
  `${status} ${(json as { message?: string } | undefined)?.message ?? ''}`.trim()

/** The entries of `errors`, each in one line. */
export function fieldsOf({ json }: Reply): readonly string[] {
  const { errors = [] } = json as {
    errors?: readonly { field: string; messages: readonly string[] }[]
  }
  return errors.map(({ field, messages }) => `${field}: ${messages.join(' ')}`)
}

/** The ids of a list of depositions. */
export const idsOf = ({ json }: Reply): readonly number[] =>
  (json as readonly { id: number }[]).map(({ id }) => id)

/** Opens the edit of a record. */
export const edit = async (zenodo: Zenodo, { path }: TestDeposit): Promise<TestDeposit> =>
  toDeposit(await ask(zenodo, 'POST', `${path}/actions/edit`))

/** Replaces the metadata of a draft. */
export const put = async (zenodo: Zenodo, { path }: TestDeposit, metadata: Json): Promise<Reply> =>
  ask(zenodo, 'PUT', path, { json: { metadata } })
