import { ApiError } from '../errors.ts'
import { MAX_REQUESTED_WAIT_MS, backOff, isTransient } from '../http/retry.ts'
import type { Clock } from '../lib/clock.ts'

/** What a request is for, so that its refusal can tell what is missing. */
export interface Purpose {
  /** The input that asks for it. */
  readonly input: 'release-assets' | 'update-release-notes'
  /** What the job's token needs. */
  readonly permission: 'contents: read' | 'contents: write'
  /** As in "GitHub did not let this job …". */
  readonly words: string
}

/** GitHub asks for a minute where it does not say how long (its documentation on secondary rate limits). */
const UNNAMED_WAIT_MS = 60_000

/** How long to wait before the same is tried again after `error`, or undefined if that is no use. */
export function delayFor(
  error: unknown,
  count: number,
  clock: Pick<Clock, 'random'>,
): number | undefined {
  if (isTransient(error)) return backOff(error, count, clock)
  if (!(error instanceof ApiError && isRateLimit(error))) return undefined
  const { retryAfterMs = UNNAMED_WAIT_MS } = error.answer
  return Math.max(Math.min(retryAfterMs, MAX_REQUESTED_WAIT_MS), backOff(error, count, clock))
}

/** GitHub refuses with 403 what exceeds a limit as well as what is not allowed. */
function isRateLimit({ status, answer }: ApiError): boolean {
  const { retryAfterMs, serverMessage = '' } = answer
  return status === 403 && (retryAfterMs !== undefined || /rate limit/i.test(serverMessage))
}

/** The same refusal, with what to do about it on GitHub. */
export function explain(error: unknown, purpose: Purpose): unknown {
  if (!(error instanceof ApiError)) return error
  const { answer, status } = error
  if ([401, 403, 404].includes(status) && !isRateLimit(error)) {
    const message = `GitHub did not let this job ${purpose.words}: ${error.message}`
    return new ApiError(message, answer, { hint: permissionHint(purpose) })
  }
  return new ApiError(error.message, answer, { hint: hintFor(error) })
}

/** The line of the workflow that is missing, if it is that. */
export function permissionHint({ permission }: Purpose): string {
  return `The job's token needs a permission: add "permissions: { ${permission} }" to the job, beside what it has. A token of your own in github-token needs access to this repository.`
}

function hintFor(error: ApiError): string | undefined {
  if (error.status === 429 || isRateLimit(error)) {
    return 'GitHub’s rate limit is used up. Re-run the job later: it continues.'
  }
  return error.status >= 500
    ? 'GitHub has trouble. Re-run the job later: it continues where this run stopped.'
    : undefined
}
