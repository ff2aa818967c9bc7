import { ApiError, InputError } from '../errors.ts'
import { formatBytes } from '../lib/format.ts'
import {
  findDeposit,
  findMarked,
  hasMark,
  invalidToken,
  type Target,
} from '../zenodo/find-deposit.ts'
import { createDraft, findRivals, openNextVersion } from '../zenodo/open-draft.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import { publish } from '../zenodo/publish.ts'
import type { Checked } from './check.ts'
import { decide, type Decision } from './decide.ts'
import { describe, judgeEcho, rehearse, toFirstDescription, translate } from './describe.ts'
import { toDepositOutputs, toFileOutputs, type FileOutcome, type State } from './outputs.ts'
import { changesNothing, makePlan } from './plan.ts'
import type { Ports } from './ports.ts'
import { bucketPath, knowChecksums, transfer } from './transfer.ts'
import { markOf } from './trigger.ts'

/** How the run ended. */
export interface Result {
  readonly state: State
  readonly deposit: Deposit
  readonly files: readonly FileOutcome[]
}

/** A draft that is open for this run. */
interface Opened {
  readonly draft: Deposit
  readonly latest: Deposit | undefined
  readonly how: 'created' | 'continued' | 'next version' | 'edit'
  readonly holdsCopies: boolean
}

/**
 * The story: find what is meant, open its draft, describe it, send the files, publish if told to.
 * Everything that can fail without a write fails before the first write.
 */
export async function deposit(checked: Checked, ports: Ports): Promise<Result> {
  const { log } = ports
  await checkAtServer(checked, ports)
  const target = await findTarget(checked, ports)
  const decision = await decideOn(checked, target, ports)
  if (decision.kind === 'refuse') {
    throw new InputError([{ place: { input: decision.input }, problem: decision.problem }])
  }
  if (decision.kind === 'report') return reportUnchanged(checked, decision.latest, ports)

  log.group('Opening the draft')
  const opened = await open(checked, decision, ports)
  tell(checked, opened.draft, ports)
  try {
    return await fill(checked, opened, ports)
  } catch (error) {
    await dropEdit(opened, decision, ports)
    throw error
  }
}

/** Describes the open draft, sends the files, and publishes. */
async function fill(checked: Checked, opened: Opened, ports: Ports): Promise<Result> {
  const { log } = ports
  const described = await describeOpened(checked, opened, ports)
  tell(checked, described, ports)
  if (checked.publish) await rehearse(checked, described, ports)
  const files = await sendFiles(checked, { ...opened, draft: described }, ports)
  ports.setOutputs(toFileOutputs(files, described, ports.client.http.origin))
  if (!checked.publish) {
    log.info(`The draft is ready for review: ${ports.client.http.origin}/deposit/${described.id}`)
    return { state: 'draft', deposit: described, files }
  }
  log.group('Publishing')
  const published = await publishDraft(checked, described, ports)
  tell(checked, published, ports)
  ports.setOutputs(toFileOutputs(files, published, ports.client.http.origin))
  log.info(`Published, and read back as published: ${published.doi ?? published.id}`)
  return { state: 'published', deposit: published, files }
}

/** What only the server can tell about the metadata: whether communities and awards exist. */
async function checkAtServer(
  { metadata, publish: publishes }: Checked,
  ports: Ports,
): Promise<void> {
  const { client, signal, log } = ports
  const unknown = []
  for (const finding of metadata.findings) {
    if (finding.lookup === undefined) continue
    const { kind, id } = finding.lookup
    const exists =
      kind === 'community'
        ? await client.communityExists(id, signal)
        : await client.awardExists(id, signal)
    if (!exists) unknown.push(finding)
  }
  if (publishes && unknown.length > 0) throw new InputError(unknown)
  for (const { problem, place } of unknown) log.warning(problem, place)
}

/** The deposit that is meant: the one named, else what an earlier run of the same tag left. */
async function findTarget({ inputs, trigger, metadata }: Checked, ports: Ports): Promise<Target> {
  const { client, signal } = ports
  if (inputs.depositId !== undefined) return findDeposit(client, inputs.depositId, signal)
  const mark = markOf(trigger)
  if (mark === undefined) return { kind: 'none' }
  const title = metadata.metadata?.['title']
  try {
    return await findMarked(
      client,
      { mark, title: typeof title === 'string' ? title : undefined },
      signal,
    )
  } catch (error) {
    const isRefused = error instanceof ApiError && (error.status === 401 || error.status === 403)
    throw isRefused ? invalidToken(client.http.origin) : error
  }
}

async function decideOn(checked: Checked, target: Target, ports: Ports): Promise<Decision> {
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
    isUnchanged: changesNothing(plan),
    isOwnWork: latest !== undefined && mark !== undefined && hasMark(latest, mark),
    version,
    otherKeys: plan.others.map(({ key }) => key),
  })
}

function reportUnchanged(checked: Checked, latest: Deposit, ports: Ports): Result {
  const { log, setOutputs, client } = ports
  const files = latest.files.map((file) => ({ ...file, action: 'kept' as const }))
  tell(checked, latest, ports, 'unchanged')
  setOutputs(toFileOutputs(files, latest, client.http.origin))
  log.info(`Nothing to do: the published version ${latest.id} has exactly these files.`)
  return { state: 'unchanged', deposit: latest, files }
}

