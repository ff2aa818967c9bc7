import { stat } from 'node:fs/promises'
import { FileError } from '../errors.ts'
import { writeArchive } from './pack-archive.ts'
import { orFileError } from './pack-fault.ts'
import type { FileMember } from './pack-member.ts'
import { mapInOrder } from './pack-order.ts'

/** A file to pack, and what it is called inside. */
export interface PackEntry {
  /** Absolute. */
  readonly path: string
  /** Relative, with forward slashes. */
  readonly name: string
}

/** Where the archive goes, and how. */
export interface PackOptions {
  /** Absolute; the ending, `.zip` or `.tar.gz`, chooses the format. */
  readonly archive: string
  readonly signal: AbortSignal
  /** A folder around all entries. */
  readonly prefix?: string | undefined
}

const FILES_LISTED_AT_ONCE = 32

/**
 * Packs files into one reproducible archive: same names and contents, same bytes. Streams with constant memory,
 * follows links, and leaves nothing behind when it fails. Throws a FileError that names the file.
 */
export async function pack(entries: readonly PackEntry[], options: PackOptions): Promise<void> {
  const { archive, signal, prefix } = options
  const toMember = (entry: PackEntry) => readFileMember(entry, prefix)
  const members: FileMember[] = []
  for await (const member of mapInOrder(entries, FILES_LISTED_AT_ONCE, toMember)) {
    signal.throwIfAborted()
    members.push(member)
  }
  await writeArchive(members, { archive, signal })
}

async function readFileMember(entry: PackEntry, prefix: string | undefined): Promise<FileMember> {
  const { path } = entry
  const name = prefix === undefined ? entry.name : `${prefix}/${entry.name}`
  const info = await orFileError(path, `"${name}" cannot be read`, () => stat(path))
  if (!info.isFile()) throw new FileError(path, `"${name}" is not a file.`)
  return {
    kind: 'file',
    name,
    path,
    size: info.size,
    modifiedMs: info.mtimeMs,
    executable: (info.mode & 0o100) !== 0,
  }
}
