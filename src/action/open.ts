import { ApiError, InputError } from '../errors.ts'
import { asList, asText } from '../lib/json.ts'
import { hasMark, isMarkOf } from '../lib/mark.ts'
import { toPrintable } from '../lib/printable.ts'
import type { LocalFile } from '../files/local-file.ts'
import { findDeposit } from '../zenodo/find-deposit.ts'
import { findMarked, findMarkedVersion } from '../zenodo/find-marked.ts'
import { createDraft, findRivals, openNextVersion } from '../zenodo/open-draft.ts'
import { invalidToken, toTarget, type Target } from '../zenodo/target.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { StoredFile } from '../zenodo/stored-file.ts'
import type { Checked } from './check.ts'
import { decide, type Decision, type Planned, type Situation } from './decide.ts'
import { toFirstDescription } from './describe.ts'
import type { Inputs } from './inputs.ts'
import { findChangedKeys, isCopyOf, makePlan } from './plan.ts'
import type { Log, Ports } from './ports.ts'
import { knowChecksums } from './transfer.ts'
import { markOf, type Trigger } from './trigger.ts'
import { translate } from './verdict.ts'

/** A draft that is open for this run. */
export interface Opened {
  readonly draft: Deposit
  readonly latest: Deposit | undefined
  readonly how: 'created' | 'continued' | 'next version' | 'edit'
}

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
  if (mark === undefined || target.kind !== 'published') return undefined
  const own = await findMarkedVersion(client, { mark, latest: target.latest }, signal)
  // One run may make several versions of a record, each under its own number.
  const isMeant = trigger.tag !== undefined || own?.metadata['version'] === version
  return isMeant ? own : undefined
}

async function findOwnWork({ trigger, metadata, files }: Checked, ports: Ports): Promise<Found> {
  const { client, signal, log } = ports
  const mark = markOf(trigger)
  if (mark === undefined) return { target: { kind: 'none' }, own: undefined }
  const title = metadata.metadata?.['title']
  try {
    const keys = (files ?? []).map(({ key }) => key)
    const sought = { mark, title: typeof title === 'string' ? title : undefined, keys }
    const { own: found, others } = await findMarked(client, sought, signal)
    if (found === undefined) {
      tellOthers(others, log)
      return { target: { kind: 'none' }, own: undefined }
    }
    const own = found.state === 'draft' ? undefined : found
    return { target: await toTarget(client, found, signal), own }
  } catch (error) {
    // A page in place of the server's own words comes from a gateway, and says nothing of the token.
    const isRefused =
      error instanceof ApiError &&
      (error.status === 401 || error.status === 403) &&
      error.answer.serverMessage !== undefined
    throw isRefused ? invalidToken(client.http.origin) : error
  }
}

/** An empty draft of the same tag may be another step's, or this one's from before its title was corrected. */
function tellOthers(others: readonly Deposit[], log: Log): void {
  for (const { id, metadata } of others.filter(({ files }) => files.length === 0)) {
    log.notice(
      `Draft ${id}, "${toPrintable(asText(metadata['title']) ?? '', 100)}", is of the same tag or run under another title, so it is left alone and this step makes its own. If it is meant, set deposit-id: '${id}'.`,
    )
  }
}

/** What is to be done with the deposit that was found. */
export async function decideOn(
  checked: Checked,
  { target, own }: Found,
  ports: Ports,
): Promise<Decision> {
  const { inputs, trigger, files = [], publish: publishes, version } = checked
  const changedFrom = async ({ files: stored }: Deposit): Promise<readonly string[]> => {
    const checksumOf = await knowChecksums(files, stored, ports)
    return findChangedKeys(makePlan(files, stored, { ...inputs, checksumOf }))
  }
  const latest = target.kind === 'none' ? undefined : target.latest
  return decide({
    target,
    inputs,
    publish: publishes,
    namesFiles: checked.files !== undefined,
    changedKeys: latest ? await changedFrom(latest) : files.map(({ key }) => key),
    own: own && {
      version: own,
      changedKeys: await changedFrom(own),
      isFollowed: target.kind === 'published' && isOfAnother(target.pending, trigger),
    },
    version,
    versionFrom: checked.metadata.sources['version'],
    tag: trigger.tag,
    ...foresee(files, target, inputs),
  })
}

/** Whether a draft bears the mark of another tag or run of this repository, and not that of this one. */
function isOfAnother(draft: Deposit | undefined, trigger: Trigger): boolean {
  const { repositoryUrl } = trigger
  const mark = markOf(trigger)
  if (draft === undefined || repositoryUrl === undefined || mark === undefined) return false
  const related = asList(draft.metadata['related_identifiers'])
  return !hasMark(draft.metadata, mark) && related.some((item) => isMarkOf(item, repositoryUrl))
}

/** What is there beside the files, and how much the draft will hold when it holds most: before anything is removed from it. */
function foresee(
  files: readonly LocalFile[],
  target: Target,
  { existingFiles }: Inputs,
): Pick<Situation, 'otherKeys' | 'peak'> {
  const draft = openDraftOf(target)
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

/** The draft that is there already, also that of a next version. */
function openDraftOf(target: Target): Deposit | undefined {
  switch (target.kind) {
    case 'none':
      return undefined
    case 'draft':
      return target.draft
    case 'published':
      return target.pending
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
      log.info(
        decision.latest === undefined
          ? `Continuing draft ${decision.draft.id}`
          : `Continuing draft ${decision.draft.id}, the version after record ${decision.latest.id}`,
      )
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
  const { client, signal, today, log } = ports
  const mark = markOf(checked.trigger)
  const sent = toFirstDescription(checked, { mark, today })
  const title = typeof sent?.['title'] === 'string' ? sent['title'] : undefined
  const onSecondCall = (): void =>
    log.warning(
      `The answer to the call that makes a draft was lost, and no draft was found in a while, so it is made again. Should two of them show up at ${client.http.origin}/me/uploads, delete the one without files.`,
    )
  return translate(checked.metadata, sent ?? {}, () =>
    createDraft(client, { metadata: sent, mark, title, onSecondCall }, signal),
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
      problem: `Draft ${draft.id} has an upload that was begun elsewhere and not finished: ${pending.join(', ')}. Finish or delete it at ${client.http.origin}/deposit/${draft.id}, then re-run the job.`,
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
        problem: `Another job opened a later next version, draft ${rival.id}, while this one worked on draft ${draft.id}. Nothing was published. Run one job at a time (a concurrency group in the workflow), then re-run the job.`,
      },
    ])
  }
  log.debug(`No other draft stands beside ${draft.id}`)
}

/** An edit that this run opened, perhaps without hearing of it, and could not finish is dropped: safe there, and only there, since the record stays. */
export async function dropEdit(
  decision: Planned,
  error: unknown,
  { client, log, setOutputs }: Ports,
): Promise<void> {
  if (decision.kind !== 'edit' || decision.latest.state === 'edit' || isEditRefused(error)) return
  const { id } = decision.latest
  try {
    await client.discardEdit(id, AbortSignal.timeout(5000))
    setOutputs({ state: 'published' })
    log.info('The unfinished edit was dropped; the record is as it was')
  } catch (cause) {
    log.warning(
      `The unfinished edit of record ${id} could not be dropped: ${cause instanceof Error ? cause.message : 'no reason given'}`,
    )
  }
}

/** The server refused to open the edit at all. */
const isEditRefused = (error: unknown): boolean =>
  error instanceof ApiError && error.status < 500 && error.answer.requestLine.endsWith('/edit')
