import {
  ApiError,
  ChecksumError,
  NetworkError,
  ProtocolError,
  type RefusedAnswer,
} from '../errors.ts'
import { delayFor, isConflict } from '../http/http.ts'
import { backOff } from '../http/retry.ts'
import { StallClock } from '../http/stall.ts'
import { createTurns } from '../lib/in-turn.ts'
import { toPrintable } from '../lib/printable.ts'
import { untilAborted } from '../lib/until-aborted.ts'
import type { Client } from './client.ts'
import { CONFLICT } from './conflict.ts'
import type { StoredFile } from './stored-file.ts'

/** Something to send, which can be opened again for every attempt. */
export interface Source {
  readonly key: string
  readonly sizeBytes: number
  /** The bytes from the first on; waits for `hold` after the first chunk. */
  open(hold: () => Promise<void>): AsyncIterable<Uint8Array>
  /** `md5:…` of the same bytes. */
  checksum(): Promise<string>
}

/** Where the files of one draft go. */
export interface Bucket {
  readonly depositId: string
  /** Path of the bucket below the origin. */
  readonly path: string
}

/** Hears of every byte and file. */
export interface UploadObserver {
  /** More bytes than before; negative where an attempt failed, whose bytes do not count. */
  sent(bytes: number): void
  done(source: Source, stored: StoredFile): void
}

/** Slower than any disk that a server stores and hashes on. */
const SERVER_BYTES_PER_SECOND = 20e6
/** How long a repeated attempt waits after its first chunk, so that a refusal can be heard before the connection is full. */
const HOLD_MS = 1000

/** An earlier attempt, given up here, may still be storing the file when the next one arrives (docs/server.md#one-at-a-time). */
const alreadyExists = (key: string): string => `File with key ${key} already exists.`
const conflictsOf = (key: string): readonly string[] => [CONFLICT, alreadyExists(key)]

/** Sends one file until it is stored right, or for good reason not. */
export type Uploader = (source: Source, signal: AbortSignal) => Promise<void>

/** An uploader for one bucket: its files share the stall clock, since they share the server's lock. */
export function createUploader(
  client: Client,
  bucket: Bucket,
  options: Pick<Attempt['options'], 'verify' | 'observer'>,
): Uploader {
  const { http } = client
  const stall = new StallClock(http.stallMs)
  const inTurn = createTurns()

  return async (source, signal) => {
    const past: Past = { error: undefined, mayBeStored: false }
    const common = { client, bucket, stall, options, past, signal }
    const attempt = (): Promise<StoredFile> =>
      mayReplace(past.error, source.key)
        ? inTurn(() => uploadOnce(source, common))
        : uploadOnce(source, common)
    const stored = await http
      .repeat(attempt, signal, (error, count) => {
        const before = past.error
        past.error = error
        if (isForbidden(error) && !isForbidden(before)) return backOff(error, count, http.clock)
        const call = { repeat: true, conflicts: conflictsOf(source.key) }
        return delayFor(call, error, count, http.clock)
      })
      .catch((error: unknown) => lookOnceMore(error, source, common))
    options.observer.done(source, stored)
  }
}

/** The server may forbid at random what is allowed (docs/server.md#errors): one more attempt tells. */
const isForbidden = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 403 && !isLocked(error.answer)

const isLocked = ({ serverMessage = '' }: RefusedAnswer): boolean => /locked/i.test(serverMessage)

/** The same failure, beginning with the file it is about. */
function withPrefix(error: unknown, prefix: string): unknown {
  if (error instanceof ApiError) {
    const { answer } = error
    const hint = hintFor(answer) ?? error.hint
    return new ApiError(`${prefix} ${error.message}`, answer, { hint, cause: error })
  }
  if (error instanceof NetworkError) {
    const { requestLine, bodySent, hint } = error
    return new NetworkError(requestLine, `${prefix} ${error.message}`, {
      bodySent,
      cause: error,
      ...(hint !== undefined && { hint }),
    })
  }
  return error
}

/** What to do about refusals that only uploads get (docs/server.md#errors). */
function hintFor(answer: RefusedAnswer): string | undefined {
  const { status, serverMessage = '' } = answer
  if (status === 404) {
    return 'The draft may have been published or deleted meanwhile, by another run or a person. Look at it before running the step again; a concurrency group in the workflow keeps runs apart.'
  }
  if (/quota exceeded|file size exceeded/i.test(serverMessage)) {
    return 'The deposit may hold no more bytes. Leave files out, split them into several deposits, or ask the support of the instance for a larger quota.'
  }
  if (/exceeding the max amount/i.test(serverMessage)) {
    return 'The deposit may hold no more files. Put them into one archive (archive-name).'
  }
  if (isLocked(answer)) {
    return 'Files of a published record cannot change. Make its next version: if-published: new-version.'
  }
  return undefined
}

