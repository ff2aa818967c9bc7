import { open, type FileHandle } from 'node:fs/promises'
import { FileError } from '../errors.ts'
import { orFileError } from './pack-fault.ts'
import { mapInOrder } from './pack-order.ts'

/** A file to pack: read once, and held to what it was when it was listed. */
export interface FileMember {
  readonly kind: 'file'
  /** Its name in the archive, with forward slashes. */
  readonly name: string
  /** Absolute. */
  readonly path: string
  readonly size: number
  /** When it was last written, in milliseconds since 1970. */
  readonly modifiedMs: number
  readonly executable: boolean
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

const READ_BYTES = 1 << 20
/** Files up to this size are read ahead, so many at once: opening them one by one would take longer than packing them. */
const READ_AHEAD_BYTES = 256 << 10
const READ_AHEAD_FILES = 16

/** The permissions a member has in every archive, whatever the umask was where its file was made. */
export function memberMode(member: Member): number {
  if (member.kind === 'link') return 0o777
  return member.executable ? 0o755 : 0o644
}

/** A member and its bytes, to be read once. */
export interface MemberContent {
  readonly member: Member
  readonly content: AsyncIterable<Buffer> | Iterable<Buffer>
}

/** Members with their content, in order: of a link what it says, of a file its bytes as `readMember` gives them. */
export async function* readMembers(members: readonly Member[]): AsyncGenerator<MemberContent> {
  yield* mapInOrder(members, READ_AHEAD_FILES, async (member): Promise<MemberContent> => {
    if (member.kind === 'link') return { member, content: [Buffer.from(member.target)] }
    if (member.size > READ_AHEAD_BYTES) return { member, content: readMember(member) }
    const chunks: Buffer[] = []
    for await (const chunk of readMember(member)) chunks.push(chunk)
    return { member, content: chunks }
  })
}

/** The bytes of a file as they were listed. Throws a FileError when it cannot be read, or changes meanwhile. */
export async function* readMember(member: FileMember): AsyncGenerator<Buffer> {
  const file = await readable(member, () => open(member.path))
  try {
    let total = 0
    for await (const chunk of chunksOf(file, member)) {
      total += chunk.length
      if (total > member.size) throw changed(member)
      yield chunk
    }
    const { mtimeMs } = await readable(member, () => file.stat())
    if (total !== member.size || mtimeMs !== member.modifiedMs) throw changed(member)
  } finally {
    await file.close()
  }
}

/** Asks for one byte more than the listed size, so that a file that grew shows itself. */
async function* chunksOf(file: FileHandle, member: FileMember): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const buffer = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, member.size - position + 1))
    const { bytesRead } = await readable(member, () =>
      file.read(buffer, 0, buffer.length, position),
    )
    position += bytesRead
    if (bytesRead > 0) yield buffer.subarray(0, bytesRead)
    if (bytesRead === 0 || (bytesRead < buffer.length && position === member.size)) return
  }
}

async function readable<T>(member: FileMember, read: () => Promise<T>): Promise<T> {
  return await orFileError(member.path, `"${member.name}" cannot be read`, read)
}

function changed(member: FileMember): FileError {
  return new FileError(member.path, `"${member.name}" changed while it was being packed.`, {
    hint: 'Let the step that writes it end before this one begins.',
  })
}