async function open(
  checked: Checked,
  decision: Exclude<Decision, { kind: 'refuse' | 'report' }>,
  ports: Ports,
): Promise<Opened> {
  const { client, signal, log } = ports
  switch (decision.kind) {
    case 'create': {
      const draft = await create(checked, ports)
      log.info(`Created deposit ${draft.id}`)
      return { draft, latest: undefined, how: 'created', holdsCopies: false }
    }
    case 'continue':
      await assertNoPending(decision.draft, ports)
      log.info(`Continuing draft ${decision.draft.id}`)
      return { ...decision, how: 'continued', holdsCopies: false }
    case 'edit':
      log.info(`Editing the metadata of record ${decision.latest.id}; its files stay as they are`)
      return {
        draft: await client.edit(decision.latest.id, signal),
        latest: decision.latest,
        how: 'edit',
        holdsCopies: false,
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
  const { draft, hasCopies, abandonedId } = await openNextVersion(client, latest, signal)
  await assertNoPending(draft, ports)
  log.info(`Opened draft ${draft.id}, the version after record ${latest.id}`)
  if (abandonedId !== undefined) {
    log.warning(
      `Another job opened a next version at the same moment. This run uses its draft ${draft.id}; draft ${abandonedId} is left over and can be deleted at ${client.http.origin}/deposit/${abandonedId}. A concurrency group in the workflow prevents this.`,
    )
  }
  return { draft, latest, how: 'next version', holdsCopies: hasCopies }
}

/** An upload that was begun in the browser and not finished blocks lists and publishing (zenodo-api.md §4.7). */
async function assertNoPending(draft: Deposit, { client, signal }: Ports): Promise<void> {
  const entries = (await client.listEntries(draft.id, signal)) ?? []
  const pending = entries.filter(({ completed }) => !completed).map(({ key }) => key)
  if (pending.length === 0) return
  throw new InputError([
    {
      place: { input: 'deposit-id' },
      problem: `Draft ${draft.id} has an upload that was begun elsewhere and not finished: ${pending.join(', ')}. Finish or delete it at ${client.http.origin}/deposit/${draft.id}, then run the step again.`,
    },
  ])
}

/** Reserves the DOI and sends the metadata; a deposit just created has its metadata already. */
async function describeOpened(checked: Checked, opened: Opened, ports: Ports): Promise<Deposit> {
  const { client, signal, today } = ports
  const { draft, how } = opened
  if (how !== 'edit' && draft.doi === undefined) await client.reserveDoi(draft.id, signal)
  const mark = markOf(checked.trigger)
  if (how === 'created') {
    const sent = toFirstDescription(checked, { mark, today }) ?? {}
    judgeEcho(checked, sent, draft, ports)
  } else {
    const isTagged = checked.inputs.depositId === undefined || checked.trigger.tag !== undefined
    await describe(
      checked,
      { draft, mark: isTagged ? mark : undefined, isNextVersion: how === 'next version' },
      ports,
    )
  }
  return client.getDeposit(draft.id, signal)
}

async function sendFiles(
  checked: Checked,
  opened: Opened,
  ports: Ports,
): Promise<readonly FileOutcome[]> {
  const { client, signal, log } = ports
  const { draft, latest, how, holdsCopies } = opened
  if (how === 'edit') return toKept(draft)
  if (checked.files === undefined) {
    if (how === 'next version') await keepFiles(draft, ports)
    return toKept({ files: await client.listFiles(draft.id, signal) })
  }
  log.group('Uploading')
  const totalBytes = checked.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  log.info(`The files have ${formatBytes(totalBytes)} together`)
  const { inputs, files } = checked
  return transfer({ draft, files, latest, holdsCopies, inputs }, ports)
}

const toKept = ({ files }: Pick<Deposit, 'files'>): readonly FileOutcome[] =>
  files.map((file) => ({ ...file, action: 'kept' }))

/** No files were named: the next version begins with those of the version before. */
async function keepFiles(draft: Deposit, { client, signal }: Ports): Promise<void> {
  const stored = await client.listFiles(draft.id, signal)
  if (stored.length === 0) await client.importFiles(draft.id, signal)
}

async function publishDraft(checked: Checked, draft: Deposit, ports: Ports): Promise<Deposit> {
  const { client, signal, log } = ports
  if (draft.state === 'draft') await assertNoPending(draft, ports)
  if (draft.conceptDoi !== undefined && draft.state === 'draft') await warnOfRivals(draft, ports)
  const sent = checked.metadata.metadata ?? draft.metadata
  return translate(checked.metadata, sent, () =>
    publish(client, draft.id, {
      signal,
      onDoubt: (error) =>
        log.warning(
          `The answer to the publish call was lost (${error instanceof Error ? error.message : 'no reason given'}). Looking at the deposit to find out what happened.`,
        ),
    }),
  )
}

async function warnOfRivals(draft: Deposit, { client, signal, log }: Ports): Promise<void> {
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
async function dropEdit(opened: Opened, decision: Decision, ports: Ports): Promise<void> {
  const wasOpen = decision.kind === 'edit' && decision.latest.state === 'edit'
  if (opened.how !== 'edit' || wasOpen) return
  const { client, log } = ports
  try {
    await client.discardEdit(opened.draft.id, AbortSignal.timeout(5000))
    log.info('The unfinished edit was dropped; the record is as it was')
  } catch (error) {
    log.warning(
      `The unfinished edit of record ${opened.draft.id} could not be dropped: ${error instanceof Error ? error.message : 'no reason given'}`,
    )
  }
}

/** Outputs as soon as they are known. */
function tell(checked: Checked, deposit: Deposit, ports: Ports, as?: State): void {
  const { origin } = ports.client.http
  const recorded = deposit.metadata['version']
  const version = typeof recorded === 'string' ? recorded : checked.version
  const state = as ?? (deposit.state === 'record' ? 'published' : 'draft')
  ports.setOutputs(toDepositOutputs(deposit, origin, { state, version }))
  if (deposit.state === 'draft') bucketPath(deposit, origin)
}
