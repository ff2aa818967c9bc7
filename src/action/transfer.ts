import { InputError, ProtocolError } from '../errors.ts'
import { readLocalFile, type LocalFile } from '../files/local-file.ts'
import { count, formatBytes, formatDuration } from '../lib/format.ts'
import type { NonEmpty } from '../lib/non-empty.ts'
import { toPrintable } from '../lib/printable.ts'
import { totalSize } from '../lib/total-size.ts'
import { untilAborted } from '../lib/until-aborted.ts'
import { bucketPath } from '../zenodo/bucket.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { StoredFile } from '../zenodo/stored-file.ts'
import type { Source } from '../zenodo/upload-file.ts'
import { uploadFiles } from '../zenodo/upload.ts'
import { describeOthers, listKeys } from './decide.ts'
import type { Inputs } from './inputs.ts'
import type { FileOutcome } from './outputs.ts'
import {
  findComparable,
  findMismatch,
  isCopyOf,
  makePlan,
  takeCopiesFirst,
  type KnownChecksum,
  type Plan,
} from './plan.ts'
import type { Ports } from './ports.ts'
import { createProgress } from './progress.ts'

/** A draft and what its files are to become. */
export interface Transfer {
  readonly draft: Deposit
  readonly files: NonEmpty<LocalFile>
  /** What the draft holds. */
  readonly stored: readonly StoredFile[]
  /** The version before, whose files the server can copy. */
  readonly latest: Deposit | undefined
  readonly inputs: Pick<Inputs, 'existingFiles' | 'concurrency' | 'verifyChecksums'>
}

/** What the uploads moved, and how long they took together. */
export interface Sent {
  readonly bytes: number
  readonly elapsedMs: number
}

/** What became of the files. */
export interface Transferred {
  readonly files: readonly FileOutcome[]
  /** undefined if nothing had to be sent. */
  readonly sent: Sent | undefined
}

/**
 * Makes the draft hold the files: uploads first, removals last, so that a failure in between loses
 * nothing. Only copies of the version before may go first: that version keeps them.
 */
export async function transfer(work: Transfer, ports: Ports): Promise<Transferred> {
  const { draft, inputs, latest } = work
  const { client, signal, log } = ports
  const stored = await listOrImport(work, ports)
  const checksumOf = await knowChecksums(work.files, stored, ports)
  const plan = makePlan(work.files, stored, { existingFiles: inputs.existingFiles, checksumOf })
  if (inputs.existingFiles === 'error') refuseOthers(draft, plan)
  logPlan(plan, log)
  const { copies, rest } = takeCopiesFirst(plan, stored, latest?.files ?? [])
  await takeOutCopies(work, copies, ports)
  const sent = await upload(work, rest, ports)
  const isCopy = isCopyOf(latest?.files ?? [])
  await takeOutCopies(work, rest.removals.filter(isCopy), ports)
  await removeOthers(
    draft.id,
    rest.removals.filter((file) => !isCopy(file)),
    ports,
  )
  const after = await client.listFiles(draft.id, signal)
  const sentChecksums = await knowSent(plan, inputs.verifyChecksums, ports)
  assertAsPlanned(draft.id, { plan, after, inputs, checksumOf: sentChecksums })
  return { files: toOutcomes(plan, after), sent }
}

/** What came into the draft since it was decided on. */
function refuseOthers(draft: Deposit, { others }: Plan): void {
  if (others.length === 0) return
  const problem = describeOthers(
    draft,
    others.map(({ key }) => key),
  )
  throw new InputError([{ place: { input: 'existing-files' }, problem }])
}

/** The draft's files; an empty draft of a next version first gets those of the version before if any of them is wanted. */
async function listOrImport(
  { draft, files, stored, latest, inputs }: Transfer,
  ports: Ports,
): Promise<readonly StoredFile[]> {
  if (stored.length > 0 || latest === undefined) return stored
  const checksumOf = await knowChecksums(files, latest.files, ports)
  const known = makePlan(files, latest.files, { ...inputs, checksumOf })
  return wantsCopies(known, inputs) ? importFiles(draft, latest, ports) : stored
}

