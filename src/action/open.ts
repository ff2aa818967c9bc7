import { ApiError, InputError } from '../errors.ts'
import type { LocalFile } from '../files/local-file.ts'
import {
  findDeposit,
  findMarked,
  hasMark,
  invalidToken,
  type Target,
} from '../zenodo/find-deposit.ts'
import { createDraft, findRivals, openNextVersion } from '../zenodo/open-draft.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { StoredFile } from '../zenodo/stored-file.ts'
import type { Checked } from './check.ts'
import { decide, type Decision, type Planned, type Situation } from './decide.ts'
import { toFirstDescription } from './describe.ts'
import type { Inputs } from './inputs.ts'
import { findChangedKeys, isCopyOf, makePlan } from './plan.ts'
import type { Ports } from './ports.ts'
import { knowChecksums } from './transfer.ts'
import { markOf } from './trigger.ts'
import { translate } from './verdict.ts'

/** A draft that is open for this run. */
export interface Opened {
  readonly draft: Deposit
  readonly latest: Deposit | undefined
  readonly how: 'created' | 'continued' | 'next version' | 'edit'
}

/** The deposit that is meant: the one named, else what an earlier run of the same tag left. */
export async function findTarget(
  { inputs, trigger, metadata, files }: Checked,
  ports: Ports,
): Promise<Target> {
  const { client, signal } = ports
  if (inputs.depositId !== undefined) return findDeposit(client, inputs.depositId, signal)
  const mark = markOf(trigger)
  if (mark === undefined) return { kind: 'none' }
  const title = metadata.metadata?.['title']
  try {
    return await findMarked(
      client,
      {
        mark,
        title: typeof title === 'string' ? title : undefined,
        keys: (files ?? []).map(({ key }) => key),
      },
      signal,
    )
  } catch (error) {
    // A page in place of the server's own words comes from a gateway, and says nothing of the token.
    const isRefused =
      error instanceof ApiError &&
      (error.status === 401 || error.status === 403) &&
      error.answer.serverMessage !== undefined
    throw isRefused ? invalidToken(client.http.origin) : error
  }
}

export async function decideOn(checked: Checked, target: Target, ports: Ports): Promise<Decision> {
  const { inputs, trigger, files = [], publish: publishes, version } = checked
  const latest = target.kind === 'none' ? undefined : target.latest
  const checksumOf = await knowChecksums(files, latest?.files ?? [], ports)
  const plan = makePlan(files, latest?.files ?? [], { ...inputs, checksumOf })
  const mark = markOf(trigger)
  return decide({
    target,
    inputs,
    publish: publishes,
    namesFiles: checked.files !== undefined,
    changedKeys: findChangedKeys(plan),
    isOwnWork: latest !== undefined && mark !== undefined && hasMark(latest, mark),
    version,
    versionFrom: checked.metadata.sources['version'],
    tag: trigger.tag,
    ...foresee(files, target, inputs),
  })
}

/** What is there beside the files, and how much the draft will hold when it holds most: before anything is removed from it. */
function foresee(
  files: readonly LocalFile[],
  target: Target,
  { existingFiles }: Inputs,
): Pick<Situation, 'otherKeys' | 'peak'> {
  const draft = target.kind === 'draft' ? target.draft : undefined
  const latest = target.kind === 'none' ? undefined : target.latest
  const named = new Set(files.map(({ key }) => key))
  const besides = (held: readonly StoredFile[] = []): readonly StoredFile[] =>
    held.filter(({ key }) => !named.has(key))
  const isFilled = draft !== undefined && draft.files.length > 0
  const others = besides((isFilled ? draft : latest)?.files)
  const isCopy = isCopyOf(latest?.files ?? [])
  const staying = existingFiles === 'keep' ? others : others.filter((file) => !isCopy(file))
  const all = [...files, ...staying]
  return {
    otherKeys: besides((draft ?? latest)?.files).map(({ key }) => key),
    peak: { files: all.length, bytes: all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) },
  }
}

