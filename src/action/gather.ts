import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import nodePath, { join, resolve } from 'node:path'
import { InputError } from '../errors.ts'
import { type LocalFile, stampOf } from '../files/local-file.ts'
import { checkRoom } from '../files/pack-archive.ts'
import { pack } from '../files/pack.ts'
import { packSource } from '../files/source-archive.ts'
import type { ReleaseAsset } from '../github/release-assets.ts'
import { count, formatBytes } from '../lib/format.ts'
import { nonEmpty } from '../lib/non-empty.ts'
import { pathBelow, type PathRules } from '../lib/path-below.ts'
import { totalSize } from '../lib/total-size.ts'
import type { Checked } from './check.ts'
import { guardFiles, type WayOut } from './guards.ts'
import type { Inputs } from './inputs.ts'
import type { Log } from './ports.ts'
import { createTicker } from './progress.ts'
import { fetchAssets, listAssets, type ReleasePorts } from './release.ts'

export interface GatherPorts {
  /** Absolute path of the workspace. */
  readonly workspace: string
  /** RUNNER_TEMP; the system's folder without it. */
  readonly temporary: string | undefined
  readonly log: Log
  readonly signal: AbortSignal
  /** undefined if the run needs nothing of GitHub's API. */
  readonly release: ReleasePorts | undefined
}

/** The files as they will be sent, and what was made of them on the way: gone when disposed. */
export interface Gathered extends AsyncDisposable {
  readonly checked: Checked
}

/**
 * Packs the matched files into one archive, adds the archive of the sources and the release's
 * assets, where asked for. All of it lies in a folder of its own, outside the workspace.
 * @throws InputError if what comes together cannot be uploaded
 */
