import { inParallel } from '../lib/in-parallel.ts'
import type { Client } from './client.ts'
import { createUploader, type Bucket, type Source, type UploadObserver } from './upload-file.ts'

export interface UploadPlan {
  /** Keys that the draft does not hold: may go in parallel. */
  readonly additions: readonly Source[]
  /** Keys that it holds: one by one, or the server refuses all but one (docs/server.md#conflicts). */
  readonly replacements: readonly Source[]
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

/**
 * Sends all files, small ones first: the server takes one upload per bucket at a time
 * (docs/server.md#one-at-a-time), so sending together only hides the latency of small files, and
 * large ones go one by one. The first failure stops the rest before it is thrown.
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
