import { writeFile } from 'node:fs/promises'
import { formatBytes } from '../src/lib/format.ts'
import type { StepRun } from './run.ts'
import { freshTag, type Section, type Setting } from './setting.ts'
import { median, repeat, seconds } from './statistics.ts'
import { startServer, type BenchServer } from './world.ts'

/** One amount of work and what it cost. */
export interface Point {
  readonly amount: number
  readonly ms: number
  readonly peakBytes: number
}

export interface Scaling {
  readonly files: readonly Point[]
  readonly gigabytes: readonly Point[]
}

/** Time and memory as the work grows: more files, larger files. */
export async function measureScaling(setting: Setting): Promise<Scaling> {
  const { isQuick } = setting
  await using server = await startServer()
  const files: Point[] = []
  for (const count of [1, 10, 50, 100]) files.push(await measureCount(setting, server, count))
  const gigabytes: Point[] = []
  for (const size of isQuick ? [0.1, 0.5, 1] : [0.1, 1, 4, 10]) {
    gigabytes.push(await measureSize(setting, server, size))
  }
  return { files, gigabytes }
}

async function measureCount(
  { folder, ours, rounds }: Setting,
  server: BenchServer,
  amount: number,
): Promise<Point> {
  for (let n = 0; n < amount; n += 1) {
    await writeFile(folder.at(`count${amount}-${n}.csv`), `${n}\n`.repeat(2000))
  }
  const inputs = { files: `count${amount}-*.csv`, concurrency: '8' }
  return medianOf(amount, rounds, () => ours({ server, folder, inputs, tag: freshTag() }))
}

async function measureSize(
  { folder, ours, rounds }: Setting,
  server: BenchServer,
  amount: number,
): Promise<Point> {
  await folder.writeSparse(`size${amount}.bin`, amount * 1e9)
  const inputs = { files: `size${amount}.bin` }
  const times = amount > 1 ? 1 : rounds
  return medianOf(amount, times, () => ours({ server, folder, inputs, tag: freshTag() }))
}

async function medianOf(
  amount: number,
  times: number,
  measure: () => Promise<StepRun>,
): Promise<Point> {
  const runs = await repeat(times, measure)
  return {
    amount,
    ms: median(runs.map(({ ms }) => ms)),
    peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
  }
}

export function toSections({ files, gigabytes }: Scaling): readonly Section[] {
  const row = (unit: string, { amount, ms, peakBytes }: Point): readonly string[] => [
    String(amount),
    seconds(ms),
    `${((ms / amount) | 0).toString()} ms/${unit}`,
    formatBytes(peakBytes),
  ]
  return [
    {
      title: 'More files',
      words: 'Files of about 8 kB with `concurrency: 8`; the whole step.',
      columns: ['files', 'time', 'per file', 'peak memory'],
      rows: files.map((point) => row('file', point)),
    },
    {
      title: 'Larger files',
      words: 'One (sparse) file; the whole step. Above 1 GB measured once.',
      columns: ['GB', 'time', 'per GB', 'peak memory'],
      rows: gigabytes.map((point) => row('GB', point)),
    },
  ]
}