export async function gather(checked: Checked, ports: GatherPorts): Promise<Gathered> {
  const { inputs } = checked
  const makes =
    inputs.archiveName !== undefined || inputs.sourceArchive !== 'none' || inputs.releaseAssets
  if (!makes) return { checked, [Symbol.asyncDispose]: () => Promise.resolve() }
  if (ports.temporary !== undefined) await mkdir(ports.temporary, { recursive: true })
  const folder = await mkdtemp(join(ports.temporary ?? tmpdir(), 'zenodo-deposit-'))
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 })
  try {
    ports.log.group('Gathering')
    const own = [
      ...(await packMatched(checked, await partOf(folder, 'matched'), ports)),
      ...(await addSources(checked, await partOf(folder, 'source'), ports)),
    ]
    const files = [
      ...own,
      ...(await addAssets(checked, await partOf(folder, 'assets'), { own, ports })),
    ]
    const { issues, warnings } = guardFiles(files, TOGETHER)
    if (issues.length > 0) throw new InputError(issues)
    const told = inputs.archiveName === undefined ? guardFiles(checked.files ?? []).warnings : []
    for (const warning of warnings) if (!told.includes(warning)) ports.log.warning(warning)
    return { checked: { ...checked, files: nonEmpty(files) }, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** Each kind of file has a folder of its own, so that equal names meet in the guards and not on the disk. */
async function partOf(folder: string, name: string): Promise<string> {
  const part = join(folder, name)
  await mkdir(part)
  return part
}

/** The matched files, or the one archive that holds them. */
async function packMatched(
  { inputs, files }: Checked,
  folder: string,
  { workspace, log, signal }: GatherPorts,
): Promise<readonly LocalFile[]> {
  const { archiveName } = inputs
  if (archiveName === undefined || files === undefined) return files ?? []
  const base = resolve(workspace, inputs.workingDirectory)
  const entries = files.map((file) => ({ ...file, name: nameInArchive(file.path, base) }))
  // The name is the user's, and may be longer than a file system takes.
  const archive = join(folder, archiveName.endsWith('.zip') ? 'archive.zip' : 'archive.tar.gz')
  const totalBytes = totalSize(files)
  log.info(`Packing ${count(files.length, 'file')} (${formatBytes(totalBytes)})`)
  using ticker = createTicker(totalBytes, (done) => log.info(`Packed ${done}`))
  await pack(entries, { archive, signal, onRead: ticker.add })
  const packed = await toLocalFile(archive, { key: archiveName, kind: 'the archive' })
  log.info(
    `Packed ${count(files.length, 'file')} into ${archiveName} (${formatBytes(packed.sizeBytes)})`,
  )
  return [packed]
}

/** Path below the folder that the patterns start from; a file from elsewhere, or another drive, keeps its name alone. */
export const nameInArchive = (path: string, base: string, rules: PathRules = nodePath): string =>
  pathBelow(path, base, rules) ?? rules.basename(path)

async function addSources(
  { inputs, trigger, version }: Checked,
  folder: string,
  { workspace, log, signal }: GatherPorts,
): Promise<readonly LocalFile[]> {
  if (inputs.sourceArchive === 'none') return []
  const repository = trigger.repositoryUrl?.split('/').at(-1) ?? 'source'
  const toName = (commit: string): string =>
    `${repository}-${(version ?? commit.slice(0, 7)).replace(/[^\p{L}\p{N}.+_-]+/gu, '-')}`
  const archive = join(folder, `source.${inputs.sourceArchive}`)
  const packing = { directory: workspace, toName, archive, signal }
  const { fileCount, commit, name } = await packSource(packing)
  const key = `${name}.${inputs.sourceArchive}`
  const packed = await toLocalFile(archive, { key, kind: 'the source archive' })
  log.info(
    `Packed the ${count(fileCount, 'file')} of commit ${commit.slice(0, 7)} into ${key} (${formatBytes(packed.sizeBytes)})`,
  )
  return [packed]
}

/** What helps where files come together that archive-name does not pack. */
const TOGETHER: WayOut = {
  many: 'archive-name packs what files matches, and neither the source archive nor assets of the release: leave some of them out.',
  empty: () => 'Delete it from the release, or leave out what it comes from.',
}

async function addAssets(
  { inputs }: Checked,
  folder: string,
  { own, ports }: { readonly own: readonly LocalFile[]; readonly ports: GatherPorts },
): Promise<readonly LocalFile[]> {
  const { release, log } = ports
  if (!inputs.releaseAssets) return []
  if (release === undefined) {
    log.notice(
      'The assets of the release are left out of this plan: without a token nobody is asked.',
    )
    return []
  }
  const assets = await listAssets(release)
  if (assets.length === 0) return noAssets(inputs, log)
  const { issues } = guardFiles([...own, ...assets.map(toExpected)], TOGETHER)
  if (issues.length > 0) throw new InputError(issues)
  const totalBytes = totalSize(assets)
  await checkRoom(folder, totalBytes)
  const paths = await fetchAssets(assets, folder, release)
  return Promise.all(
    assets.map(({ name }, index) =>
      toLocalFile(paths[index] ?? '', { key: name, kind: 'the release asset' }),
    ),
  )
}

/** An asset as the file that it will be, to be judged before it is fetched. */
const toExpected = ({ name, sizeBytes }: ReleaseAsset): LocalFile => ({
  path: '',
  displayPath: `the release asset ${name}`,
  key: name,
  sizeBytes,
  stamp: '',
})

/** A release often starts its run before its assets are attached; without them a record would be made of nothing. */
function noAssets({ ifNoFilesFound }: Inputs, log: Log): readonly LocalFile[] {
  const problem =
    'The release has no assets. Attach them before this step runs, or set if-no-files-found: warn.'
  if (ifNoFilesFound === 'error') {
    throw new InputError([{ place: { input: 'release-assets' }, problem }])
  }
  if (ifNoFilesFound === 'warn') log.warning(problem)
  return []
}

async function toLocalFile(
  path: string,
  { key, kind }: { readonly key: string; readonly kind: string },
): Promise<LocalFile> {
  const stats = await stat(path)
  const displayPath = `${kind} ${key}`
  return { path, displayPath, key, sizeBytes: stats.size, stamp: stampOf(stats) }
}
