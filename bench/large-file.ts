import { formatBytes } from '../src/lib/format.ts'
import { curlArgs, run } from './run.ts'
import { freshTag, type Section, type Setting } from './setting.ts'
import { race, ratio, seconds } from './statistics.ts'
import { createDraft, startServer, type BenchServer } from './world.ts'

/** One large file: what a careful person does by hand, the physical limit, and the least that can be done. */
export async function measureLargeFile(setting: Setting): Promise<Section> {
  const { folder, isQuick } = setting
  const sizeBytes = isQuick ? 256e6 : 2 ** 31
  const file = await folder.writeRandom('large.bin', sizeBytes)
  const md5 = (await run('md5sum', [file])).stdout.slice(0, 32)
  const rows = [
    ...(await measureAgainst(setting, file, { args: [], name: 'one that hashes' })),
    ...(await measureAgainst(setting, file, {
      args: ['--no-hash', md5],
      name: 'one that does not',
    })),
  ]
  return {
    title: `One file of ${formatBytes(sizeBytes)}`,
    words:
      'The whole step, from the start of the process to its end, with the checksum compared, against `curl -T` alone and what makes its upload as certain: `md5sum` afterwards. md5 by itself is the limit of any verified upload. A server on the same machine takes part of it to hash what it gets, as Zenodo does; with one that does not, the client is measured.',
    columns: ['Server', 'ours', 'curl + md5sum', 'md5sum', 'curl', 'to curl + md5sum', 'to md5sum'],
    rows,
  }
}

async function measureAgainst(
  { folder, ours, rounds }: Setting,
  file: string,
  { args, name }: { readonly args: readonly string[]; readonly name: string },
): Promise<Section['rows']> {
  await using server = await startServer(...args)
  const times = await race(
    {
      ours: async () => {
        const step = { server, folder, inputs: { files: 'large.bin' }, tag: freshTag() }
        return (await ours(step)).ms
      },
      both: async () => (await curl(server, file)) + (await md5sum(file)),
      md5sum: () => md5sum(file),
      curl: () => curl(server, file),
    },
    rounds,
  )
  return [
    [
      name,
      ...[times.ours, times.both, times.md5sum, times.curl].map(seconds),
      ratio(times.ours, times.both),
      ratio(times.ours, times.md5sum),
    ],
  ]
}

const md5sum = async (file: string): Promise<number> => (await run('md5sum', [file])).ms

async function curl(server: BenchServer, file: string): Promise<number> {
  const { bucket } = await createDraft(server)
  return (await run('curl', curlArgs(server.token, bucket, file, 'large.bin'))).ms
}
