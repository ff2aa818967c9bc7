import { formatBytes } from '../src/lib/format.ts'
import { freshTag, type Section, type Setting } from './setting.ts'
import { seconds } from './statistics.ts'
import { startServer } from './world.ts'

/** The same step again, nothing changed: what is sent. */
export async function measureAgain({ folder, ours }: Setting): Promise<Section> {
  await folder.writeRandom('same.bin', 100e6)
  for (let n = 0; n < 20; n += 1) await folder.writeRandom(`same${n}.csv`, 10_000)
  await using server = await startServer()
  const step = { server, folder, inputs: { files: 'same*' }, tag: freshTag() }
  const rows: string[][] = []
  let before = await server.stats()
  for (const name of ['first run', 'second run']) {
    const { ms } = await ours(step)
    const after = await server.stats()
    const bytes = formatBytes(after.bodyBytes - before.bodyBytes)
    rows.push([name, String(after.requests - before.requests), bytes, seconds(ms)])
    before = after
  }
  return {
    title: 'The same 21 files (100 MB) again',
    words: 'Requests, and bytes of their bodies: the second run sends metadata and no file.',
    columns: ['', 'requests', 'bytes sent', 'time'],
    rows,
  }
}
