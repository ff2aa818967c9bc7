import { check } from '../../src/action/check.ts'
import { deposit, type Result } from '../../src/action/deposit.ts'
import { parseInputs } from '../../src/action/inputs.ts'
import type { Outputs } from '../../src/action/outputs.ts'
import { parseTrigger } from '../../src/action/trigger.ts'
import { createChecksums } from '../../src/files/checksum.ts'
import { createHttp } from '../../src/http/http.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { Client } from '../../src/zenodo/client.ts'
import { createFastClock } from './fast-clock.ts'

export interface DepositRun {
  readonly url: string
  readonly token: string
  readonly workspace: string
  readonly inputs: Readonly<Record<string, string>>
  /** A push of this tag; without it a push to a branch. */
  readonly tag?: string
  readonly env?: Readonly<Record<string, string>>
  readonly event?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
  readonly stallMs?: number
  readonly today?: Date
  /** By default one that does not wait. */
  readonly clock?: Clock
}

export interface DepositRunEnd {
  readonly result: Result | undefined
  readonly error: unknown
  readonly outputs: Partial<Outputs>
  readonly log: readonly string[]
}

/** The use case with real ports, as main.ts composes them, on a clock that does not wait. Never throws. */
export async function runDeposit(run: DepositRun): Promise<DepositRunEnd> {
  const log: string[] = []
  const outputs: Partial<Outputs> = {}
  const write =
    (level: string) =>
    (line: string): void =>
      void log.push(`${level}${line}`)
  const logPort = {
    info: write(''),
    notice: write('notice: '),
    warning: write('warning: '),
    debug: write('debug: '),
    group: write('# '),
    conclude: write(''),
  }
  try {
    const given = { token: run.token, 'server-url': run.url, ...run.inputs }
    const parsed = parseInputs((name) => new Map(Object.entries(given)).get(name) ?? '')
    const { inputs } = parsed
    const trigger = parseTrigger(environmentOf(run), run.event ?? {})
    const today = run.today ?? new Date()
    const checked = await check(parsed, trigger, {
      workspace: run.workspace,
      temporary: undefined,
      today,
      log: logPort,
    })
    await using http = createHttp({
      origin: inputs.serverUrl,
      token: inputs.token,
      userAgent: 'zenodo-deposit-tests',
      retries: inputs.retries,
      clock: run.clock ?? createFastClock(),
      onRetry: (error) => void log.push(`retry: ${String(error)}`),
      ...(run.stallMs !== undefined && { stallMs: run.stallMs }),
    })
    await using checksums = createChecksums()
    const result = await deposit(checked, {
      client: new Client(http),
      checksums,
      log: logPort,
      setOutputs: (news) => void Object.assign(outputs, news),
      today,
      signal: run.signal ?? new AbortController().signal,
    })
    return { result, error: undefined, outputs, log }
  } catch (error) {
    return { result: undefined, error, outputs, log }
  }
}

const environmentOf = ({ tag, env }: DepositRun): Record<string, string> => ({
  GITHUB_REPOSITORY: 'octo/rivers',
  GITHUB_RUN_ID: '4711',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF: tag === undefined ? 'refs/heads/main' : `refs/tags/${tag}`,
  GITHUB_REF_TYPE: tag === undefined ? 'branch' : 'tag',
  GITHUB_REF_NAME: tag ?? 'main',
  ...env,
})
