import type { Readable, Writable } from 'node:stream'
import type { FileMember, LinkMember } from './pack-member.ts'

/** An archive in the making: what is added comes out of the last stage, which ends some time after `end`. */
export interface ArchiveStream {
  /** To be piped one into the next. */
  readonly stages: readonly (NodeJS.ReadableStream | NodeJS.ReadWriteStream)[]
  /** Resolves once the whole file has been taken in, so that no more than one waits in memory. */
  addFile(member: FileMember, signal: AbortSignal): Promise<void>
  addLink(member: LinkMember): void
  end(): void
}

/** Stops a stream, and resolves once the file behind it is closed; why it stopped is known elsewhere. */
export async function closeStream(stream: Readable | Writable): Promise<void> {
  stream.destroy()
  if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve))
}
