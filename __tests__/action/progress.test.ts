import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import {
  REPORT_EVERY_MS,
  createProgress,
  createTicker,
  type Progress,
} from '../../src/action/progress.ts'
import type { Source } from '../../src/zenodo/upload-file.ts'
import { inChunks } from '../http/support/test-http.ts'
import { createStoredFile } from './support/builders.ts'

interface Stage {
  readonly progress: Progress
  readonly lines: readonly string[]
  /** Time passes, in which these bytes were sent. */
  readonly pass: (ms: number, bytes?: number) => void
}

function setStage(totalBytes: number, totalFiles = 2): Stage {
  const lines: string[] = []
  let nowMs = 5000
  const progress = createProgress({
    totalBytes,
    totalFiles,
    now: () => nowMs,
    print: (line) => void lines.push(line),
  })
  return {
    progress,
    lines,
    pass: (ms, bytes = 0) => {
      progress.sent(bytes)
      nowMs += ms
      jest.advanceTimersByTime(ms)
    },
  }
}

const source = (key: string, sizeBytes: number): Source => ({
  key,
  sizeBytes,
  open: () => inChunks(Buffer.alloc(0)),
  checksum: () => Promise.resolve(''),
})

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

describe('progress', () => {
  test('says bytes, share, rate, time left and files', () => {
    const { progress, pass } = setStage(100e6)
    pass(5000, 25e6)
    progress.done(source('a', 25e6), createStoredFile('a'))

    expect(progress.line()).toBe(
      '25.0 MB of 100.0 MB (25 %), 5.00 MB/s, 15 s left, 1 of 2 files done',
    )
  })

  test('does not know the time left before anything moved', () => {
    const { progress } = setStage(100e6)

    expect(progress.line()).toBe('0 B of 100.0 MB (0 %), waiting for the server, 0 of 2 files done')
  })

  test('prints a line every ten seconds and no more', () => {
    const { lines, pass } = setStage(100e6)

    pass(REPORT_EVERY_MS - 1, 1e6)
    expect(lines).toHaveLength(0)

    pass(1)
    pass(2 * REPORT_EVERY_MS)
    expect(lines).toHaveLength(3)
  })

  test('tells the rate of the last seconds, not of the whole run', () => {
    const { progress, pass } = setStage(1e9)
    for (let step = 0; step < 6; step += 1) pass(REPORT_EVERY_MS, 10e6)
    for (let step = 0; step < 3; step += 1) pass(REPORT_EVERY_MS, 100e6)

    expect(progress.line()).toContain('10.0 MB/s')
  })

  test('takes back what a failed attempt sent, and never goes backwards in rate', () => {
    const { progress, pass } = setStage(100e6)
    pass(REPORT_EVERY_MS, 50e6)
    for (let step = 0; step < 3; step += 1) pass(REPORT_EVERY_MS)
    progress.sent(-50e6)
    pass(1000)

    expect(progress.line()).toBe('0 B of 100.0 MB (0 %), waiting for the server, 0 of 2 files done')
  })

  test('never says more than 100 percent', () => {
    const { progress, pass } = setStage(100)
    pass(1000, 150)

    expect(progress.line()).toContain('(100 %)')
  })

  test('says 100 percent of nothing', () => {
    expect(setStage(0).progress.line()).toContain('0 B of 0 B (100 %)')
  })

  test('says a line for each file that is stored', () => {
    const { progress, lines } = setStage(1e6)

    progress.done(source('a.csv', 500_000), createStoredFile('a.csv'))

    expect(lines).toEqual(['Stored a.csv (500.0 kB, md5:a.csv)'])
  })

  test('of very many files says so only for the large ones', () => {
    const { progress, lines } = setStage(1e9, 21)

    progress.done(source('small', 49e6), createStoredFile('small'))
    progress.done(source('large', 50e6), createStoredFile('large'))

    expect(lines).toEqual(['Stored large (50.0 MB, md5:large)'])
    expect(progress.line()).toContain('2 of 21 files done')
  })

  test('is silent once it is over', () => {
    const { progress, lines, pass } = setStage(100e6)

    progress[Symbol.dispose]()
    pass(10 * REPORT_EVERY_MS, 1e6)

    expect(lines).toEqual([])
    expect(jest.getTimerCount()).toBe(0)
  })
})

describe('a ticker', () => {
  test('tells every ten seconds how much is done, and nothing once it is disposed', () => {
    const lines: string[] = []
    {
      using ticker = createTicker(40e9, (done) => void lines.push(done))
      ticker.add(3.2e9)
      jest.advanceTimersByTime(REPORT_EVERY_MS)
      ticker.add(1e9)
      jest.advanceTimersByTime(REPORT_EVERY_MS - 1)
    }
    jest.advanceTimersByTime(REPORT_EVERY_MS)

    expect(lines).toEqual(['3.20 GB of 40.0 GB'])
  })
})
