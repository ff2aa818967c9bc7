import { open, rename, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FileError } from '../errors.ts'
import { orFileError } from './pack-fault.ts'
import type { Member } from './pack-member.ts'
import { orderByName } from './pack-names.ts'
import { ArchiveOutput } from './pack-output.ts'
import { writeTarGz } from './pack-tar.ts'
import { writeZip } from './pack-zip.ts'

const WRITERS = [
  { ending: '.zip', write: writeZip },
  { ending: '.tar.gz', write: writeTarGz },
]

/**
 * Writes members into one archive, which is there whole or not at all. Same names, contents and executable bits:
 * same bytes, wherever Node has the same zlib (all of Node 24 so far).
 */
export async function writeArchive(
  members: readonly Member[],
  options: { readonly archive: string; readonly signal: AbortSignal },
): Promise<void> {
  const { archive, signal } = options
  const writer = WRITERS.find(({ ending }) => archive.endsWith(ending))
  if (writer === undefined) {
    throw new FileError(archive, `An archive ends in .zip or .tar.gz; "${archive}" does not.`)
  }
  const ordered = orderByName(members)
  await checkRoom(archive, totalSize(ordered))
  signal.throwIfAborted()
  const partial = `${archive}.part`
  try {
    // So that nothing is written through a link that waits under this name.
    await creatable(archive, () => rm(partial, { force: true }))
    await fill(partial, (output) => writer.write(ordered, output, signal))
    await creatable(archive, () => rename(partial, archive))
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** Closed when this ends: an open file cannot be renamed on Windows. */
async function fill(path: string, write: (output: ArchiveOutput) => Promise<void>): Promise<void> {
  await using file = await creatable(path, () => open(path, 'wx'))
  const output = new ArchiveOutput(file, path)
  await write(output)
  await output.flush()
}

/** Throws a FileError unless the archive's folder has room for `bytes`: the size before compression, to be safe. */
export async function checkRoom(archive: string, bytes: number): Promise<void> {
  const folder = dirname(archive)
  const { bavail, bsize } = await orFileError(
    archive,
    `The folder "${folder}" cannot be used`,
    () => statfs(folder),
  )
  const free = bavail * bsize
  if (bytes <= free) return
  throw new FileError(
    archive,
    `Packing needs up to ${inWords(bytes)}, but "${folder}" has only ${inWords(free)} free.`,
    { hint: 'Free some space, or use a runner with a larger disk.' },
  )
}

/** The bytes of all files together. */
export function totalSize(members: readonly Member[]): number {
  return members.reduce((sum, member) => sum + (member.kind === 'file' ? member.size : 0), 0)
}

async function creatable<T>(archive: string, act: () => Promise<T>): Promise<T> {
  return await orFileError(archive, `The archive "${archive}" cannot be written`, act)
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Decimal units; one decimal from kB on. */
function inWords(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1)
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power] ?? 'bytes'}`
}
