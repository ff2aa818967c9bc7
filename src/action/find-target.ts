import { ApiError } from '../errors.ts'
import { asText } from '../lib/json.ts'
import { hasMark } from '../lib/mark.ts'
import { toPrintable } from '../lib/printable.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import { findDeposit } from '../zenodo/find-deposit.ts'
import { findMarked, findMarkedVersions } from '../zenodo/find-marked.ts'
import { invalidToken, toTarget, type Target } from '../zenodo/target.ts'
import type { Checked } from './check.ts'
import type { Log, Ports } from './ports.ts'
import { markOf } from './trigger.ts'

/** The deposit that is meant, and the published version of it that this very run or tag has made before. */
export interface Found {
  readonly target: Target
  readonly own: Deposit | undefined
}

/** The deposit that is meant: the one named, else what an earlier run of the same tag left. */
export async function findTarget(checked: Checked, ports: Ports): Promise<Found> {
  const { inputs } = checked
  const { client, signal } = ports
  if (inputs.depositId === undefined) return findOwnWork(checked, ports)
  const target = await findDeposit(client, inputs.depositId, signal)
  return { target, own: await findOwnVersion(checked, target, ports) }
}

async function findOwnVersion(
  { trigger, version }: Checked,
  target: Target,
  { client, signal }: Ports,
): Promise<Deposit | undefined> {
  const mark = markOf(trigger)
  const latest = target.kind === 'none' ? undefined : target.latest
  if (mark === undefined || latest === undefined) return undefined
  const versions = await findMarkedVersions(client, { mark, latest }, signal)
  // One run may make several versions of a record, each under its own number; a tag makes one.
  if (trigger.tag !== undefined) return versions[0]
  const numbered = versions.find(({ metadata }) => metadata['version'] === version)
  return numbered ?? (version === undefined ? versions[0] : undefined)
}

async function findOwnWork({ trigger, metadata, files }: Checked, ports: Ports): Promise<Found> {
  const { client, signal, log } = ports
  const mark = markOf(trigger)
  if (mark === undefined) return { target: { kind: 'none' }, own: undefined }
  const title = metadata.metadata?.['title']
  try {
    const sought = { mark, title: asText(title), files: files ?? [] }
    const { own: found, others } = await findMarked(client, sought, signal)
    if (found === undefined) {
      tellOthers(others, log)
      return { target: { kind: 'none' }, own: undefined }
    }
    const target = await toTarget(client, found, signal)
    if (found.state !== 'draft') return { target, own: found }
    // A next version that somebody began of what this tag published inherits the mark.
    const before = target.kind === 'draft' ? target.latest : undefined
    return before && hasMark(before.metadata, mark)
      ? { target: await toTarget(client, before, signal), own: before }
      : { target, own: undefined }
  } catch (error) {
    // A page in place of the server's own words comes from a gateway, and says nothing of the token.
    const isRefused =
      error instanceof ApiError &&
      (error.status === 401 || error.status === 403) &&
      error.answer.serverMessage !== undefined
    throw isRefused ? invalidToken(client.http.origin) : error
  }
}

/** What is of the same tag may be another step's, or this one's from before its title was corrected. */
function tellOthers(others: readonly Deposit[], log: Log): void {
  for (const { id, conceptId, state, metadata } of others) {
    const [what, meant] = state === 'draft' ? ['Draft', id] : ['Record', conceptId]
    log.notice(
      `${what} ${id}, "${toPrintable(asText(metadata['title']) ?? '', 100)}", is of the same tag or run under another title, so it is left alone and this step makes its own. If it is meant, set deposit-id: '${meant}'.`,
    )
  }
}
