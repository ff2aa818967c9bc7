import { ApiError, InputError, ProtocolError } from '../errors.ts'
import { requestLineOf, type Call } from '../http/call.ts'
import { asId, asObject, asText } from '../lib/json.ts'
import { toPrintable } from '../lib/printable.ts'
import { JSON_TYPE, type GitHub } from './github.ts'
import { permissionHint, type Purpose } from './refusal.ts'

/** How a release is named; the id counts where both are known. */
export interface ReleaseReference {
  readonly id?: string | undefined
  readonly tag?: string | undefined
}

/** What we need of a release. */
export interface Release {
  readonly id: string
  /** Its notes; empty if it has none. */
  readonly body: string
}

/** The release of this id or tag. Throws an InputError without either, and an ApiError that says what is missing. */
export async function getRelease(
  github: GitHub,
  { id, tag }: ReleaseReference,
  purpose: Purpose,
  signal: AbortSignal,
): Promise<Release> {
  if (id === undefined && tag === undefined) {
    const problem = `${purpose.input} needs a release, and this run was started neither by one nor for a tag.`
    throw new InputError([{ place: { input: purpose.input }, problem }])
  }
  const part = id ?? `tags/${encodeURIComponent(tag ?? '')}`
  const path = github.pathOf(`/releases/${part}`)
  const call: Call = { method: 'GET', path, accept: JSON_TYPE, repeat: true }
  try {
    return parseRelease((await github.request(call, purpose, signal)).json, requestLineOf(call))
  } catch (error) {
    const isMissing = error instanceof ApiError && error.status === 404
    throw isMissing && id === undefined ? noRelease(error, github, { tag, purpose }) : error
  }
}

function noRelease(
  { answer }: ApiError,
  { repository }: GitHub,
  { tag, purpose }: { readonly tag: string | undefined; readonly purpose: Purpose },
): ApiError {
  const message = `The tag "${toPrintable(tag ?? '', 200)}" has no published release in ${repository} that this job can see.`
  const hint = `Publish the release before this step runs; a draft is not found by its tag. ${permissionHint(purpose)}`
  return new ApiError(message, answer, { hint })
}

function parseRelease(json: unknown, requestLine: string): Release {
  const { id, body } = asObject(json)
  const found = asId(id)
  if (found !== undefined) return { id: found, body: asText(body) ?? '' }
  throw new ProtocolError(requestLine, `GitHub answered ${requestLine} without a release.`)
}
