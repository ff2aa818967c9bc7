import { freshTag, type Section, type Setting } from './setting.ts'
import { median } from './statistics.ts'

const TIMES = 7

/** From the start of the process to the first line of the log. */
export async function measureStartUp({ folder, ours }: Setting): Promise<Section> {
  const server = { url: 'http://127.0.0.1:9', token: 'none' }
  const times: number[] = []
  const totals: number[] = []
  for (let n = 0; n < TIMES; n += 1) {
    const inputs = { 'dry-run': 'true', token: '' }
    const { firstByteMs, ms } = await ours({ server, folder, inputs, tag: freshTag() })
    times.push(firstByteMs)
    totals.push(ms)
  }
  return {
    title: 'Start-up',
    words: `Median of ${TIMES}: until the first line of the log, and a whole dry run without a token.`,
    columns: ['first line', 'dry run'],
    rows: [[`${Math.round(median(times))} ms`, `${Math.round(median(totals))} ms`]],
  }
}