/** Whether an empty draft of a next version is to get the files of the version before: any of them is wanted. */
export const wantsCopies = (
  { kept, others }: Plan,
  { existingFiles }: Pick<Inputs, 'existingFiles'>,
): boolean => kept.length > 0 || (existingFiles === 'keep' && others.length > 0)

/** The files of the version before, which the server copies into an empty draft, as read back. */
export async function importFiles(
  draft: Deposit,
  latest: Deposit,
  { client, signal, log }: Ports,
): Promise<readonly StoredFile[]> {
  log.info(`The server copies the files of version ${latest.id}, so that only what differs is sent`)
  await client.native.importFiles(draft.id, signal)
  const stored = await client.listFiles(draft.id, signal)
  const keys = new Set(stored.map(({ key }) => key))
  const missing = latest.files
    .map(({ key }) => key)
    .filter((key) => !keys.has(key))
    .toSorted()
  if (missing.length === 0) return stored
  throw new ProtocolError(
    `POST /api/records/${draft.id}/draft/actions/files-import`,
    `The server was told to copy the files of version ${latest.id} into draft ${draft.id}, and ${listKeys(missing)} did not arrive.`,
    { hint: 'Re-run the job: it continues with the same draft.' },
  )
}

/** Checksums of the local files that may be there already: key and size agree. */
export const knowChecksums = (
  files: readonly LocalFile[],
  stored: readonly StoredFile[],
  ports: Ports,
): Promise<KnownChecksum> => computeChecksums(findComparable(files, stored), ports)

/** Checksums of what was sent, where they were computed anyway. */
const knowSent = (plan: Plan, verify: boolean, ports: Ports): Promise<KnownChecksum> =>
  computeChecksums(verify ? toSend(plan) : [], ports)

async function computeChecksums(
  files: readonly LocalFile[],
  { checksums, signal }: Ports,
): Promise<KnownChecksum> {
  const pairs = await Promise.all(
    files.map(async (file) => [file.path, await untilAborted(checksums.of(file), signal)] as const),
  )
  const known = new Map(pairs)
  return (file) => known.get(file.path)
}

const toSend = ({ additions, replacements }: Plan): readonly LocalFile[] => [
  ...additions,
  ...replacements,
]

function logPlan(plan: Plan, log: Ports['log']): void {
  const files = toSend(plan)
  log.info(
    `${count(files.length, 'file')} to send (${formatBytes(totalSize(files))}), ${plan.kept.length} there already, ${plan.removals.length} to remove`,
  )
}

const toSource = (file: LocalFile, { checksums }: Ports): Source => ({
  key: file.key,
  sizeBytes: file.sizeBytes,
  open: (hold) => readLocalFile(file, hold),
  checksum: () => checksums.of(file),
})

async function upload(
  { draft, inputs }: Transfer,
  plan: Plan,
  ports: Ports,
): Promise<Sent | undefined> {
  const { client, log, signal } = ports
  const files = toSend(plan)
  if (files.length === 0) return undefined
  const { clock } = client.http
  const totalBytes = totalSize(files)
  const startMs = clock.now()
  using progress = createProgress({
    totalBytes,
    totalFiles: files.length,
    now: () => clock.now(),
    print: (line) => log.info(line),
    draw: log.draw,
  })
  const bucket = { depositId: draft.id, path: bucketPath(draft, client.http.origin) }
  const sources = {
    additions: plan.additions.map((file) => toSource(file, ports)),
    replacements: plan.replacements.map((file) => toSource(file, ports)),
  }
  await uploadFiles(client, bucket, sources, {
    concurrency: inputs.concurrency,
    verify: inputs.verifyChecksums,
    observer: progress,
    signal,
  })
  const elapsedMs = clock.now() - startMs
  log.info(
    `Sent ${count(files.length, 'file')}, ${formatBytes(totalBytes)} in ${formatDuration(elapsedMs)} (${formatBytes((totalBytes / Math.max(elapsedMs, 1)) * 1000)}/s)`,
  )
  return { bytes: totalBytes, elapsedMs }
}

