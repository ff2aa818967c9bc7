import { count, formatBytes, formatDuration } from '../lib/format.ts'
import type { Source, UploadObserver } from '../zenodo/upload-file.ts'

/** At most one line in this time. */
export const REPORT_EVERY_MS = 10_000
/** A live line is drawn this often. */
export const DRAW_EVERY_MS = 250
const BAR_WIDTH = 20
/** The rate shown is that of about this long. */
const WINDOW_MS = 15_000
/** What is slower than this does not move, and says nothing about the time left. */
const SLOWEST_BYTES_PER_SECOND = 1000
/** With more files than this only the large ones get a line of their own. */
const MANY_FILES = 20
const LARGE_BYTES = 50e6

export interface ProgressOptions {
  readonly totalBytes: number
  readonly totalFiles: number
  readonly now: () => number
  readonly print: (line: string) => void
  /** Draws over what it drew last: there at a terminal, where it takes the place of the lines every ten seconds. An empty text takes the line away. */
  readonly draw?: ((text: string) => void) | undefined
}

export interface Progress extends UploadObserver, Disposable {
  /** The line for this moment. */
  line(): string
}

/** Tells how uploads get on: a line for a finished file, and in between a line every ten seconds, or at a terminal a bar that moves. */
export function createProgress(options: ProgressOptions): Progress {
  const { totalBytes, totalFiles, now, print, draw } = options
  const rate = createRecentRate(now)
  let bytes = 0
  let files = 0

  const share = (): number => (totalBytes === 0 ? 1 : Math.min(1, bytes / totalBytes))

  function line(): string {
    const perSecond = rate.perSecond(bytes)
    const percent = Math.floor(share() * 100)
    const left = formatDuration(((totalBytes - bytes) / Math.max(1, perSecond)) * 1000)
    const pace =
      perSecond < SLOWEST_BYTES_PER_SECOND
        ? 'waiting for the server'
        : `${formatBytes(perSecond)}/s, ${left} left`
    return `${formatBytes(bytes)} of ${formatBytes(totalBytes)} (${percent} %), ${pace}, ${files} of ${count(totalFiles, 'file')} done`
  }

  const report = (): void => (draw ? draw(`${toBar(share())} ${line()}`) : print(line()))
  const timers = [
    setInterval(report, draw ? DRAW_EVERY_MS : REPORT_EVERY_MS),
    setInterval(() => rate.sample(bytes), REPORT_EVERY_MS),
  ]
  for (const timer of timers) timer.unref()

  return {
    line,
    sent: (n) => void (bytes += n),
    done({ key, sizeBytes }: Source, { checksum }) {
      files += 1
      if (totalFiles <= MANY_FILES || sizeBytes >= LARGE_BYTES) {
        print(`Stored ${key} (${formatBytes(sizeBytes)}, ${checksum})`)
      }
    },
    [Symbol.dispose]() {
      for (const timer of timers) clearInterval(timer)
      draw?.('')
    },
  }
}

/** Tells every ten seconds how much of something is done, where no more is known of it. */
export function createTicker(
  totalBytes: number,
  print: (done: string) => void,
): Disposable & { readonly add: (bytes: number) => void } {
  let bytes = 0
  const timer = setInterval(
    () => print(`${formatBytes(bytes)} of ${formatBytes(totalBytes)}`),
    REPORT_EVERY_MS,
  )
  timer.unref()
  return { add: (n) => void (bytes += n), [Symbol.dispose]: () => clearInterval(timer) }
}

/** The rate of the last seconds, from samples of a total. */
function createRecentRate(now: () => number) {
  const first = { atMs: now(), bytes: 0 }
  const samples = [first]
  return {
    sample: (bytes: number) => void samples.push({ atMs: now(), bytes }),
    perSecond(bytes: number): number {
      const atMs = now()
      while (samples.length > 2 && (samples[1]?.atMs ?? 0) < atMs - WINDOW_MS) samples.shift()
      const from = samples[0] ?? first
      return (Math.max(0, bytes - from.bytes) / Math.max(1, atMs - from.atMs)) * 1000
    },
  }
}

function toBar(share: number): string {
  const done = Math.floor(share * BAR_WIDTH)
  return `[${'#'.repeat(done)}${'.'.repeat(BAR_WIDTH - done)}]`
}
