import { formatBytes } from '../src/lib/format.ts'
import { curlArgs, run } from './run.ts'
import { freshTag, type Section, type Setting } from './setting.ts'
import { race, ratio, seconds } from './statistics.ts'
import { createDraft, startServer, type BenchServer } from './world.ts'

const COUNT = 4

/** Large files for one bucket, one by one as the server takes them, against all at once. */
export async function measureOneBucket(setting: Setting): Promise<Section> {
  const { folder, ours, rounds, isQuick } = setting
  const sizeBytes = isQuick ? 64e6 : 300e6
  const files: string[] = []
  for (let n = 0; n < COUNT; n += 1) {
    files.push(await folder.writeRandom(`part${n}.bin`, sizeBytes))
  }
  await using server = await startServer()
  const step = { server, folder, inputs: { files: 'part*.bin' } }
  const times = await race(
    {
      ours: async () => (await ours({ ...step, tag: freshTag() })).ms,
      naive: () => sendAllAtOnce(server, files),
    },
    rounds,
  )
  return {
    title: `${COUNT} files of ${formatBytes(sizeBytes)} into one bucket`,
    words: `The server takes one upload per bucket at a time. Ours: one by one, checksums compared. The other: ${COUNT} times curl at once, nothing compared.`,
    columns: ['ours', 'four at once', 'ratio'],
    rows: [[seconds(times.ours), seconds(times.naive), ratio(times.ours, times.naive)]],
  }
}

async function sendAllAtOnce(server: BenchServer, files: readonly string[]): Promise<number> {
  const { bucket } = await createDraft(server)
  const startMs = performance.now()
  await Promise.all(
    files.map((file, n) => run('curl', curlArgs(server.token, bucket, file, `part${n}.bin`))),
  )
  return performance.now() - startMs
}
