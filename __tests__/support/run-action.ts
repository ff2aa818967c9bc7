import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot, readActionDefinition } from './runner/action-definition.ts'
import { parseFileCommands } from './runner/file-commands.ts'
import {
  commandFiles,
  runnerEnvironment,
  type TriggeringEvent,
} from './runner/runner-environment.ts'
import { StepLog, type LineListener } from './runner/step-log.ts'
import type { WorkflowCommand } from './runner/workflow-commands.ts'
import { createWorkspace, writeFiles, type Files } from './runner/workspace.ts'

export { createWorkspace } from './runner/workspace.ts'

/** One step that uses the action, as a workflow would write it. */
export interface RunActionOptions {
  /** By the names of `action.yml`; its defaults fill in the rest, and other names throw. */
  readonly inputs?: Readonly<Record<string, string>>
  /** Over the runner's variables; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Written into the workspace before the action starts. */
  readonly files?: Files
  /** A folder that outlives the run; else one of its own, removed afterwards. */
  readonly workspace?: string
  /** A push to `main` if absent. */
  readonly event?: TriggeringEvent
  readonly githubToken?: string
  /** Cancels the job as a runner does: once this was printed, or this promise settled. */
  readonly signalAfter?: string | RegExp | Promise<unknown>
  /** Nobody reads the log any more once this was printed, as when the runner dies. */
  readonly deafAfter?: string | RegExp
  /** Sees the log live. */
  readonly onLine?: LineListener
  /** Folder with another `action.yml` and its bundle than this checkout's. */
  readonly actionFolder?: string
}

/** What the runner knows after the step. */
export interface ActionResult {
  /** `undefined` if a signal ended the process. */
  readonly exitCode: number | undefined
  readonly signal: NodeJS.Signals | undefined
  readonly stdout: string
  readonly stderr: string
  /** From the file, over those of `set-output` commands. */
  readonly outputs: Readonly<Record<string, string>>
  readonly state: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  /** Markdown of the job summary. */
  readonly summary: string
  /** Commands of both streams that the runner would obey. */
  readonly commands: readonly WorkflowCommand[]
  /** Values that the action asked to mask. */
  readonly masks: readonly string[]
}

/**
 * Runs `dist/`, copied alone into an empty folder, as a runner starts it: `INPUT_*`, the runner's
 * variables and files, the workspace as current folder, no standard input.
 */
export async function runAction(options: RunActionOptions = {}): Promise<ActionResult> {
  await using runner = await createWorkspace()
  await using ownWorkspace = await createWorkspace()
  const workspace = options.workspace ?? ownWorkspace.path
  const { event = { name: 'push' }, actionFolder = projectRoot } = options
  const action = readActionDefinition(join(actionFolder, 'action.yml'))
  await writeFiles(workspace, options.files ?? {})
  await cp(join(actionFolder, 'dist'), join(runner.path, 'action', 'dist'), { recursive: true })
  await prepareRunnerFolder(runner.path, event)

  const env = runnerEnvironment({
    action,
    inputs: options.inputs ?? {},
    event,
    githubToken: options.githubToken ?? '',
    workspace,
    runnerFolder: runner.path,
  })
  const child = spawn(process.execPath, [join(runner.path, 'action', action.runs.main)], {
    cwd: workspace,
    env: { ...machineVariables(), ...env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = new StepLog(options.onLine)
  log.follow(child.stdout, 'stdout')
  log.follow(child.stderr, 'stderr')
  const { deafAfter } = options
  if (deafAfter !== undefined) void log.seen(deafAfter).then(() => child.stdout.destroy())
  const [exitCode, signal] = await waitForEnd(child, log, options.signalAfter)
  return { exitCode, signal, ...log.result(), ...(await readRunnerFiles(runner.path, log)) }
}

/**
 * Throws if the token stands anywhere in what a run left behind, in plain or in a form that the
 * runner's masking would miss. The line that masks it is the one place where it may stand.
 */
export function expectNoToken(result: ActionResult, token: string): void {
  const { stdout, stderr, outputs, state, environment, summary } = result
  const lines = stdout.split(/\r?\n/u)
  const log = lines.filter((line) => line !== `::add-mask::${token}`)
  const bytes = Buffer.from(token)
  const forms = [
    token,
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ]
  const places = { stdout: log, stderr, outputs, state, environment, summary }
  for (const [place, content] of Object.entries(places)) {
    const text = JSON.stringify(content)
    if (forms.some((form) => text.includes(form))) throw new Error(`The token stands in ${place}`)
  }
}

async function prepareRunnerFolder(folder: string, event: TriggeringEvent): Promise<void> {
  await mkdir(join(folder, 'temp'))
  await writeFile(join(folder, 'event.json'), JSON.stringify(event.payload ?? {}))
  for (const file of Object.values(commandFiles(folder))) await writeFile(file, '')
}

/** The machine's variables that a process needs to start; proxies and credentials stay away. */
function machineVariables(): Record<string, string | undefined> {
  const names = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'USERPROFILE']
  return Object.fromEntries(names.map((name) => [name, process.env[name]]))
}

async function waitForEnd(
  child: ChildProcess,
  log: StepLog,
  signalAfter: RunActionOptions['signalAfter'],
): Promise<[number | undefined, NodeJS.Signals | undefined]> {
  const timers: NodeJS.Timeout[] = []
  // The runner's sequence: an interrupt, 7.5 s later a request to end, 2.5 s later the kill.
  const cancel = () => {
    child.kill('SIGINT')
    timers.push(setTimeout(() => child.kill('SIGTERM'), 7_500))
    timers.push(setTimeout(() => child.kill('SIGKILL'), 10_000))
  }
  if (signalAfter instanceof Promise) void signalAfter.then(cancel, cancel)
  else if (signalAfter !== undefined) void log.seen(signalAfter).then(cancel)
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    return [code ?? undefined, signal ?? undefined]
  } finally {
    timers.forEach((timer) => clearTimeout(timer))
  }
}

async function readRunnerFiles(folder: string, log: StepLog) {
  const files = commandFiles(folder)
  const read = async (file: string) => parseFileCommands(await readFile(file, 'utf8'))
  return {
    outputs: { ...log.values('set-output'), ...(await read(files.GITHUB_OUTPUT)) },
    state: { ...log.values('save-state'), ...(await read(files.GITHUB_STATE)) },
    environment: await read(files.GITHUB_ENV),
    summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
  }
}