/** Opens the draft that was decided on. */
export async function open(checked: Checked, decision: Planned, ports: Ports): Promise<Opened> {
  const { client, signal, log } = ports
  switch (decision.kind) {
    case 'create': {
      const draft = await create(checked, ports)
      log.info(`Created deposit ${draft.id}`)
      return { draft, latest: undefined, how: 'created' }
    }
    case 'continue':
      await assertNoPending(decision.draft, ports)
      log.info(`Continuing draft ${decision.draft.id}`)
      return { ...decision, how: 'continued' }
    case 'edit':
      log.info(`Editing the metadata of record ${decision.latest.id}; its files stay as they are`)
      return {
        draft: await client.edit(decision.latest.id, signal),
        latest: decision.latest,
        how: 'edit',
      }
    case 'next-version':
      return openNext(decision.latest, ports)
  }
}

async function create(checked: Checked, ports: Ports): Promise<Deposit> {
  const { client, signal, today } = ports
  const mark = markOf(checked.trigger)
  const sent = toFirstDescription(checked, { mark, today })
  const title = typeof sent?.['title'] === 'string' ? sent['title'] : undefined
  return translate(checked.metadata, sent ?? {}, () =>
    createDraft(client, { metadata: sent, mark, title }, signal),
  )
}

async function openNext(latest: Deposit, ports: Ports): Promise<Opened> {
  const { client, signal, log } = ports
  const { draft, abandonedId } = await openNextVersion(client, latest, signal)
  await assertNoPending(draft, ports)
  log.info(`Working on draft ${draft.id}, the version after record ${latest.id}`)
  if (abandonedId !== undefined) {
    log.warning(
      `Another job opened a next version at the same moment. This run uses its draft ${draft.id}; draft ${abandonedId} is left over and can be deleted at ${client.http.origin}/deposit/${abandonedId}. A concurrency group in the workflow prevents this.`,
    )
  }
  return { draft, latest, how: 'next version' }
}

/** An upload that was begun in the browser and not finished blocks lists and publishing (docs/server.md#pending). */
export async function assertNoPending(draft: Deposit, { client, signal }: Ports): Promise<void> {
  const entries = (await client.native.listEntries(draft.id, signal)) ?? []
  const pending = entries.filter(({ completed }) => !completed).map(({ key }) => key)
  if (pending.length === 0) return
  throw new InputError([
    {
      place: { input: 'deposit-id' },
      problem: `Draft ${draft.id} has an upload that was begun elsewhere and not finished: ${pending.join(', ')}. Finish or delete it at ${client.http.origin}/deposit/${draft.id}, then run the step again.`,
    },
  ])
}

/** Refuses to publish a next version beside a later one that another job opened meanwhile. */
export async function assertNoRivals(
  draft: Deposit,
  { client, signal, log }: Ports,
): Promise<void> {
  for (const rival of await findRivals(client, draft, signal)) {
    if (Number(rival.id) < Number(draft.id)) continue
    throw new InputError([
      {
        place: { input: 'deposit-id' },
        problem: `Another job opened a later next version, draft ${rival.id}, while this one worked on draft ${draft.id}. Nothing was published. Run one job at a time (a concurrency group in the workflow), then run this step again.`,
      },
    ])
  }
  log.debug(`No other draft stands beside ${draft.id}`)
}

/** An edit that this run opened and could not finish is dropped: safe there, and only there, since the record stays. */
export async function dropEdit(
  { draft, how }: Opened,
  decision: Planned,
  { client, log, setOutputs }: Ports,
): Promise<void> {
  const wasOpen = decision.kind === 'edit' && decision.latest.state === 'edit'
  if (how !== 'edit' || wasOpen) return
  try {
    await client.discardEdit(draft.id, AbortSignal.timeout(5000))
    setOutputs({ state: 'published' })
    log.info('The unfinished edit was dropped; the record is as it was')
  } catch (cause) {
    log.warning(
      `The unfinished edit of record ${draft.id} could not be dropped: ${cause instanceof Error ? cause.message : 'no reason given'}`,
    )
  }
}
