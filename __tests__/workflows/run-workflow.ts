import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { projectRoot } from '../support/runner/action-definition.ts'
import { createWorkspace, writeFiles, type Files } from '../support/runner/workspace.ts'
import { parseEngineLog, withoutMaskCommands, type EngineLog } from './engine-log.ts'
import { withSubstitutes, type Substitutes } from './engine-workflow.ts'

export interface RunWorkflowOptions extends Substitutes {
  /** Path in this project. */
  readonly workflow: string
  readonly event: 'push' | 'release' | 'pull_request' | 'workflow_dispatch'
  readonly payload?: unknown
  readonly secrets?: Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** Files that the repository holds besides those of `examples/`. */
  readonly files?: Files
}

export interface WorkflowRun extends EngineLog {
  readonly exitCode: number
  /** Everything that was written and that a reader may see. */
  readonly transcript: string
}

const ACT = join(projectRoot, '.tools', process.platform === 'win32' ? 'act.exe' : 'act')
const WORKFLOW = '.github/workflows/workflow.yml'

/** Runs a workflow with act, on this machine, in a fresh repository with the action and the example data. */
export async function runWorkflow(options: RunWorkflowOptions): Promise<WorkflowRun> {
  if (!existsSync(ACT)) throw new Error('The workflow engine is not installed. Run: tools/install')
  await using repository = await createRepository(options)
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
  const pairs = (flag: string, values: Readonly<Record<string, string>> = {}): string[] =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])
  return [
    options.event,
    ...['--workflows', WORKFLOW, '--eventpath', eventFile],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--rm', '--json'],
    ...['--no-cache-server', '--action-offline-mode'],
    ...pairs('--var', options.variables),
    ...pairs('--env', env),
    ...pairs('--secret', options.secrets),
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

/** A repository as a user's would be at the pushed commit, with the action in it, since no engine offline can fetch it. */
async function createRepository({ workflow, files = {}, ...substitutes }: RunWorkflowOptions) {
  const repository = await createWorkspace()
  const copy = (from: string, to: string) =>
    cp(join(projectRoot, from), join(repository.path, to), { recursive: true })
  await Promise.all([
    copy('action.yml', 'action.yml'),
    copy('dist', 'dist'),
    copy('examples/data', 'data'),
    copy('examples/.zenodo.json', '.zenodo.json'),
  ])
  const text = await readFile(join(projectRoot, workflow), 'utf8')
  await writeFiles(repository.path, { ...files, [WORKFLOW]: withSubstitutes(text, substitutes) })
  const author = ['-c', 'user.name=Octo', '-c', 'user.email=octo@example.org']
  const git = (...args: string[]) =>
    promisify(execFile)('git', [...author, ...args], { cwd: repository.path })
  await git('init', '--quiet', '--initial-branch', 'main')
  await git('add', '.')
  await git('commit', '--quiet', '--message', 'Data')
  return repository
}
