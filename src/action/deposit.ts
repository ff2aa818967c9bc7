import { DoubtfulPublishError, InputError } from '../errors.ts'
import { formatBytes } from '../lib/format.ts'
import { totalSize } from '../lib/total-size.ts'
import { draftPage } from '../zenodo/addresses.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import { publish } from '../zenodo/publish.ts'
import { checkAtServer } from './check-at-server.ts'
import type { Checked } from './check.ts'
import { tellCommunities } from './communities.ts'
import { storedFor, targetOf, type Decision, type Planned } from './decide.ts'
import { describe, isUntouched, toFirstDescription } from './describe.ts'
import type { Foreseen } from './dry-run-lines.ts'
import { planCreate, planWith } from './dry-run.ts'
import { findTarget, type Found } from './find-target.ts'
import { assertHasFiles, hasFiles } from './guards.ts'
import { markFor } from './marks.ts'
import { assertNoPending, assertNoRivals, dropEdit, open, type Opened } from './open.ts'
import { asKept, toFileOutputs, type FileOutcome, type State } from './outputs.ts'
import { refuseOthersDoi } from './own-doi.ts'
import type { Ports } from './ports.ts'
import { lookForSibling, warnOfSecondConcept, warnOfSibling } from './second-concept.ts'
import { decideOn } from './situation.ts'
import { warnOfStaleDate } from './tell-changes.ts'
import { tell } from './tell.ts'
import { importFiles, transfer, type Sent, type Transferred } from './transfer.ts'
import { markOf } from './trigger.ts'
import { reportUnchanged } from './unchanged.ts'
import { judgeEcho, rehearse, translate } from './verdict.ts'

/** How the run ended. */
export interface Result {
  readonly state: State
  /** undefined only for a plan to create one. */
  readonly deposit: Deposit | undefined
  readonly files: readonly FileOutcome[]
  /** What crossed the network; undefined if nothing had to. */
  readonly sent?: Sent | undefined
  /** Only metadata of what was published before were changed. */
  readonly isCorrection?: boolean
  /** Only of a dry run. */
  readonly foreseen?: Foreseen
}

/**
 * The story: find what is meant, open its draft, describe it, send the files, publish if told to.
 * Everything that can fail without a write fails before the first write.
 */
export async function deposit(checked: Checked, ports: Ports): Promise<Result> {
  if (checked.inputs.dryRun && checked.inputs.token === undefined) return planCreate(checked, ports)
  startChecksums(checked, ports)
  const [found, sibling] = await Promise.all([
    findTarget(checked, ports),
    lookForSibling(checked, ports),
  ])
  await checkAtServer(checked, ports)
  const decision = await decideOn(checked, found, ports)
  if (decision.kind === 'refuse') {
    tell(decision.about, ports, checked.inputs.dryRun ? 'planned' : undefined)
    throw refusal(checked, decision)
  }
  if (decision.kind === 'report') return reportUnchanged(checked, decision.version, ports)
  if (decision.kind === 'create') {
    warnOfSecondConcept(checked, ports.log)
    warnOfSibling(sibling, ports.log)
  } else if (decision.kind !== 'edit' && decision.latest) {
    warnOfStaleDate(checked, decision.latest, ports)
  }
  refuseOthersDoi(checked, decision)
  if (checked.inputs.dryRun) return planWith(checked, decision, ports)
  if (checked.publish && checked.files === undefined) {
    const target = targetOf(decision)
    if (target) tell(target, ports)
    assertHasFiles(storedFor(decision, false).map(asKept))
  }
  return carryOut(checked, { decision, found }, ports)
}

/** As an error; the version is the one input that may stand in a file instead. */
function refusal(
  { metadata }: Checked,
  { input, problem }: Extract<Decision, { kind: 'refuse' }>,
): InputError {
  const place = input === 'version' ? metadata.placeOf('version') : undefined
  return new InputError([{ place: place ?? { input }, problem }])
}

/** Every large file is compared after it was sent, so its checksum can be begun before anybody is asked anything. */
function startChecksums({ inputs, files }: Checked, { checksums }: Ports): void {
  if (inputs.dryRun || !inputs.verifyChecksums || files === undefined) return
  checksums.start(files.toSorted((a, b) => a.sizeBytes - b.sizeBytes))
}

/** Opens the draft, fills it, and publishes it if told to. */
async function carryOut(
  checked: Checked,
  { decision, found }: { readonly decision: Planned; readonly found: Found },
  ports: Ports,
): Promise<Result> {
  ports.log.group('Opening the draft')
  if (decision.kind === 'edit') tell(decision.record, ports)
  const undo = async (error: unknown): Promise<never> => {
    await dropEdit(decision, error, ports)
    throw error
  }
  const opened = await open(checked, decision, ports).catch(undo)
  tell(opened.draft, ports)
  await assertExpected(checked, { opened, found }, ports)
  const filled = await fill(checked, opened, ports).catch(undo)
  if (!checked.publish) return leaveDraft(filled, ports)
  await assertPublishable(filled, ports).catch(undo)
  const published = await publishDraft(checked, filled, ports).catch((error: unknown) => {
    if (mayBePublished(error, ports)) throw error
    return undo(error)
  })
  const result = await finish(checked, { ...filled, draft: published }, ports)
  return { ...result, isCorrection: decision.kind === 'edit' }
}

/**
 * The list lags, so that a draft of the next version may show only when it is opened: what would
 * have been refused then is refused now, before anything in it changes.
 */
