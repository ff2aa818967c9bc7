import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { projectRoot } from '../support/runner/action-definition.ts'
import { createWorkspace, writeFiles } from '../support/runner/workspace.ts'
import { parseEngineLog, withoutMaskCommands, type EngineLog } from './engine-log.ts'

export interface RunWorkflowOptions {
  /** Path in this project. */
  readonly workflow: string
  readonly event: 'push' | 'release' | 'pull_request' | 'workflow_dispatch'
  readonly payload?: unknown
  /** Value of `vars.ZENODO_URL`. */
  readonly zenodoUrl: string
  /** Value of `secrets.ZENODO_TOKEN`. */
  readonly token?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface WorkflowRun extends EngineLog {
  readonly exitCode: number
  /** Everything that was written and that a reader may see. */
  readonly transcript: string
}

const ACT = join(projectRoot, '.tools', process.platform === 'win32' ? 'act.exe' : 'act')

/** Runs a workflow with act, on this machine, in a fresh repository that holds the action and `examples/`. */
export async function runWorkflow(options: RunWorkflowOptions): Promise<WorkflowRun> {
  if (!existsSync(ACT)) throw new Error('The workflow engine is not installed. Run: tools/install')
  await using repository = await createRepository()
  await using engine = await createWorkspace()
  await writeFiles(engine.path, { 'event.json': JSON.stringify(options.payload ?? {}) })

  const child = spawn(ACT, engineArguments(options, join(engine.path, 'event.json')), {
    cwd: repository.path,
    env: engineEnvironment(engine.path),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ])
  return { exitCode, ...parseEngineLog(stdout), transcript: withoutMaskCommands(stdout) + stderr }
}

function engineArguments(options: RunWorkflowOptions, eventFile: string): string[] {
  const env = { GITHUB_REPOSITORY: 'octo/toy', ...options.env }
  const secrets = options.token === undefined ? [] : ['--secret', `ZENODO_TOKEN=${options.token}`]
  return [
    options.event,
    ...['--workflows', options.workflow, '--eventpath', eventFile],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--rm', '--json'],
    ...['--no-cache-server', '--action-offline-mode'],
    ...['--var', `ZENODO_URL=${options.zenodoUrl}`],
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...secrets,
  ]
}

/** act runs actions with the first `node` it finds: this one, and asks nobody for a newer act. */
function engineEnvironment(folder: string): Record<string, string | undefined> {
  return {
    PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    HOME: folder,
    XDG_CACHE_HOME: folder,
    ACT_DISABLE_VERSION_CHECK: '1',
    NO_COLOR: '1',
  }
}

/** A repository as a user's would be at the pushed commit. */
async function createRepository() {
  const repository = await createWorkspace()
  for (const name of ['action.yml', 'dist', 'examples', '__tests__/workflows']) {
    await cp(join(projectRoot, name), join(repository.path, name), { recursive: true })
  }
  const author = ['-c', 'user.name=Octo', '-c', 'user.email=octo@example.org']
  const git = (...args: string[]) =>
    promisify(execFile)('git', [...author, ...args], { cwd: repository.path })
  await git('init', '--quiet', '--initial-branch', 'main')
  await git('add', '.')
  await git('commit', '--quiet', '--message', 'Data')
  return repository
}
