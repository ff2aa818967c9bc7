import { ApiError, ChecksumError, NetworkError } from '../errors.ts'
import { isConflict } from '../http/http.ts'
import { backOff, isTransient } from '../http/retry.ts'
import { StallClock } from '../http/stall.ts'
import { inParallel } from '../lib/in-parallel.ts'
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

export interface UploadPlan {
  /** Keys that the draft does not hold: may go in parallel. */
  readonly additions: readonly Source[]
  /** Keys that it holds: one by one, or the server refuses all but one (zenodo-live.md, d3). */
  readonly replacements: readonly Source[]
}

/** Hears of every byte and file. */
export interface UploadObserver {
  sent(bytes: number): void
  /** An attempt failed; its bytes do not count. */
  lost(bytes: number): void
  done(source: Source, stored: StoredFile): void
}

export interface UploadOptions {
  readonly concurrency: number
  readonly verify: boolean
  readonly observer: UploadObserver
  readonly signal: AbortSignal
}

/** Until the rate of this run is known. */
const SMALL_AT_FIRST_BYTES = 8e6
const SMALL_AT_LEAST_BYTES = 256e3
const SMALL_AT_MOST_BYTES = 64e6
/** Slower than any disk that a server stores and hashes on. */
const SERVER_BYTES_PER_SECOND = 20e6
/** How long a repeated attempt waits after its first chunk, so that a refusal can be heard before the connection is full. */
const HOLD_MS = 1000
const CONFLICT_TRIES = 4

/**
 * Sends all files, small ones first: the server takes one upload per bucket at a time
 * (zenodo-live.md, d2), so sending together only hides the latency of small files, and large ones
 * go one by one. The first failure stops the rest before it is thrown.
 */
export async function uploadFiles(
  client: Client,
  bucket: Bucket,
  plan: UploadPlan,
  options: UploadOptions,
): Promise<void> {
  const { concurrency, signal } = options
  const upload = createUploader(client, bucket, options)
  const additions = plan.additions.toSorted(bySize)
  const rate = createRateMeter(() => client.http.clock.now())
  let next = 0
  function* smallOnes(): Generator<Source> {
    for (;;) {
      const source = additions[next]
      if (source === undefined || source.sizeBytes > smallUpTo(rate.perSecond())) return
      next += 1
      yield source
    }
  }
  const send = async (source: Source, stop: AbortSignal): Promise<void> => {
    await upload(source, stop)
    rate.add(source.sizeBytes)
  }
  await inParallel(smallOnes(), concurrency, send, signal)
  const oneByOne = [...additions.slice(next), ...plan.replacements.toSorted(bySize)]
  await inParallel(oneByOne, 1, send, signal)
}

const bySize = (a: Source, b: Source): number => a.sizeBytes - b.sizeBytes

/** Bytes of a file that is not worth a turn of its own: about a second's worth at the rate of this run. */
export const smallUpTo = (bytesPerSecond: number | undefined): number =>
  bytesPerSecond === undefined
    ? SMALL_AT_FIRST_BYTES
    : Math.min(SMALL_AT_MOST_BYTES, Math.max(SMALL_AT_LEAST_BYTES, bytesPerSecond))

function createRateMeter(now: () => number): {
  add(bytes: number): void
  perSecond(): number | undefined
} {
  const startMs = now()
  let total = 0
  return {
    add: (bytes) => void (total += bytes),
    perSecond() {
      const elapsedMs = now() - startMs
      return total < 1e6 || elapsedMs < 250 ? undefined : (total / elapsedMs) * 1000
    },
  }
}

type Uploader = (source: Source, signal: AbortSignal) => Promise<void>

/** Sends one file until it is stored right, or for good reason not. */
function createUploader(client: Client, bucket: Bucket, options: UploadOptions): Uploader {
  const { http } = client
  const stall = new StallClock(http.stallMs)
  const state = { hasWritten: false }

  return async (source, signal) => {
    let lastError: unknown
    const attempt = async (): Promise<StoredFile> => {
      const stored = await putOrFind(source, { client, bucket, stall, options, lastError, signal })
      await verify(source, stored, options.verify)
      return stored
    }
    const stored = await http.repeat(attempt, signal, (error, count) => {
      const afterForbidden = lastError instanceof ApiError && lastError.status === 403
      lastError = error
      if (isConflict(error, ['Not a valid value.'])) {
        return count < CONFLICT_TRIES ? backOff(error, count, http.clock) : undefined
      }
      const oddlyForbidden =
        error instanceof ApiError && error.status === 403 && state.hasWritten && !afterForbidden
      return isTransient(error) || oddlyForbidden ? backOff(error, count, http.clock) : undefined
    })
    state.hasWritten = true
    options.observer.done(source, stored)
  }
}

interface Attempt {
  readonly client: Client
  readonly bucket: Bucket
  readonly stall: StallClock
  readonly options: UploadOptions
  /** Of the attempt before this one. */
  readonly lastError: unknown
  readonly signal: AbortSignal
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
    const found = isLostAnswer(error) ? await findStored(source, attempt) : undefined
    if (found) return found
    observer.lost(sentBytes)
    throw error
  }
}

/** The server may have stored the file without our hearing of it. */
const isLostAnswer = (error: unknown): boolean =>
  error instanceof NetworkError ? error.bodySent : error instanceof ApiError && error.status >= 500

async function findStored(
  source: Source,
  { client, bucket, signal }: Attempt,
): Promise<StoredFile | undefined> {
  const files = await client.listFiles(bucket.depositId, signal)
  const stored = files.find(({ key }) => key === source.key)
  if (stored?.sizeBytes !== source.sizeBytes) return undefined
  return stored.checksum === (await source.checksum()) ? stored : undefined
}

async function verify(source: Source, stored: StoredFile, checksums: boolean): Promise<void> {
  if (checksums && stored.checksum.startsWith('md5:')) {
    const sent = await source.checksum()
    if (sent !== stored.checksum) throw new ChecksumError(source.key, sent, stored.checksum)
  }
  if (stored.sizeBytes !== source.sizeBytes) {
    throw new ChecksumError(source.key, `${source.sizeBytes} bytes`, `${stored.sizeBytes} bytes`)
  }
}
