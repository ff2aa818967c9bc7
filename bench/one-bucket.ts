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
      unverified: async () => {
        const inputs = { ...step.inputs, 'verify-checksums': 'false' }
        return (await ours({ ...step, inputs, tag: freshTag() })).ms
      },
      naive: () => sendAllAtOnce(server, files),
      md5sum: async () => (await run('md5sum', files)).ms,
    },
    rounds,
  )
  return {
    title: `${COUNT} files of ${formatBytes(sizeBytes)} into one bucket`,
    words: `The server takes one upload per bucket at a time, so that sending ${COUNT} at once gains nothing. Ours goes one by one, the whole step; the other is ${COUNT} times curl at once, which compares nothing, and then md5sum.`,
    columns: ['', 'ours', 'four at once', 'ratio'],
    rows: [
      row('checksums compared', times.ours, times.naive + times.md5sum),
      row('sent only', times.unverified, times.naive),
    ],
  }
}

const row = (name: string, ours: number, theirs: number): readonly string[] => [
  name,
  seconds(ours),
  seconds(theirs),
  ratio(ours, theirs),
]

async function sendAllAtOnce(server: BenchServer, files: readonly string[]): Promise<number> {
  const { bucket } = await createDraft(server)
  const startMs = performance.now()
  await Promise.all(
    files.map((file, n) => run('curl', curlArgs(server.token, bucket, file, `part${n}.bin`))),
  )
  return performance.now() - startMs
}
