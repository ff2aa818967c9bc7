import { DoubtfulPublishError, InputError } from '../errors.ts'
import { formatBytes } from '../lib/format.ts'
import { totalSize } from '../lib/total-size.ts'
import { draftPage } from '../zenodo/addresses.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import { publish } from '../zenodo/publish.ts'
import type { Checked } from './check.ts'
import { tellCommunities } from './communities.ts'
import { type Decision, type Planned } from './decide.ts'
import type { Result } from './deposit.ts'
import { describe, isUntouched, toDescribing, toFirstDescription } from './describe.ts'
import { type Found } from './find-target.ts'
import { assertHasFiles, hasFiles } from './guards.ts'
import { assertNoPending, assertNoRivals, dropEdit, open, type Opened } from './open.ts'
import { asKept, toFileOutputs } from './outputs.ts'
import type { Ports } from './ports.ts'
import { decideOn } from './situation.ts'
import { tell } from './tell.ts'
import { importFiles, transfer, type Transferred } from './transfer.ts'
import { markOf } from './trigger.ts'
import { judgeEcho, rehearse, translate } from './verdict.ts'

/** Opens the draft, fills it, and publishes it if told to. */
export async function carryOut(
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
  await assertPublishable(filled, ports)
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
  return describe(checked, toDescribing(checked, { ...opened, draft }), ports)
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

/** As an error; the version is the one input that may stand in a file instead. */
export function refusal(
  { metadata }: Checked,
  { input, problem }: Extract<Decision, { kind: 'refuse' }>,
): InputError {
  const place = input === 'version' ? metadata.placeOf('version') : undefined
  return new InputError([{ place: place ?? { input }, problem }])
}
