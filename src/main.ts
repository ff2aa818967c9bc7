import { readFileSync } from 'node:fs'
import * as core from '@actions/core'
import type { Checked } from './action/check.ts'
import type { Result } from './action/deposit.ts'
import type { Inputs } from './action/inputs.ts'
import type { Outputs } from './action/outputs.ts'
import type { Log } from './action/ports.ts'
import { keepJournal, type Journal } from './action/summary-journal.ts'
import { toCancelSentence } from './action/summary-cancel.ts'
import { toStory, type Ending } from './action/summary-story.ts'
import { DepositError, DoubtfulPublishError, InputError, type Place } from './errors.ts'
import { realClock } from './lib/clock.ts'
import { asObject, asText } from './lib/json.ts'
import { createLiveLine } from './lib/live-line.ts'
import { toPrintable } from './lib/printable.ts'
import { VERSION } from './version.ts'

type KnownOutputs = Partial<Outputs>

/** What has happened so far; the ending is told from it, also when the run fails. */
interface Run {
  readonly startMs: number
  readonly outputs: KnownOutputs
  /** What the log told, for the summary. */
  readonly journal: Journal
  inputs: Inputs | undefined
  checked: Checked | undefined
}

/** The runner's strings in, outputs, annotations and summary out. The only module that knows a runner; what happens in between is work.ts. */
export async function main(): Promise<void> {
  for (const secret of ['token', 'github-token']) mask(core.getInput(secret))
  const { endGroup, ...bare } = createLog()
  const { log, journal } = keepJournal(bare, () => realClock.now())
  const cancelled = listenForCancel()
  const startMs = realClock.now()
  const run: Run = { startMs, outputs: {}, journal, inputs: undefined, checked: undefined }
  try {
    const result = await begin(run, log, cancelled)
    endGroup()
    await end(run, { kind: 'done', result })
  } catch (error) {
    endGroup()
    await end(run, cancelled.aborted ? { kind: 'cancelled' } : { kind: 'failed', error })
  }
  setTimeout(() => process.exit(), 2000).unref()
}

/** The first line comes before most of the program is loaded; who waits for it sees that something is at work. */
async function begin(run: Run, log: Log, signal: AbortSignal): Promise<Result> {
  log.group('Checking')
  log.info(`zenodo-deposit ${VERSION}`)
  const { work } = await import(/* webpackMode: "eager" */ './work.ts')
  return work({
    readInput: (name) => core.getInput(name, { trimWhitespace: false }),
    env: process.env,
    event: readEvent(),
    log,
    signal,
    outputs: run.outputs,
    setOutputs: (outputs) => publishOutputs(run, outputs),
    tell: (known) => void Object.assign(run, known),
  })
}

function mask(secret: string): void {
  if (secret !== '') core.setSecret(secret)
}

/** Aborts on the runner's SIGINT, SIGTERM, or SIGBREAK: the job was cancelled, and ten seconds are left. So it is when the runner itself is gone, and nobody reads the log. */
function listenForCancel(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) {
    process.on(name, () => controller.abort(new Error(`The job was cancelled (${name}).`)))
  }
  process.stdout.on('error', (cause) => {
    controller.abort(new Error('The log cannot be written any more.', { cause }))
  })
  return controller.signal
}

