import { createWriteStream } from 'node:fs'
import { rename, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FileError } from '../errors.ts'
import { formatBytes } from '../lib/format.ts'
import { inParallel } from '../lib/in-parallel.ts'
import { orFileError } from './pack-fault.ts'
import type { Member } from './pack-member.ts'
import { orderByName } from './pack-names.ts'
import { closeStream, type ArchiveStream } from './pack-stream.ts'
import { createTarGz } from './pack-tar.ts'
import { createZip } from './pack-zip.ts'

interface Format {
  readonly ending: string
  readonly create: () => ArchiveStream
}

const FORMATS: readonly Format[] = [
  { ending: '.zip', create: createZip },
  { ending: '.tar.gz', create: createTarGz },
]

/**
 * Writes members into one archive, which is there whole or not at all. Same names, contents and executable bits:
 * same bytes, wherever Node has the same zlib (all of Node 24 so far).
 */
export async function writeArchive(
  members: readonly Member[],
  { archive, signal }: { readonly archive: string; readonly signal: AbortSignal },
): Promise<void> {
  const format = FORMATS.find(({ ending }) => archive.endsWith(ending))
  if (format === undefined) {
    throw new FileError(archive, `An archive ends in .zip or .tar.gz; "${archive}" does not.`)
  }
  const ordered = orderByName(members)
  await checkRoom(archive, totalSize(ordered))
  signal.throwIfAborted()
  const partial = `${archive}.part`
  try {
    await orFileError(archive, `The archive "${archive}" cannot be written`, async () => {
      // So that nothing is written through a link that waits under this name.
      await rm(partial, { force: true })
      await write(format.create(), ordered, { partial, signal })
      await rename(partial, archive)
    })
  } catch (error) {
    await rm(partial, { force: true })
    signal.throwIfAborted()
    throw error
  }
}

/** Fills the archive and empties it into the file, side by side; whichever fails stops the other. */
async function write(
  stream: ArchiveStream,
  members: readonly Member[],
  { partial, signal }: { readonly partial: string; readonly signal: AbortSignal },
): Promise<void> {
  const sink = createWriteStream(partial, { flags: 'wx' })
  const tasks = [
    (stop: AbortSignal) => pipeline([...stream.stages, sink], { signal: stop }),
    (stop: AbortSignal) => addAll(stream, members, stop),
  ]
  try {
    await inParallel(tasks, tasks.length, (task, stop) => task(stop), signal)
  } finally {
    // Windows neither renames nor removes an open file.
    await closeStream(sink)
  }
}

async function addAll(
  stream: ArchiveStream,
  members: readonly Member[],
  signal: AbortSignal,
): Promise<void> {
  for (const member of members) {
    signal.throwIfAborted()
    if (member.kind === 'link') stream.addLink(member)
    else await stream.addFile(member, signal)
  }
  stream.end()
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
    `Packing needs up to ${formatBytes(bytes)}, but "${folder}" has only ${formatBytes(free)} free.`,
    { hint: 'Free some space, or use a runner with a larger disk.' },
  )
}

/** The bytes of all files together. */
function totalSize(members: readonly Member[]): number {
  return members.reduce((sum, member) => sum + (member.kind === 'file' ? member.size : 0), 0)
}
