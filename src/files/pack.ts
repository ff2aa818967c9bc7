import { stat } from 'node:fs/promises'
import { FileError } from '../errors.ts'
import { writeArchive } from './pack-archive.ts'
import { orFileError } from './pack-fault.ts'
import type { FileMember } from './pack-member.ts'
import { stampOf } from './local-file.ts'

/** A file to pack, and what it is called inside. Size and time, where given, are what it is held to; else what they are when packing begins. */
export interface PackEntry {
  /** Absolute. */
  readonly path: string
  /** Relative, with forward slashes. */
  readonly name: string
  readonly sizeBytes?: number
  readonly stamp?: string
}

/** Where the archive goes, and how. */
export interface PackOptions {
  /** Absolute; the ending, `.zip` or `.tar.gz`, chooses the format. */
  readonly archive: string
  readonly signal: AbortSignal
  /** Hears how many bytes were just read. */
  readonly onRead?: (bytes: number) => void
}

/**
 * Packs files into one reproducible archive: same names and contents, same bytes. Streams with constant memory,
 * follows links, and leaves nothing behind when it fails. Throws a FileError that names the file.
 */
export async function pack(entries: readonly PackEntry[], options: PackOptions): Promise<void> {
  const { archive, signal, onRead } = options
  const members: FileMember[] = []
  for (const entry of entries) {
    signal.throwIfAborted()
    members.push({ ...(await readFileMember(entry)), onRead })
  }
  await writeArchive(members, { archive, signal })
}

async function readFileMember(entry: PackEntry): Promise<FileMember> {
  const { name, path, sizeBytes, stamp } = entry
  const info = await orFileError(path, `"${name}" cannot be read`, () => stat(path))
  if (!info.isFile()) throw new FileError(path, `"${name}" is not a file.`)
  return {
    kind: 'file',
    name,
    path,
    size: sizeBytes ?? info.size,
    stamp: stamp ?? stampOf(info),
    executable: (info.mode & 0o100) !== 0,
  }
}
