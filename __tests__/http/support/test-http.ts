import type { Call } from '../../../src/http/call.ts'
import { createHttp, type Http, type HttpOptions } from '../../../src/http/http.ts'
import { StallClock } from '../../../src/http/stall.ts'
import { FakeClock } from './fake-clock.ts'

export const TOKEN = 'token-of-the-test-0123456789'

/** A signal that never aborts. */
export const never = new AbortController().signal

/** A connection to `origin` whose waits take no time. */
export const createTestHttp = (origin: string, options: Partial<HttpOptions> = {}): Http =>
  createHttp({
    origin,
    token: TOKEN,
    userAgent: 'zenodo-deposit/test (+https://github.com/owner/repo)',
    retries: 3,
    clock: new FakeClock(),
    ...options,
  })

/** A PUT of these bytes. */
export function uploadCall(
  body: { readonly sizeBytes: number; open(): AsyncIterable<Uint8Array> | Buffer },
  stall = new StallClock(60_000),
  answerWithinMs = 1000,
): Call {
  const upload = { ...body, open: () => body.open(), stall, answerWithinMs }
  return { method: 'PUT', path: '/api/files/bucket/key', upload, repeat: true }
}

/** Bytes in chunks, as a file is read. */
export async function* inChunks(bytes: Buffer, chunkBytes = 65_536): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield await Promise.resolve(bytes.subarray(at, at + chunkBytes))
  }
}
