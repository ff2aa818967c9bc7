import { check, type Checked, type Surroundings } from './action/check.ts'
import { cite } from './action/cite.ts'
import { deposit, type Result } from './action/deposit.ts'
import { gather } from './action/gather.ts'
import type { ReadInput } from './action/input-reader.ts'
import { parseInputs, type Inputs } from './action/inputs.ts'
import type { Outputs } from './action/outputs.ts'
import type { Log } from './action/ports.ts'
import { checkNotes, needsRelease, noteDoi } from './action/release.ts'
import { parseTrigger, type Trigger } from './action/trigger.ts'
import { createChecksums } from './files/checksum.ts'
import { createGitHub, type GitHub } from './github/github.ts'
import { createHttp, type HttpOptions } from './http/http.ts'
import { realClock } from './lib/clock.ts'
import { formatDuration } from './lib/format.ts'
import type { JsonObject } from './lib/json.ts'
import { VERSION } from './version.ts'
import { Client } from './zenodo/client.ts'

/** What the runner gives, and where it is told how the work gets on. */
export interface Given {
  readonly readInput: ReadInput
  readonly env: Readonly<Record<string, string | undefined>>
  /** The event's payload; empty if there is none. */
  readonly event: JsonObject
  readonly log: Log
  readonly signal: AbortSignal
  /** All outputs set so far. */
  readonly outputs: Partial<Outputs>
  readonly setOutputs: (outputs: Partial<Outputs>) => void
  /** Hears what is known, for the ending of a run that fails. */
  readonly tell: (known: { inputs: Inputs } | { checked: Checked }) => void
}

/** The real ports, made of what the runner gave, and the use case on them. */
export async function work(given: Given): Promise<Result> {
  const { env, log, signal, setOutputs } = given
  const parsed = parseInputs(given.readInput, Object.keys(env))
  const { inputs } = parsed
  given.tell({ inputs })
  const trigger = parseTrigger(env, given.event)
  const surroundings = readSurroundings(given)
  const first = await check(parsed, trigger, surroundings)
  given.tell({ checked: first })
  await using github = needsRelease(inputs) ? openGitHub(inputs, trigger, given) : undefined
  const release = github && { github, trigger, log, signal }
  if (release && inputs.updateReleaseNotes) await checkNotes(release)
  await using gathered = await gather(first, { ...surroundings, release, signal })
  const { checked } = gathered
  await using http = createHttp({ ...httpOptions(inputs, trigger, given), token: inputs.token })
  await using checksums = createChecksums()
  const { today } = surroundings
  const client = new Client(http)
  const result = await deposit(checked, { client, checksums, log, setOutputs, today, signal })
  if (inputs.dryRun) return result
  await cite(checked, result, log)
  if (release && inputs.updateReleaseNotes) {
    await noteDoi({ ...result, badgeMarkdown: given.outputs['badge-markdown'] }, release)
  }
  return result
}

const readSurroundings = ({ env, log }: Given): Surroundings => ({
  workspace: env['GITHUB_WORKSPACE'] ?? process.cwd(),
  temporary: env['RUNNER_TEMP'],
  today: new Date(),
  log,
})

const httpOptions = (
  inputs: Inputs,
  trigger: Trigger,
  { env, log }: Given,
): Omit<HttpOptions, 'token'> => ({
  origin: inputs.serverUrl,
  userAgent: userAgentFor(trigger),
  retries: inputs.retries,
  clock: realClock,
  env,
  onExchange: env['RUNNER_DEBUG'] === '1' ? (line) => log.debug(line) : undefined,
  onRetry: (error, delayMs, count) =>
    log.info(
      `${error instanceof Error ? error.message : 'No reason given.'} Trying again in ${formatDuration(delayMs)} (${count} of ${inputs.retries}).`,
    ),
})

function openGitHub(inputs: Inputs, trigger: Trigger, given: Given): GitHub {
  return createGitHub({
    ...httpOptions(inputs, trigger, given),
    token: inputs.githubToken,
    apiUrl: given.env['GITHUB_API_URL'] ?? 'https://api.github.com',
    repository: trigger.repository ?? '',
  })
}

/** The server limits requests by User-Agent and address (docs/server.md#rate-limits): one per repository has a limit of its own. */
const userAgentFor = ({ repositoryUrl }: Trigger): string =>
  `zenodo-deposit/${VERSION}${repositoryUrl === undefined ? '' : ` (+${repositoryUrl.replace(/[^\x21-\x7e]/g, '')})`}`
