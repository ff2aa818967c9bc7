import { join } from 'node:path'
import type { ActionDefinition } from './action-definition.ts'

/** What started the workflow. */
export interface TriggeringEvent {
  readonly name: string
  readonly payload?: unknown
  /** `refs/heads/main` if absent. */
  readonly ref?: string
}

export interface RunnerSettings {
  readonly action: ActionDefinition
  readonly inputs: Readonly<Record<string, string>>
  readonly event: TriggeringEvent
  readonly githubToken: string
  readonly workspace: string
  /** Folder for the runner's own files. */
  readonly runnerFolder: string
}

/** The runner's files of one step, which the action appends to. */
export function commandFiles(runnerFolder: string) {
  const file = (name: string) => join(runnerFolder, name)
  return {
    GITHUB_OUTPUT: file('output'),
    GITHUB_STATE: file('state'),
    GITHUB_STEP_SUMMARY: file('summary.md'),
    GITHUB_ENV: file('env'),
    GITHUB_PATH: file('path'),
  }
}

/** Every variable that the runner gives to an action, besides the machine's own. */
export function runnerEnvironment(settings: RunnerSettings): Record<string, string> {
  return {
    ...contextVariables(settings),
    ...commandFiles(settings.runnerFolder),
    ...inputVariables(settings),
  }
}

function contextVariables(settings: RunnerSettings): Record<string, string> {
  const { event, runnerFolder, workspace } = settings
  const ref = event.ref ?? 'refs/heads/main'
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: join(runnerFolder, 'event.json'),
    GITHUB_JOB: 'deposit',
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_TYPE: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: 'octo/toy',
    GITHUB_REPOSITORY_OWNER: 'octo',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '4711',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_WORKFLOW: 'Deposit',
    GITHUB_WORKSPACE: workspace,
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'local',
    RUNNER_OS: runnerSystem(),
    RUNNER_TEMP: join(runnerFolder, 'temp'),
  }
}

function runnerSystem(): string {
  if (process.platform === 'win32') return 'Windows'
  return process.platform === 'darwin' ? 'macOS' : 'Linux'
}

/** `INPUT_` and the name in upper case with its dashes; defaults of `action.yml` fill in. */
function inputVariables({ action, inputs, githubToken }: RunnerSettings): Record<string, string> {
  const unknown = Object.keys(inputs).filter((name) => !(name in action.inputs))
  if (unknown.length > 0) throw new Error(`Unexpected input(s): ${unknown.join(', ')}`)
  const variables = Object.entries(action.inputs).map(([name, definition]) => {
    const value = inputs[name] ?? evaluate(definition.default ?? '', githubToken)
    return [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]
  })
  return Object.fromEntries(variables) as Record<string, string>
}

/** The one expression that a default of ours may hold is the job's token. */
function evaluate(text: string, githubToken: string): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    if (expression === 'github.token') return githubToken
    throw new Error(`A default of action.yml holds an expression unknown here: ${expression}`)
  })
}
