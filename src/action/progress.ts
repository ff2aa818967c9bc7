import { count, formatBytes, formatDuration } from '../lib/format.ts'
import type { Source, UploadObserver } from '../zenodo/upload-file.ts'

/** At most one line in this time. */
export const REPORT_EVERY_MS = 10_000
/** The rate shown is that of about this long. */
const WINDOW_MS = 15_000
/** With more files than this only the large ones get a line of their own. */
const MANY_FILES = 20
const LARGE_BYTES = 50e6

export interface ProgressOptions {
  readonly totalBytes: number
  readonly totalFiles: number
  readonly now: () => number
  readonly print: (line: string) => void
}

export interface Progress extends UploadObserver, Disposable {
  /** The line for this moment. */
  line(): string
}

/** Tells how uploads get on: a line for a finished file, and while nothing finishes a line every ten seconds. */
export function createProgress({ totalBytes, totalFiles, now, print }: ProgressOptions): Progress {
  const startMs = now()
  const samples: { atMs: number; bytes: number }[] = [{ atMs: startMs, bytes: 0 }]
  let bytes = 0
  let files = 0

  function rate(): number {
    const atMs = now()
    while (samples.length > 2 && (samples[1]?.atMs ?? 0) < atMs - WINDOW_MS) samples.shift()
    const from = samples[0] ?? { atMs: startMs, bytes: 0 }
    return (Math.max(0, bytes - from.bytes) / Math.max(1, atMs - from.atMs)) * 1000
  }

  function line(): string {
    const perSecond = rate()
    const percent = totalBytes === 0 ? 100 : Math.min(100, Math.floor((bytes / totalBytes) * 100))
    const left =
      perSecond > 0 ? formatDuration(((totalBytes - bytes) / perSecond) * 1000) : 'unknown'
    return `${formatBytes(bytes)} of ${formatBytes(totalBytes)} (${percent} %), ${formatBytes(perSecond)}/s, ${left} left, ${files} of ${count(totalFiles, 'file')} done`
  }

  const timer = setInterval(() => {
    print(line())
    samples.push({ atMs: now(), bytes })
  }, REPORT_EVERY_MS)
  timer.unref()

  return {
    line,
    sent: (n) => void (bytes += n),
    lost: (n) => void (bytes -= n),
    done({ key, sizeBytes }: Source, { checksum }) {
      files += 1
      if (totalFiles <= MANY_FILES || sizeBytes >= LARGE_BYTES) {
        print(`Stored ${key} (${formatBytes(sizeBytes)}, ${checksum})`)
      }
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
