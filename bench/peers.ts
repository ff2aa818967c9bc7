import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.ts'
import { freshTag, type Section, type Setting } from './setting.ts'
import { median, race, repeat, seconds } from './statistics.ts'
import { createDraft, startServer, type BenchFolder, type BenchServer } from './world.ts'

/** Uploads these files; throws where it cannot. */
type Uploader = (server: BenchServer, files: readonly string[]) => Promise<number>

interface Peer {
  readonly name: string
  /** Whether it compares checksums by itself. */
  readonly compares: boolean
  readonly upload: Uploader
}

/** Other tools that can be installed and led to another server. */
export async function measurePeers(setting: Setting): Promise<Section> {
  const { folder, rounds } = setting
  const large = await folder.writeRandom('peer-large.bin', 256e6)
  const small = Array.from({ length: 20 }, (_, n) => folder.at(`peer-small${n}.csv`))
  for (const file of small) await writeFile(file, `${file}\n`.repeat(200))
  const peers = [ours(setting), ...(await installPeers(folder))]
  await using quick = await startServer()
  await using slow = await startServer('--latency', '100')
  const rows: string[][] = []
  const able: Peer[] = []
  for (const peer of peers) {
    const trouble = await peer.upload(quick, small).then(() => undefined, wordsOf)
    if (trouble === undefined) able.push(peer)
    else rows.push([peer.name, `could not: ${trouble}`, '', ''])
  }
  const contest = (server: BenchServer, files: readonly string[]) =>
    race(
      Object.fromEntries(able.map(({ name, upload }) => [name, () => upload(server, files)])),
      rounds,
    )
  const largeTimes = await contest(quick, [large])
  const smallTimes = await contest(slow, small)
  const md5sumMs = median(await repeat(rounds, async () => (await run('md5sum', [large])).ms))
  const measured = able.map(({ name, compares }) => {
    const ms = largeTimes[name] ?? NaN
    const certain = seconds(compares ? ms : ms + md5sumMs)
    return [name, seconds(ms), certain, seconds(smallTimes[name] ?? NaN)]
  })
  return {
    title: 'Other tools',
    words:
      'One file of 256 MB; the same with `md5sum` after it for tools that do not compare checksums; 20 small files against a server that takes 100 ms for every answer, `concurrency: 8` for ours and defaults for the others. Whole processes, a deposit made included; ours also looks for an earlier draft, reserves the DOI, and reads the file list back. The package of cheminfo sends `Authorization: Bearer:TOKEN` and no length, and the server takes neither.',
    columns: ['tool', '256 MB', '256 MB, compared', '20 small files'],
    rows: [...measured, ...rows],
  }
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 160) : 'no reason given'

const ours = ({ folder, ours: step }: Setting): Peer => ({
  name: 'zenodo-deposit',
  compares: true,
  upload: async (server, files) => {
    const names = files.map((file) => file.slice(folder.path.length + 1))
    const inputs = { files: names.join('\n'), concurrency: '8' }
    return (await step({ server, folder, inputs, tag: freshTag() })).ms
  },
})

async function installPeers(folder: BenchFolder): Promise<readonly Peer[]> {
  const python = folder.at('venv/bin/python')
  const installPython = run('python3', ['-m', 'venv', folder.at('venv')]).then(() =>
    run(python, ['-m', 'pip', '--quiet', 'install', 'openscm-zenodo', 'zenodo-client']),
  )
  const installNode = run('npm', ['install', '--silent', '--prefix', folder.path, 'zenodo'])
  const scripted = (
    name: string,
    ready: Promise<unknown>,
    { command, needsDraft }: { command: readonly [string, string]; needsDraft: boolean },
  ): Peer => ({
    name,
    compares: false,
    upload: async (server, files) => {
      await ready
      const startMs = performance.now()
      const { id } = needsDraft ? await createDraft(server) : { id: '' }
      const [program, script] = command
      const path = join(import.meta.dirname, 'peers', script)
      const args = [path, server.url, server.token, id, ...files]
      await run(program, args, { cwd: folder.path })
      return performance.now() - startMs
    },
  })
  await Promise.allSettled([installPython, installNode])
  return [
    scripted('openscm-zenodo (PyPI)', installPython, {
      command: [python, 'openscm.py'],
      needsDraft: true,
    }),
    scripted('zenodo-client (PyPI)', installPython, {
      command: [python, 'zenodo_client_upload.py'],
      needsDraft: false,
    }),
    scripted('zenodo of cheminfo (npm)', installNode, {
      command: [process.execPath, 'cheminfo.ts'],
      needsDraft: true,
    }),
  ]
}