function readEvent(): Readonly<Record<string, unknown>> {
  const path = process.env['GITHUB_EVENT_PATH']
  if (path === undefined || path === '') return {}
  try {
    return asObject(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return {}
  }
}

/** Every line passes through here: text from outside can neither start a command nor break a line. */
function createLog(): Log & { readonly endGroup: () => void } {
  const safe = (line: string): string => toPrintable(line, 4000).replace(/^(?=\s*(?:::|##))/, '| ')
  const live = process.stdout.isTTY ? createLiveLine(process.stdout) : undefined
  const put = (line: string): string => {
    live?.clear()
    return safe(line)
  }
  let isGroupOpen = false
  function endGroup(): void {
    if (isGroupOpen) core.endGroup()
    isGroupOpen = false
  }
  return {
    endGroup,
    info: (line) => core.info(put(line)),
    notice: (line, place) => core.notice(put(line), toProperties(place)),
    warning: (line, place) => core.warning(put(withLine(line, place)), toProperties(place)),
    debug: (line) => core.debug(put(line)),
    group(title) {
      endGroup()
      core.startGroup(put(title))
      isGroupOpen = true
    },
    conclude(line) {
      endGroup()
      core.info(put(line))
    },
    draw: live && ((text) => (text === '' ? live.clear() : live.show(text))),
  }
}

/** The runner marks lines of files; a line of an input can only be named. */
const withLine = (problem: string, place: Place | undefined): string =>
  place !== undefined && 'input' in place && place.line !== undefined
    ? `Input ${place.input}, line ${place.line}: ${problem}`
    : problem

function toProperties(place: Place | undefined): core.AnnotationProperties {
  if (place === undefined || !('file' in place)) return {}
  const { file, line, column } = place
  return {
    file,
    ...(line !== undefined && { startLine: line }),
    ...(column !== undefined && { startColumn: column }),
  }
}

function publishOutputs(run: Run, outputs: KnownOutputs): void {
  for (const [name, value] of Object.entries(outputs)) {
    if (run.outputs[name as keyof Outputs] !== value) core.setOutput(name, value)
  }
  Object.assign(run.outputs, outputs)
}

/** Whether it is public is not known, and not guessed. */
const UNKNOWN: KnownOutputs = { state: 'unknown', published: '' }

/** Says how it ended: annotations, exit code, summary. */
async function end(run: Run, ending: Ending): Promise<void> {
  const told = { ...run, ending, elapsedMs: realClock.now() - run.startMs }
  if (ending.kind === 'failed') reportFailure(run, ending.error)
  if (ending.kind === 'cancelled') {
    if (toStory(told) === 'unknown') publishOutputs(run, UNKNOWN)
    core.setFailed(toCancelSentence(told))
  }
  if (run.inputs?.showSummary === false || !process.env['GITHUB_STEP_SUMMARY']) return
  try {
    const { toSummary } = await import(/* webpackMode: "eager" */ './action/summary.ts')
    await core.summary.addRaw(toSummary(told)).write()
  } catch (error) {
    core.warning(toPrintable(`The job summary could not be written: ${String(error)}`, 4000))
  }
}

function reportFailure(run: Run, error: unknown): void {
  process.exitCode = core.ExitCode.Failure
  if (error instanceof DoubtfulPublishError) publishOutputs(run, UNKNOWN)
  if (error instanceof DepositError) {
    if (error instanceof InputError) reportIssues(error)
    else core.error(line([error.message, error.hint].filter(Boolean).join(' ')))
    if (error.cause instanceof Error) core.debug(line(error.cause.stack ?? error.cause.message))
    return
  }
  const message = error instanceof Error ? error.message : String(error)
  const isFull = ['ENOSPC', 'EDQUOT'].includes(asText(asObject(error)['code']) ?? '')
  const advice = isFull
    ? 'There is no room left on the disk of the runner: make some, and re-run the job.'
    : 'This is a bug of zenodo-deposit; please report it.'
  core.error(line(`${isFull ? '' : 'Unexpected: '}${message.replace(/[^.!?]$/, '$&.')} ${advice}`))
  if (error instanceof Error) core.debug(line(error.stack ?? ''))
}

/** Nobody reads more at once. */
const MAX_ISSUES = 50

function reportIssues({ issues, hint }: InputError): void {
  for (const { place, problem } of issues.slice(0, MAX_ISSUES)) {
    core.error(line(withLine(problem, place)), toProperties(place))
  }
  const more = issues.length - MAX_ISSUES
  if (more > 0) core.error(`${more} more are not shown.`)
  if (hint !== undefined) core.info(line(hint))
}

const line = (text: string): string => toPrintable(text, 4000)
