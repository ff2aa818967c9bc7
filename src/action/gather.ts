import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import nodePath, { join, resolve } from 'node:path'
import { InputError } from '../errors.ts'
import { toKey } from '../files/file-key.ts'
import type { LocalFile } from '../files/local-file.ts'
import { pack } from '../files/pack.ts'
import { packSource } from '../files/source-archive.ts'
import { count, formatBytes } from '../lib/format.ts'
import { pathBelow, type PathRules } from '../lib/path-below.ts'
import type { Checked } from './check.ts'
import { guardFiles } from './guards.ts'
import type { Log } from './ports.ts'
import { fetchAssets, type ReleasePorts } from './release.ts'

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
  const folder = await mkdtemp(join(ports.temporary ?? tmpdir(), 'zenodo-deposit-'))
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 })
  try {
    ports.log.group('Gathering')
    const files = [
      ...(await packMatched(checked, await partOf(folder, 'matched'), ports)),
      ...(await addSources(checked, await partOf(folder, 'source'), ports)),
      ...(await addAssets(checked, await partOf(folder, 'assets'), ports)),
    ]
    const { issues, warnings } = guardFiles(files)
    if (issues.length > 0) throw new InputError(issues)
    const told = inputs.archiveName === undefined ? guardFiles(checked.files ?? []).warnings : []
    for (const warning of warnings) if (!told.includes(warning)) ports.log.warning(warning)
    return { checked: { ...checked, files }, [Symbol.asyncDispose]: dispose }
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
  { inputs, files = [] }: Checked,
  folder: string,
  { workspace, log, signal }: GatherPorts,
): Promise<readonly LocalFile[]> {
  const { archiveName } = inputs
  if (archiveName === undefined || files.length === 0) return files
  const base = resolve(workspace, inputs.workingDirectory)
  const entries = files.map((file) => ({ ...file, name: nameInArchive(file.path, base) }))
  const archive = join(folder, archiveName)
  await pack(entries, { archive, signal })
  const packed = await describe(archive)
  log.info(
    `Packed ${count(files.length, 'file')} into ${archiveName} (${formatBytes(packed.sizeBytes)})`,
  )
  return [packed]
}

/** Path below the folder that the patterns start from; a file from elsewhere, or another drive, keeps its name alone. */
export const nameInArchive = (path: string, base: string, rules: PathRules = nodePath): string =>
  pathBelow(path, base, rules) ?? rules.basename(path)

async function addSources(
  { inputs, trigger }: Checked,
  folder: string,
  { workspace, log, signal }: GatherPorts,
): Promise<readonly LocalFile[]> {
  if (inputs.sourceArchive === 'none') return []
  const repository = trigger.repositoryUrl?.split('/').at(-1) ?? 'source'
  const release = inputs.version ?? trigger.tag ?? trigger.sha?.slice(0, 7) ?? 'HEAD'
  const name = `${repository}-${release.replace(/[^\p{L}\p{N}.+_-]+/gu, '-')}`
  const archive = join(folder, `${name}.${inputs.sourceArchive}`)
  const { fileCount, commit } = await packSource({ directory: workspace, name, archive, signal })
  const packed = await describe(archive)
  log.info(
    `Packed the ${count(fileCount, 'file')} of commit ${commit.slice(0, 7)} into ${packed.key} (${formatBytes(packed.sizeBytes)})`,
  )
  return [packed]
}

async function addAssets(
  { inputs }: Checked,
  folder: string,
  { release, log }: GatherPorts,
): Promise<readonly LocalFile[]> {
  if (!inputs.releaseAssets) return []
  if (release === undefined) {
    log.info('The assets of the release are left out of this plan: without a token nobody is asked')
    return []
  }
  return Promise.all((await fetchAssets(folder, release)).map(describe))
}

async function describe(path: string): Promise<LocalFile> {
  const { size, mtimeMs } = await stat(path)
  const key = toKey(path)
  return { path, displayPath: key, key, sizeBytes: size, modifiedMs: mtimeMs }
}
