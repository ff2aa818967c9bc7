import type { Stats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { FileError } from '../errors.ts'
import { asObject } from '../lib/json.ts'

/** A file on the runner that is to become a file of the deposit. */
export interface LocalFile {
  /** Absolute. */
  readonly path: string
  /** As messages name it. */
  readonly displayPath: string
  readonly key: string
  readonly sizeBytes: number
  /** As it was when the file was found; see `stampOf`. */
  readonly stamp: string
}

/** When a file and its attributes were last changed: the former anybody can put back, the latter nobody. */
export const stampOf = ({ mtimeMs, ctimeMs }: Pick<Stats, 'mtimeMs' | 'ctimeMs'>): string =>
  `${mtimeMs}/${ctimeMs}`

const CHUNK_BYTES = 512 * 1024

/**
 * The bytes of the file from the first to the last announced one. The last chunk is held back until
 * the file is known to be the one that was found, so that a request with a file that changed
 * meanwhile stays short, and the server keeps nothing of it.
 * @throws FileError if the file vanished, changed, or cannot be read
 */
export async function* readLocalFile(
  file: LocalFile,
  beforeSecondChunk: () => Promise<void> = () => Promise.resolve(),
): AsyncGenerator<Buffer> {
  const handle = await openUnchanged(file)
  const buffers = createBuffers(file.sizeBytes)
  const readAt = (position: number): Promise<Buffer> => {
    const chunk = readChunk(handle, { file, position, buffer: buffers.next(position) })
    chunk.catch(() => undefined) // read ahead: it fails where it is awaited, or not at all
    return chunk
  }
  let ahead = readAt(0)
  try {
    for (let position = 0, chunks = 0; position < file.sizeBytes; chunks += 1) {
      if (chunks === 1) await beforeSecondChunk()
      const chunk = await ahead
      position += chunk.length
      if (position < file.sizeBytes) ahead = readAt(position)
      else await assertStillThere(file)
      yield chunk
    }
  } finally {
    await ahead.catch(() => undefined)
    await handle.close()
  }
}

/**
 * Two buffers in turn: while one is being sent, the next chunk is read into the other. A fresh
 * buffer for every chunk would cost more time in page faults than the reading itself. Whoever takes
 * a chunk must be done with it when asking for the next; undici is, since it waits for the socket to
 * drain, and the checksum would tell.
 */
function createBuffers(sizeBytes: number): { next(position: number): Buffer } {
  const length = Math.min(CHUNK_BYTES, sizeBytes)
  const isOne = sizeBytes <= CHUNK_BYTES
  const buffers = [Buffer.allocUnsafeSlow(length), Buffer.allocUnsafeSlow(isOne ? 0 : length)]
  let turn = 0
  return {
    next(position) {
      const buffer = buffers[turn % 2] ?? Buffer.alloc(0)
      turn += 1
      return buffer.subarray(0, Math.min(length, sizeBytes - position))
    },
  }
}

async function openUnchanged(file: LocalFile): Promise<FileHandle> {
  const handle = await open(file.path, 'r').catch((error: unknown) => {
    throw unreadable(file, error)
  })
  try {
    assertSame(await handle.stat(), file)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Fills the buffer, which some file systems do piece by piece. */
async function readChunk(
  handle: FileHandle,
  { file, position, buffer }: { file: LocalFile; position: number; buffer: Buffer },
): Promise<Buffer> {
  for (let filled = 0; filled < buffer.length;) {
    const { bytesRead } = await handle
      .read(buffer, filled, buffer.length - filled, position + filled)
      .catch((error: unknown) => {
        throw unreadable(file, error)
      })
    if (bytesRead === 0) throw changed(file)
    filled += bytesRead
  }
  return buffer
}

/** Looks at the path: the open file stays as it is when another one takes its place. */
async function assertStillThere(file: LocalFile): Promise<void> {
  const found = await stat(file.path).catch((error: unknown) => {
    throw unreadable(file, error)
  })
  assertSame(found, file)
}

function assertSame(found: Stats, file: LocalFile): void {
  if (found.size !== file.sizeBytes || stampOf(found) !== file.stamp) throw changed(file)
}

/** The file is not the one that was found. */
export const changed = (file: LocalFile): FileError =>
  new FileError(file.path, `${file.displayPath} changed while it was being read.`, {
    hint: 'Let the step that writes the file finish before this one starts, then run it again.',
  })

/** The file cannot be read; says why in the system's words. */
export function unreadable(file: LocalFile, cause: unknown): FileError {
  return new FileError(file.path, `${file.displayPath} cannot be read: ${reasonOf(cause)}.`, {
    cause,
    hint: 'Check that the file still exists and that the user of the runner may read it.',
  })
}

/** Why a file cannot be read, in words or else in the system's. */
export const reasonOf = (cause: unknown): string => {
  const { code, message } = asObject(cause)
  if (code === 'ENOENT') return 'it is not there any more'
  if (code === 'ELOOP') return 'it is a link that leads back to itself'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  return typeof message === 'string' ? message : 'unknown reason'
}
