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
  sent(bytes: number): void
  /** An attempt failed; its bytes do not count. */
  lost(bytes: number): void
  done(source: Source, stored: StoredFile): void
}

/** Slower than any disk that a server stores and hashes on. */
const SERVER_BYTES_PER_SECOND = 20e6
/** How long a repeated attempt waits after its first chunk, so that a refusal can be heard before the connection is full. */
const HOLD_MS = 1000

/** An earlier attempt, given up here, may still be storing the file when the next one arrives (docs/server.md#one-at-a-time). */
const alreadyExists = (key: string): string => `File with key ${key} already exists.`
const conflictsOf = (key: string): readonly string[] => ['Not a valid value.', alreadyExists(key)]

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
  const state = { hasWritten: false }
  const inTurn = createTurns()

  return async (source, signal) => {
    let lastError: unknown
    const put = (): Promise<StoredFile> =>
      putAndVerify(source, { client, bucket, stall, options, lastError, signal })
    const attempt = (): Promise<StoredFile> =>
      mayReplace(lastError, source.key) ? inTurn(put) : put()
    const stored = await http
      .repeat(attempt, signal, (error, count) => {
        const afterForbidden = lastError instanceof ApiError && lastError.status === 403
        lastError = error
        const oddlyForbidden =
          error instanceof ApiError && error.status === 403 && state.hasWritten && !afterForbidden
        if (oddlyForbidden) return backOff(error, count, http.clock)
        const call = { repeat: true, conflicts: conflictsOf(source.key) }
        return delayFor(call, error, count, http.clock)
      })
      .catch((error: unknown) => {
        throw aboutFile(error, source.key)
      })
    state.hasWritten = true
    options.observer.done(source, stored)
  }
}

/** The same failure, beginning with the file it is about. */
function aboutFile(error: unknown, key: string): unknown {
  const message = (words: string): string => `${toPrintable(key, 200)} was not uploaded. ${words}`
  if (error instanceof ApiError) {
    const { answer } = error
    const hint = hintFor(answer) ?? error.hint
    return new ApiError(message(error.message), answer, { hint, cause: error })
  }
  if (error instanceof NetworkError) {
    const { requestLine, bodySent, hint } = error
    return new NetworkError(requestLine, message(error.message), {
      bodySent,
      cause: error,
      ...(hint !== undefined && { hint }),
    })
  }
  return error
}

/** What to do about refusals that only uploads get (docs/server.md#errors). */
function hintFor({ status, serverMessage = '' }: RefusedAnswer): string | undefined {
  if (status === 404) {
    return 'The draft may have been published or deleted meanwhile, by another run or a person. Look at it before running the step again; a concurrency group in the workflow keeps runs apart.'
  }
  if (/quota exceeded|file size exceeded/i.test(serverMessage)) {
    return 'The deposit may hold no more bytes. Leave files out, split them into several deposits, or ask the support of the instance for a larger quota.'
  }
  if (/exceeding the max amount/i.test(serverMessage)) {
    return 'The deposit may hold no more files. Put them into one archive (archive-name).'
  }
  if (/locked/i.test(serverMessage)) {
    return 'Files of a published record cannot change. Make its next version: if-published: new-version.'
  }
  return undefined
}

interface Attempt {
  readonly client: Client
  readonly bucket: Bucket
  readonly stall: StallClock
  readonly options: { readonly verify: boolean; readonly observer: UploadObserver }
  /** Of the attempt before this one. */
  readonly lastError: unknown
  readonly signal: AbortSignal
}

/** After wrong bytes were stored, the next attempt replaces them; of replacements at the same time the server refuses all but one (docs/server.md#conflicts). */
const mayReplace = (lastError: unknown, key: string): boolean =>
  lastError instanceof ChecksumError || isConflict(lastError, conflictsOf(key))

async function putAndVerify(source: Source, attempt: Attempt): Promise<StoredFile> {
  const { observer } = attempt.options
  const stored = await putOrFind(source, attempt)
  try {
    await verify(source, stored, attempt)
    return stored
  } catch (error) {
    observer.lost(source.sizeBytes)
    throw error
  }
}

/** One PUT; if its answer was lost, a look at what the server has, so that nothing is sent twice. */
async function putOrFind(source: Source, attempt: Attempt): Promise<StoredFile> {
  const { client, bucket, options, stall, lastError, signal } = attempt
  const { observer } = options
  let sentBytes = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source.open(hold)) {
      sentBytes += chunk.length
      observer.sent(chunk.length)
      yield chunk
    }
  }
  const hold = async (): Promise<void> => {
    if (lastError instanceof NetworkError) await client.http.clock.sleep(HOLD_MS, signal)
  }
  const answerWithinMs = client.http.stallMs + (source.sizeBytes / SERVER_BYTES_PER_SECOND) * 1000
  const upload = { sizeBytes: source.sizeBytes, open: counted, stall, answerWithinMs }
  try {
    return await client.putFile(bucket.path, source.key, { upload, signal })
  } catch (error) {
    signal.throwIfAborted()
    observer.lost(sentBytes)
    const found = mayBeStored(error, source.key) ? await findStored(source, attempt) : undefined
    if (found === undefined) throw error
    observer.sent(source.sizeBytes)
    return found
  }
}

/** The server may have stored the file without our hearing of it. */
function mayBeStored(error: unknown, key: string): boolean {
  if (error instanceof NetworkError) return error.bodySent
  const isServerError = error instanceof ApiError && error.status >= 500
  const isOdd = error instanceof ProtocolError // a page in place of the answer, perhaps
  return isServerError || isOdd || isConflict(error, [alreadyExists(key)])
}

async function findStored(
  source: Source,
  { client, bucket, signal }: Attempt,
): Promise<StoredFile | undefined> {
  const files = await client.listFiles(bucket.depositId, signal).catch((error: unknown) => {
    signal.throwIfAborted()
    if (error instanceof ApiError || error instanceof NetworkError) return [] // the upload's own failure says more
    throw error
  })
  const stored = files.find(({ key }) => key === source.key)
  if (stored?.sizeBytes !== source.sizeBytes) return undefined
  const sent = await untilAborted(source.checksum(), signal)
  return stored.checksum === sent ? stored : undefined
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
