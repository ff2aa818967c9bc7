import { md5 } from '../../support/md5.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import { Client } from '../../../src/zenodo/client.ts'
import type { Source } from '../../../src/zenodo/upload-file.ts'
import { uploadFiles, type UploadPlan } from '../../../src/zenodo/upload.ts'
import { FakeClock } from '../../http/support/fake-clock.ts'
import { createTestHttp, never } from '../../http/support/test-http.ts'
import { BUCKET, type FakeBucket } from './fake-bucket.ts'

/** Bytes to send, and how often they were opened. */
export interface TestSource extends Source {
  readonly bytes: Buffer
  readonly opened: number
}

export function createSource(key: string, sizeBytes = 1000): TestSource {
  const bytes = Buffer.alloc(sizeBytes, key)
  let opened = 0
  return {
    key,
    sizeBytes,
    bytes,
    get opened() {
      return opened
    },
    async *open(hold) {
      opened += 1
      const half = Math.ceil(sizeBytes / 2)
      yield bytes.subarray(0, half)
      await hold()
      yield bytes.subarray(half)
    },
    checksum: () => Promise.resolve(md5(bytes)),
  }
}

/** One source for each letter, named after it. */
export const createSources = (names: string, sizeBytes?: number): TestSource[] =>
  Array.from(names, (name) => createSource(name, sizeBytes))

export interface Uploaded {
  readonly error: unknown
  readonly done: readonly string[]
  /** Bytes that count as sent at the end. */
  readonly counted: number
}

/** Uploads into the bucket on a clock that does not wait; never throws. */
export async function upload(
  bucket: FakeBucket,
  plan: Partial<UploadPlan>,
  options: {
    concurrency?: number
    verify?: boolean
    signal?: AbortSignal
    clock?: Clock
    /** Hears how many bytes count as sent. */
    onSent?: (total: number) => void
  } = {},
): Promise<Uploaded> {
  const { concurrency = 4, verify = true, signal = never, clock = new FakeClock() } = options
  await using http = createTestHttp(bucket.url, { clock })
  const done: string[] = []
  let counted = 0
  const observer = {
    sent(bytes: number) {
      counted += bytes
      options.onSent?.(counted)
    },
    done: ({ key }: Source) => void done.push(key),
  }
  const [settled] = await Promise.allSettled([
    uploadFiles(
      new Client(http),
      BUCKET,
      { additions: [], replacements: [], ...plan },
      { concurrency, verify, observer, signal },
    ),
  ])
  return { error: settled.status === 'rejected' ? settled.reason : undefined, done, counted }
}
