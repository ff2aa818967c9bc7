import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BenchFolder, BenchServer } from './world.ts'

/** A process that has ended well. */
export interface Run {
  readonly ms: number
  /** Until the first byte it printed. */
  readonly firstByteMs: number
  readonly stdout: string
}

/** Runs a command to its end. @throws Error with what it printed if it failed */
export async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Run> {
  const startMs = performance.now()
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  let firstByteMs = NaN
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      if (Number.isNaN(firstByteMs)) firstByteMs = performance.now() - startMs
      output[name] += text
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  const ms = performance.now() - startMs
  if (code === 0) return { ms, firstByteMs, stdout: output.stdout }
  throw new Error(`${basename(command)} ended with ${code ?? 'a signal'}: ${tellingLine(output)}`)
}

/** What a person would look at: the line that names an error, else the last one. */
function tellingLine({ stdout, stderr }: { stdout: string; stderr: string }): string {
  const lines = `${stdout}\n${stderr}`.trim().split('\n')
  return lines.find((line) => /^(\w*Error: |::error)/.test(line)) ?? lines.at(-1) ?? ''
}

/** Our step on the bundle, as a runner would start it. */
export interface Step {
  readonly server: Pick<BenchServer, 'url' | 'token'>
  readonly folder: BenchFolder
  /** `files`, `concurrency`, …; file patterns are relative to the folder. */
  readonly inputs: Readonly<Record<string, string>>
  /** Runs of the same tag continue the same draft. */
  readonly tag: string
}

export interface StepRun extends Run {
  readonly peakBytes: number
}

const WATCH = `
import { readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
const peak = () => process.platform === 'linux'
  ? /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
  : process.resourceUsage().maxRSS
if (isMainThread) process.on('exit', () => console.log('peak ' + peak() + ' kB'))
`

/** A file that makes a process of ours say at its end how much memory it took. */
export async function createActionRunner(folder: BenchFolder, bundle: string) {
  const watch = folder.at('watch.mjs')
  await writeFile(watch, WATCH)
  await mkdir(folder.at('runner'), { recursive: true })
  return async (step: Step): Promise<StepRun> => {
    const files = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY', 'GITHUB_ENV']
    const paths = files.map((name) => [name, join(folder.path, 'runner', name)] as const)
    for (const [, path] of paths) await writeFile(path, '')
    const env = { ...environmentOf(step), ...Object.fromEntries(paths) }
    const measured = await run(process.execPath, ['--import', pathToFileURL(watch).href, bundle], {
      cwd: folder.path,
      env,
    })
    const kilobytes = Number(/peak (\d+) kB/.exec(measured.stdout)?.[1])
    return { ...measured, peakBytes: kilobytes * 1024 }
  }
}

const METADATA = JSON.stringify({
  title: 'Benchmark',
  upload_type: 'dataset',
  creators: [{ name: 'Bench, Bea' }],
  description: 'Measured bytes.',
})

function environmentOf({ server, folder, inputs, tag }: Step): Record<string, string> {
  const all = { token: server.token, 'server-url': server.url, metadata: METADATA, ...inputs }
  const named = Object.entries(all).map(
    ([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const,
  )
  return {
    ...Object.fromEntries(named),
    PATH: process.env['PATH'] ?? '',
    HOME: folder.path,
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: folder.path,
    GITHUB_REPOSITORY: 'octo/bench',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: `refs/tags/${tag}`,
    GITHUB_REF_TYPE: 'tag',
    GITHUB_REF_NAME: tag,
    GITHUB_RUN_ID: '1',
  }
}

/** A whole upload with curl. */
export const curlArgs = (token: string, bucket: string, file: string, key: string) => [
  ...['-sS', '--fail', '-o', '/dev/null', '-T', file],
  ...['-H', `Authorization: Bearer ${token}`, '-H', 'Content-Type: application/octet-stream'],
  `${bucket}/${key}`,
]
