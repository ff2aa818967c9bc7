import { open } from 'node:fs/promises'
import { FileError } from '../errors.ts'
import { toFileError } from './pack-fault.ts'
import { stampOf } from './local-file.ts'

/** A file to pack: read once, and held to what it was when it was listed. */
export interface FileMember {
  readonly kind: 'file'
  /** Its name in the archive, with forward slashes. */
  readonly name: string
  /** Absolute. */
  readonly path: string
  readonly size: number
  /** When it was last written, in milliseconds since 1970. */
  readonly stamp: string
  readonly executable: boolean
  /** Hears how many bytes were just read. */
  readonly onRead?: ((bytes: number) => void) | undefined
}

/** A symbolic link to pack as a link. */
export interface LinkMember {
  readonly kind: 'link'
  readonly name: string
  /** Absolute. */
  readonly path: string
  /** What the link says, unresolved. */
  readonly target: string
}

export type Member = FileMember | LinkMember

/** The permissions a file has in every archive, whatever the umask was where it was made. */
export const fileMode = ({ executable }: FileMember): number => (executable ? 0o755 : 0o644)

/** The permissions of every link. */
export const LINK_MODE = 0o777

/** The bytes of a file as they were listed. Throws a FileError when it cannot be read, or changes meanwhile. */
export async function* readMember(member: FileMember): AsyncGenerator<Buffer> {
  try {
    await using file = await open(member.path)
    let sizeRead = 0
    // `end` is inclusive: one byte more than was listed, so that a file that grew shows itself.
    const chunks = file.createReadStream({ end: member.size, autoClose: false })
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      sizeRead += chunk.length
      member.onRead?.(chunk.length)
      yield chunk
    }
    const stamp = stampOf(await file.stat())
    if (sizeRead !== member.size || stamp !== member.stamp) throw changed(member)
  } catch (cause) {
    throw toFileError(member.path, `"${member.name}" cannot be read`, cause)
  }
}

function changed(member: FileMember): FileError {
  return new FileError(member.path, `"${member.name}" changed while it was being packed.`, {
    hint: 'Let the step that writes it end before this one begins.',
  })
}
