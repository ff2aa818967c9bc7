import type { StallClock } from './stall.ts'

/** Takes the body of a successful answer as it comes, instead of keeping it in memory; called anew for each attempt. */
export type Download = (body: AsyncIterable<Uint8Array>) => Promise<void>

export interface WatchedDownload {
  readonly take: Download | undefined
  /** What the taker threw; undefined if it was the connection that broke. */
  readonly failure: { readonly error: unknown } | undefined
}

/** The download, watched: progress counts for the stall clock, and a local failure is told from a broken connection. */
export function watchDownload(download: Download | undefined, stall: StallClock): WatchedDownload {
  const watched: { take: Download | undefined; failure: WatchedDownload['failure'] } = {
    take: undefined,
    failure: undefined,
  }
  if (download === undefined) return watched
  let isBroken = false
  async function* watch(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) {
        stall.moved()
        yield chunk
      }
    } catch (error) {
      isBroken = true
      throw error
    }
  }
  watched.take = async (body) => {
    try {
      await download(watch(body))
    } catch (error) {
      if (!isBroken) watched.failure = { error }
      throw error
    }
  }
  return watched
}
