import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Fault } from '../../test-server/server.ts'
import { createDataFiles, TransferStage, type DataFiles } from '../support/transfer-stage.ts'

/** All files stored right, or a failure that names file and reason. */
type Outcome = 'stored' | RegExp

interface Row {
  readonly name: string
  readonly fault: (sizeBytes: number) => Fault
  /** When each file's first attempt is struck. */
  readonly first: Outcome
  /** When every attempt is struck. */
  readonly every: Outcome
  /** A stall takes real time: two files of eight are enough. */
  readonly isSlow?: true
}

const answer = (status: number, message: string, headers: Record<string, string> = {}): Fault => ({
  answer: { status, json: { status, message }, headers },
})
const page = (status: number, title: string): Fault => ({
  answer: { status, html: `<html><body><h1>${status} ${title}</h1></body></html>` },
})
const QUOTA = { status: 400, json: { status: 400, message: 'Bucket quota exceeded.' } }
const inTheMiddle = (sizeBytes: number): number => Math.floor(sizeBytes / 2)

const status = (name: string, fault: Fault, every: Outcome): Row => ({
  name,
  fault: () => fault,
  first: 'stored',
  every,
})
const final = (name: string, fault: Fault, reason: RegExp): Row => ({
  name,
  fault: () => fault,
  first: reason,
  every: reason,
})

const ROWS: readonly Row[] = [
  status('408', answer(408, 'Request Timeout'), /408 to PUT .*f\d\.bin: Request Timeout/),
  status(
    '429 with Retry-After',
    answer(429, '1000 per 1 minute', { 'retry-after': '2' }),
    /429 to PUT .*f\d\.bin: 1000 per 1 minute/,
  ),
  status('500', answer(500, 'internal error'), /500 to PUT .*f\d\.bin: internal error/),
  status('a 502 page', page(502, 'Bad Gateway'), /502 to PUT .*f\d\.bin: .*Bad Gateway/),
  status('503', answer(503, 'maintenance', { 'retry-after': '1' }), /503 to PUT .*f\d\.bin/),
  status('a 504 page, nothing done', page(504, 'Time-out'), /504 to PUT .*f\d\.bin: .*Time-out/),
  {
    name: 'a reset in the middle',
    fault: (sizeBytes) => ({ resetAfterBytes: inTheMiddle(sizeBytes) }),
    first: 'stored',
    every: /connection broke during PUT .*f\d\.bin/,
  },
  {
    // Near the end: a server that stops before hears of the closed connection only when it reads on.
    name: 'a stall while the body is read',
    fault: (sizeBytes) => ({ stallAfterBytes: sizeBytes - 1000 }),
    first: 'stored',
    every: /Nothing moved .* PUT .*f\d\.bin/,
    isSlow: true,
  },
  { ...status('a stall before the answer', { stallBeforeAnswer: true }, 'stored'), isSlow: true },
  status('an answer lost by a close', { loseAnswer: 'close' }, 'stored'),
  status('an answer lost by a 504', { loseAnswer: '504' }, 'stored'),
  status('other bytes stored', { corruptChecksum: true }, /f\d\.bin/),
  status('a refused connection', { refuseConnection: true }, /PUT .*f\d\.bin/),
  status(
    'a conflict with another writer',
    answer(400, 'Not a valid value.'),
    /400 to PUT .*f\d\.bin: Not a valid value/,
  ),
  final(
    'a redirect',
    { redirect: 'http://127.0.0.1:1/elsewhere' },
    /PUT .*f\d\.bin.*redirect|redirect.*PUT .*f\d\.bin/i,
  ),
  status('403', answer(403, 'Permission denied.'), /403 to PUT .*f\d\.bin: Permission denied/),
  final('a full quota', { answer: QUOTA }, /400 to PUT .*f\d\.bin: Bucket quota exceeded/),
  final(
    'a full quota, answered before the body is read',
    { answer: { ...QUOTA, readBody: false } },
    /400 to PUT .*f\d\.bin: Bucket quota exceeded/,
  ),
  status('a late answer', { delayMs: 30 }, 'stored'),
]

const SIZES = [
  ['2 kB', 2000],
  ['12 MB', 12e6],
] as const
const COUNTS = [
  ['one file', 1],
  ['eight at once', 8],
] as const

describe.each(SIZES)('uploads of %s', (_size, sizeBytes) => {
  describe.each(COUNTS)('%s', (_count, count) => {
    let files: DataFiles
    beforeAll(async () => {
      files = await createDataFiles(count, sizeBytes)
    })
    afterAll(async () => {
      await files[Symbol.asyncDispose]()
    })

    async function check(row: Row, times: number, retries: string): Promise<void> {
      await using stage = await TransferStage.open(files)
      stage.strike(row.fault(sizeBytes), times, files.keys.slice(0, row.isSlow ? 2 : 8))

      // Only where something stalls may the patience be short: a busy machine stalls as well.
      const stallMs = row.isSlow ? 300 : 60_000
      const { error } = await stage.run({ concurrency: '8', retries }, { stallMs })

      const wanted = times === 1 ? row.first : row.every
      const outcome = error instanceof Error ? error.message : 'stored'
      expect(outcome).toEqual(wanted === 'stored' ? wanted : expect.stringMatching(wanted))
      if (outcome === 'stored') expect(stage.storedRight).toEqual(files.keys)
      if (row.fault(sizeBytes).corruptChecksum !== true) expect(stage.storedWrong).toEqual([])
      stage.expectSettled()
    }

    test.each(ROWS)("each file's first attempt meets $name", (row) => check(row, 1, '5'), 60_000)

    test.each(ROWS)('every attempt meets $name', (row) => check(row, Infinity, '2'), 60_000)
  })
})
