import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { startZenodo } from '../test-server/server.ts'
import type { TriggeringEvent } from '../__tests__/support/runner/runner-environment.ts'
import { runAction, type ActionResult } from '../__tests__/support/run-action.ts'
import { HELP, parseDemoOptions, UsageError, type DemoOptions } from './demo/options.ts'
import { createTerminalLog } from './demo/terminal-log.ts'
import { alignColumns, toLines, toTerminal } from './demo/terminal-markdown.ts'

const print = (text = ''): void => console.log(text)
const title = (text: string): void => print(`\n${styleText('bold', `── ${text}`)}\n`)

const METADATA_FILES = ['.zenodo.json', 'CITATION.cff', 'codemeta.json']

/** What must be there to publish, for files of somebody who has written no metadata yet. */
const STOPGAP_METADATA = `title: Files of the zenodo-deposit demo
upload_type: dataset
description: Made by the demo of zenodo-deposit.
creators:
  - name: Demo, Dora`

const TAG = 'refs/tags/v1.0.0'

interface Step {
  readonly workspace: string
  readonly event?: TriggeringEvent
  readonly inputs: Readonly<Record<string, string>>
}

/** The files of this project, or those of the person in the folder where npm was called. */
function toStep({ files }: DemoOptions): Step {
  const root = join(import.meta.dirname, '..')
  if (files.length === 0) {
    return { workspace: root, inputs: { 'working-directory': 'examples', files: 'data/**' } }
  }
  const workspace = process.env['INIT_CWD'] ?? process.cwd()
  const described = METADATA_FILES.some((name) => existsSync(join(workspace, name)))
  if (!described)
    print(`None of ${METADATA_FILES.join(', ')} here: the demo adds a title and a name.`)
  const metadata = described ? {} : { metadata: STOPGAP_METADATA }
  return { workspace, inputs: { files: files.join('\n'), ...metadata } }
}

/** Runs the bundle once and shows all that a runner would show of it. */
async function runStep({ workspace, event, inputs }: Step): Promise<ActionResult> {
  title(`The step of a workflow, started by ${event ? 'the tag v1.0.0' : 'a push to main'}`)
  for (const [name, value] of Object.entries(inputs)) {
    print(`  ${name}: ${name === 'token' ? '***' : value.replaceAll('\n', '\n    ')}`)
  }
  title('Its log')
  const result = await runAction({
    workspace,
    inputs,
    ...(event && { event }),
    onLine: createTerminalLog(print),
  })
  title('Its outputs')
  showOutputs(result)
  title('The job summary')
  print(toTerminal(result.summary))
  return result
}

function showOutputs({ outputs }: ActionResult): void {
  const rows = Object.entries(outputs).flatMap(([name, value]) =>
    toLines(value).map((line, index) => [index === 0 ? name : '', line]),
  )
  if (rows.length === 0) print('  none')
  for (const row of alignColumns(rows)) print(`  ${row}`)
}

function showLink({ outputs }: ActionResult): void {
  const url = outputs['record-url']
  if (url === undefined) return
  title('Look at it')
  print(url)
}

async function runOnSandbox(options: DemoOptions, token: string): Promise<ActionResult> {
  const { workspace, inputs } = toStep(options)
  const publish = String(options.publish)
  const result = await runStep({
    workspace,
    inputs: { sandbox: 'true', token, ...inputs, publish },
  })
  showLink(result)
  return result
}

async function runOnTestServer(options: DemoOptions): Promise<ActionResult> {
  await using zenodo = await startZenodo()
  const token = zenodo.tokens['alice'] ?? ''
  const { workspace, inputs } = toStep(options)
  const server = { 'server-url': zenodo.url, token }
  const result = await runStep({
    workspace,
    event: { name: 'push', ref: TAG },
    inputs: { ...server, ...inputs, publish: 'true' },
  })
  showLink(result)
  if (options.keepRunning) {
    print(`\nThe test server is at ${zenodo.url} until you press Ctrl-C.`)
    await once(process, 'SIGINT')
  } else
    print('The test server ends now; --keep-running keeps it up: npm run demo -- --keep-running')
  return result
}

async function demo(options: DemoOptions): Promise<void> {
  const { sandboxToken } = options
  // Ctrl-C reaches the action by itself; the demo stays to show what it says.
  process.on('SIGINT', () => undefined)
  const result = sandboxToken
    ? await runOnSandbox(options, sandboxToken)
    : await runOnTestServer(options)
  process.exitCode = result.exitCode ?? 1
  if (process.exitCode !== 0) print(styleText('red', 'The action failed; its log says why.'))
}

try {
  const options = parseDemoOptions(process.argv.slice(2), process.env)
  if (options.help) print(HELP)
  else await demo(options)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
