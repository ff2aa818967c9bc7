import { writeFile } from 'node:fs/promises'
import { curlArgs, run, type StepRun } from './run.ts'
import { freshTag, type Section, type Setting } from './setting.ts'
import { median, race, ratio, seconds } from './statistics.ts'
import { createDraft, startServer, type BenchServer } from './world.ts'

const LATENCY_MS = 100
const AT_ONCE = 8

/** Many small files against a server that takes a while for every answer. */
export async function measureSmallFiles(setting: Setting): Promise<Section> {
  const { folder, ours, rounds, isQuick } = setting
  const count = isQuick ? 24 : 60
  const names = Array.from({ length: count }, (_, n) => `small${n}.csv`)
  for (const name of names) await writeFile(folder.at(name), `${name}\n`.repeat(1000))
  const files = names.map((name) => folder.at(name))
  await using server = await startServer('--latency', String(LATENCY_MS))
  const inputs = { files: 'small*.csv', concurrency: String(AT_ONCE) }
  const uploadTimes: number[] = []
  const times = await race(
    {
      ours: async () => {
        const measured = await ours({ server, folder, inputs, tag: freshTag() })
        uploadTimes.push(uploadMs(measured))
        return measured.ms
      },
      loop: () => sendInLoop(server, files),
      parallel: () => sendParallel(server, files),
    },
    rounds,
  )
  const upload = median(uploadTimes)
  return {
    title: `${count} small files, ${LATENCY_MS} ms for every answer`,
    words: `Ours with \`concurrency: ${AT_ONCE}\`: the upload alone, and the whole step with everything before and after it (start, deposit, metadata, reading back). The curl loop starts curl once for each file; \`curl --parallel\` sends ${AT_ONCE} at once. Neither makes a deposit or compares anything. How many times faster than the loop:`,
    columns: ['', 'time', 'against the loop'],
    rows: [
      ['ours, upload', seconds(upload), ratio(times.loop, upload)],
      ['ours, whole step', seconds(times.ours), ratio(times.loop, times.ours)],
      ['curl loop', seconds(times.loop), ratio(times.loop, times.loop)],
      ['curl --parallel', seconds(times.parallel), ratio(times.loop, times.parallel)],
    ],
  }
}

/** From our log: `Sent 60 files, 700 kB in 1.2 s`. */
const uploadMs = ({ stdout }: StepRun): number =>
  Number(/Sent \d+ files?, .* in ([\d.]+) s/.exec(stdout)?.[1]) * 1000

async function sendInLoop(server: BenchServer, files: readonly string[]): Promise<number> {
  const { bucket } = await createDraft(server)
  const startMs = performance.now()
  for (const [n, file] of files.entries()) {
    await run('curl', curlArgs(server.token, bucket, file, `small${n}.csv`))
  }
  return performance.now() - startMs
}

async function sendParallel(server: BenchServer, files: readonly string[]): Promise<number> {
  const { bucket } = await createDraft(server)
  const each = files.flatMap((file, n) => [
    ...(n === 0 ? [] : ['--next']),
    ...curlArgs(server.token, bucket, file, `small${n}.csv`),
  ])
  return (await run('curl', ['--parallel', '--parallel-max', String(AT_ONCE), ...each])).ms
}