/** What the attempts before left behind. */
interface Past {
  error: unknown
  /** The server may hold the file, and nobody has looked yet. */
  mayBeStored: boolean
}

interface Attempt {
  readonly client: Client
  readonly bucket: Bucket
  readonly stall: StallClock
  readonly options: { readonly verify: boolean; readonly observer: UploadObserver }
  readonly past: Past
  readonly signal: AbortSignal
}

/** After wrong bytes were stored, the next attempt replaces them; of replacements at the same time the server refuses all but one (docs/server.md#conflicts). */
const mayReplace = (lastError: unknown, key: string): boolean =>
  lastError instanceof ChecksumError || isConflict(lastError, conflictsOf(key))

/** One attempt: a look, if the answer to the one before was lost, so that nothing is sent twice; else one PUT. */
async function uploadOnce(source: Source, attempt: Attempt): Promise<StoredFile> {
  const { observer } = attempt.options
  const stored = (await findIfStored(source, attempt)) ?? (await put(source, attempt))
  try {
    await verify(source, stored, attempt)
    return stored
  } catch (error) {
    observer.sent(-source.sizeBytes)
    throw error
  }
}

/** After the last attempt, whose own failure says more than that of the look. */
async function lookOnceMore(error: unknown, source: Source, attempt: Attempt): Promise<StoredFile> {
  const { signal } = attempt
  const found = await findIfStored(source, attempt).catch(() => undefined)
  signal.throwIfAborted()
  if (found) return found
  const key = toPrintable(source.key, 200)
  throw withPrefix(
    error,
    attempt.past.mayBeStored
      ? `${key} was sent, and whether the server stored it could not be read.`
      : `${key} was not uploaded.`,
  )
}

/**
 * Connections and the system take this much before the server has read it; so much less is counted
 * as sent than was handed over, until the server answers.
 */
const IN_FLIGHT_BYTES = 4 * 1024 * 1024

async function put(source: Source, attempt: Attempt): Promise<StoredFile> {
  const { client, bucket, options, stall, past, signal } = attempt
  const { observer } = options
  let countedBytes = 0
  function countUpTo(bytes: number): void {
    observer.sent(bytes - countedBytes)
    countedBytes = bytes
  }
  async function* counted(): AsyncGenerator<Uint8Array> {
    let handedBytes = 0
    for await (const chunk of source.open(hold)) {
      handedBytes += chunk.length
      countUpTo(Math.max(0, handedBytes - IN_FLIGHT_BYTES))
      yield chunk
    }
  }
  const hold = async (): Promise<void> => {
    if (past.error instanceof NetworkError) await client.http.clock.sleep(HOLD_MS, signal)
  }
  const answerWithinMs = client.http.stallMs + (source.sizeBytes / SERVER_BYTES_PER_SECOND) * 1000
  const upload = { sizeBytes: source.sizeBytes, open: counted, stall, answerWithinMs }
  try {
    const stored = await client.putFile(bucket.path, source.key, { upload, signal })
    countUpTo(source.sizeBytes)
    return stored
  } catch (error) {
    countUpTo(0)
    past.mayBeStored = mayBeStored(error, source.key)
    throw error
  }
}

/** The server may have stored the file without our hearing of it. */
function mayBeStored(error: unknown, key: string): boolean {
  if (error instanceof NetworkError) return error.bodySent
  const isServerError = error instanceof ApiError && error.status >= 500
  const isOdd = error instanceof ProtocolError && !error.isRedirect // a page in place of the answer, perhaps
  return isServerError || isOdd || isConflict(error, [alreadyExists(key)])
}

/** The file, if the server holds it whole although an answer was lost. */
async function findIfStored(
  source: Source,
  { client, bucket, options, past, signal }: Attempt,
): Promise<StoredFile | undefined> {
  if (!past.mayBeStored) return undefined
  const files = await client.listFiles(bucket.depositId, signal)
  past.mayBeStored = false
  const stored = files.find(({ key }) => key === source.key)
  if (stored?.sizeBytes !== source.sizeBytes) return undefined
  const sent = await untilAborted(source.checksum(), signal)
  if (stored.checksum !== sent) return undefined
  options.observer.sent(source.sizeBytes)
  return stored
}

async function verify(source: Source, stored: StoredFile, attempt: Attempt): Promise<void> {
  if (attempt.options.verify && stored.checksum.startsWith('md5:')) {
    const sent = await untilAborted(source.checksum(), attempt.signal)
    if (sent !== stored.checksum) throw new ChecksumError(source.key, sent, stored.checksum)
  }
  if (stored.sizeBytes !== source.sizeBytes) {
    throw new ChecksumError(source.key, `${source.sizeBytes} bytes`, `${stored.sizeBytes} bytes`)
  }
}
