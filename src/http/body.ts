import type { StallClock } from './stall.ts'

/** A body of known length that can be opened again for each attempt. */
export interface Upload {
  readonly sizeBytes: number
  open(): AsyncIterable<Uint8Array> | Buffer
  /** The progress that counts: that of all uploads to the same bucket. */
  readonly stall: StallClock
  /** How long the server may take from the last byte to its answer. */
  readonly answerWithinMs: number
}

/** What is sent with one attempt, and what became of it. */
export interface Body {
  readonly content: AsyncIterable<Uint8Array> | Buffer | string | undefined
  /** Whether everything has been handed to the connection. */
  readonly sent: boolean
  /** What reading the local file threw; undefined if it was not the file. */
  readonly failure: { readonly error: unknown } | undefined
}

/** The body, watched: progress counts for the stall clock, and a local failure is told from a broken connection. */
export function createBody(
  { json, upload }: { readonly json?: unknown; readonly upload?: Upload },
  stall: StallClock,
): Body {
  if (upload) return watchUpload(upload, stall)
  const content = json === undefined ? undefined : JSON.stringify(json)
  return { content, sent: true, failure: undefined }
}

function watchUpload(upload: Upload, stall: StallClock): Body {
  const state: { sent: boolean; failure: Body['failure'] } = { sent: false, failure: undefined }
  function allSent(): void {
    state.sent = true
    stall.expectWithin(upload.answerWithinMs)
  }
  async function* watched(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const chunks = content[Symbol.asyncIterator]()
    try {
      for (;;) {
        const next = await chunks.next().catch((error: unknown) => {
          state.failure = { error }
          throw error
        })
        if (next.done) break
        stall.moved()
        yield next.value
      }
      allSent()
    } finally {
      await chunks.return?.()
    }
  }
  const opened = upload.open()
  if (!Buffer.isBuffer(opened)) return Object.assign(state, { content: watched(opened) })
  allSent()
  return Object.assign(state, { content: opened })
}