async function assertExpected(
  checked: Checked,
  { opened, found }: { readonly opened: Opened; readonly found: Found },
  ports: Ports,
): Promise<void> {
  const { target } = found
  const isNews = target.kind === 'published' && target.pending === undefined
  if (opened.how !== 'next version' || !isNews) return
  if (isUntouched(opened.draft, target.latest)) return
  const seen = { ...found, target: { ...target, pending: opened.draft } }
  const decision = await decideOn(checked, seen, ports)
  if (decision.kind === 'refuse') throw refusal(checked, decision)
}

/** A draft with all that it is to hold. */
interface Filled extends Transferred {
  readonly draft: Deposit
}

/** Describes the open draft and sends the files. */
async function fill(checked: Checked, opened: Opened, ports: Ports): Promise<Filled> {
  const draft = await describeOpened(checked, opened, ports)
  tell(draft, ports)
  if (checked.publish) await rehearse(checked, draft, ports)
  const transferred = await sendFiles(checked, { ...opened, draft }, ports)
  ports.setOutputs(toFileOutputs(transferred.files, draft, ports.client.http.origin))
  return { ...transferred, draft }
}

function leaveDraft({ draft, files, sent }: Filled, { client, log }: Ports): Result {
  const page = draftPage(draft.id, client.http.origin)
  log.conclude(
    hasFiles(files)
      ? `The draft is ready for review: ${page}`
      : `The draft holds no files yet: ${page}`,
  )
  return { state: 'draft', deposit: draft, files, sent }
}

/** The call was made, and nobody knows what came of it. */
const mayBePublished = (error: unknown, { signal }: Ports): boolean =>
  error instanceof DoubtfulPublishError || signal.aborted

/** Tells that the deposit is published, which nothing changes any more. */
async function finish(
  checked: Checked,
  { draft: published, files, sent }: Filled,
  ports: Ports,
): Promise<Result> {
  const { client, log, setOutputs } = ports
  tell(published, ports)
  setOutputs(toFileOutputs(files, published, client.http.origin))
  log.conclude(`Published, and read back as published: ${published.doi ?? published.id}`)
  await tellCommunities(checked, published, ports)
  return { state: 'published', deposit: published, files, sent }
}

/** Reserves the DOI and sends the metadata; a deposit just created has its metadata already. */
async function describeOpened(checked: Checked, opened: Opened, ports: Ports): Promise<Deposit> {
  const draft = opened.how === 'edit' ? opened.draft : await reserveDoi(opened.draft, ports)
  if (opened.how === 'created') {
    const mark = markOf(checked.trigger)
    const sent = toFirstDescription(checked, { mark, today: ports.today }) ?? {}
    judgeEcho(checked, sent, draft)
    return draft
  }
  const isEdit = opened.how === 'edit'
  const isNextVersion = !isEdit && isUntouched(opened.draft, opened.latest)
  const mark = isEdit ? undefined : markFor(checked, { isNextVersion })
  const { latest } = opened
  return describe(checked, { draft, latest, mark, isNextVersion }, ports)
}

/** The draft with its DOI, which only the server can know. */
async function reserveDoi(draft: Deposit, { client, signal }: Ports): Promise<Deposit> {
  if (draft.doi !== undefined) return draft
  const doi = await client.native.reserveDoi(draft.id, signal)
  return doi === undefined ? client.getDeposit(draft.id, signal) : { ...draft, doi }
}

async function sendFiles(checked: Checked, opened: Opened, ports: Ports): Promise<Transferred> {
  const { client, signal, log } = ports
  const { draft, latest, how } = opened
  if (how === 'edit') {
    if (checked.files) log.info('The files stay as they are, since if-published is update-metadata')
    return toKept(draft)
  }
  const stored = how === 'created' ? [] : await client.listFiles(draft.id, signal)
  if (checked.files === undefined) {
    // No files were named: the next version begins with those of the version before.
    const isEmpty = how === 'next version' && latest !== undefined && stored.length === 0
    return toKept({ files: isEmpty ? await importFiles(draft, latest, ports) : stored })
  }
  log.group('Uploading')
  const totalBytes = totalSize(checked.files)
  log.info(`The files have ${formatBytes(totalBytes)} together`)
  const { inputs, files } = checked
  return transfer({ draft, files, stored, latest, inputs }, ports)
}

const toKept = ({ files }: Pick<Deposit, 'files'>): Transferred => ({
  files: files.map(asKept),
  sent: undefined,
})

/** The last look before the call that cannot be taken back. */
async function assertPublishable({ draft, files }: Filled, ports: Ports): Promise<void> {
  assertHasFiles(files)
  if (draft.state !== 'draft') return
  await assertNoPending(draft, ports)
  if (draft.conceptDoi !== undefined) await assertNoRivals(draft, ports)
}

/** From its first line on, a run that is cancelled does not know whether it has published. */
async function publishDraft(
  checked: Checked,
  { draft }: Filled,
  { client, signal, log }: Ports,
): Promise<Deposit> {
  signal.throwIfAborted()
  log.group('Publishing')
  const sent = checked.metadata.metadata ?? draft.metadata
  return translate(checked.metadata, sent, () =>
    publish(client, draft.id, {
      signal,
      onDoubt: (error) =>
        log.warning(
          `What came of the publish call is not clear: ${error instanceof Error ? error.message : 'no reason given'} Looking at the deposit to find out.`,
        ),
    }),
  )
}
