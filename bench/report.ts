import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { formatBytes } from '../src/lib/format.ts'
import type { Section } from './setting.ts'

/** What was measured on, in one line. */
export function describeMachine(): string {
  const [first] = cpus()
  return `${type()} ${release()}, ${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${formatBytes(totalmem())} of memory, Node ${process.versions.node}`
}

/** How many processes wanted a processor in the last minute; undefined where the system does not say. */
export const describeLoad = (): string | undefined =>
  loadavg()[0] ? `load average before the run: ${loadavg()[0]?.toFixed(1)}` : undefined

/** The page of results; the plot lies beside it. */
export function toReport(
  sections: readonly Section[],
  circumstances: {
    readonly day: string
    readonly load: string | undefined
    readonly rounds: number
  },
): string {
  const { day, load, rounds } = circumstances
  const machine = [describeMachine(), load].filter((part) => part !== undefined).join('; ')
  return [
    '# Results of the benchmarks',
    '',
    `Written by \`npm run bench\` on ${day}. Machine: ${machine}. Client and server share it. Each time is`,
    `the median of ${rounds} rounds in which all contestants take turns, unless it says otherwise; ratios compare`,
    'times of the same rounds.',
    '',
    ...sections.flatMap(toLines),
    '![Time against number of files and gigabytes](scaling.svg)',
    '',
  ].join('\n')
}

export function toLines({ title, words, columns, rows }: Section): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    `## ${title}`,
    '',
    words,
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
    '',
  ]
}