/** Takes copies out of the fresh draft of a next version; nothing is lost by that. */
async function takeOutCopies(
  { draft, latest }: Transfer,
  files: readonly StoredFile[],
  ports: Ports,
): Promise<void> {
  const version = latest === undefined ? 'the version before' : `version ${latest.id}`
  await remove(draft.id, files, {
    ports,
    toLine: (key) => `Took the copy of ${key} out of the draft; ${version} keeps it`,
  })
}

/** Removes what was not named; whoever meant to keep it must not have to search for the reason. */
async function removeOthers(id: string, files: readonly StoredFile[], ports: Ports): Promise<void> {
  await remove(id, files, { ports, toLine: (key) => `Removed ${key} from the draft` })
  if (files.length === 0) return
  ports.log.notice(
    `${count(files.length, 'file')} that the step does not name ${files.length === 1 ? 'was' : 'were'} removed from the draft: ${listKeys(files.map(({ key }) => key))}. With existing-files: keep they stay.`,
  )
}

async function remove(
  id: string,
  files: readonly StoredFile[],
  { ports, toLine }: { readonly ports: Ports; readonly toLine: (key: string) => string },
): Promise<void> {
  const { client, signal, log } = ports
  for (const file of files) {
    if (file.id === undefined) throw namelessFile(id, file.key)
    await client.deleteFile(id, file.id, signal)
    log.info(toLine(file.key))
  }
}

const namelessFile = (id: string, key: string): ProtocolError =>
  new ProtocolError(
    `GET /api/deposit/depositions/${id}/files`,
    `The server gives no id for ${toPrintable(key, 200)}, by which it could be removed from draft ${id}.`,
    { hint: 'Remove it by hand, then re-run the job.' },
  )

interface ReadBack {
  readonly plan: Plan
  readonly after: readonly StoredFile[]
  readonly inputs: Transfer['inputs']
  readonly checksumOf: KnownChecksum
}

function assertAsPlanned(id: string, { plan, after, inputs, checksumOf }: ReadBack): void {
  const { missing, unexpected, different } = findMismatch(plan, after, checksumOf)
  const strangers = inputs.existingFiles === 'keep' ? [] : unexpected
  const facts = [
    ...missing.map((key) => `${key} is missing`),
    ...different.map((key) => `${key} has other bytes`),
    ...strangers.map((key) => `${key} was added by somebody else`),
  ]
  if (facts.length === 0) return
  throw new ProtocolError(
    `GET /api/deposit/depositions/${id}/files`,
    `After all uploads deposit ${id} does not hold what was planned: ${facts.slice(0, 10).join(', ')}.`,
    {
      hint: 'Another job or person may be changing the same draft. Nothing was published; re-run the job when they are done.',
    },
  )
}

function toOutcomes(plan: Plan, after: readonly StoredFile[]): readonly FileOutcome[] {
  const stored = new Map(after.map((file) => [file.key, file]))
  const outcome = (
    { key, sizeBytes }: { key: string; sizeBytes: number },
    action: FileOutcome['action'],
  ): FileOutcome => ({ key, sizeBytes, checksum: stored.get(key)?.checksum ?? '', action })
  return [
    ...plan.additions.map((file) => outcome(file, 'uploaded')),
    ...plan.replacements.map((file) => outcome(file, 'replaced')),
    ...[...plan.kept, ...plan.others].map((file) => outcome(file, 'kept')),
    ...plan.removals.map((file) => ({ ...outcome(file, 'removed'), checksum: file.checksum })),
  ]
}
