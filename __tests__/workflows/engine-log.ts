/** What a workflow engine reported of one run. */
export interface EngineLog {
  /** Job id → `success` or `failure`. */
  readonly jobs: Readonly<Record<string, string>>
  /** Step id → output name → value. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What the steps printed, as a reader of the log would see it. */
  readonly printed: string
  /** Job summaries, in order. */
  readonly summaries: readonly string[]
  /** Texts of the error annotations. */
  readonly errors: readonly string[]
}

/** One line of `act --json`. */
interface EngineLine {
  readonly jobID?: string
  readonly jobResult?: string
  readonly stepID?: readonly string[]
  readonly command?: string
  readonly name?: string
  readonly arg?: string
  readonly content?: string
  readonly msg?: string
  readonly raw_output?: boolean
}

/** Reads the lines of `act --json`. */
export function parseEngineLog(text: string): EngineLog {
  const rows = text.split('\n').filter((row) => row !== '')
  const lines = rows.map((row) => JSON.parse(row) as EngineLine)
  const commands = (name: string) => lines.filter(({ command }) => command === name)
  const outputs: Record<string, Record<string, string>> = {}
  for (const { stepID = [], name = '', arg = '' } of commands('set-output')) {
    outputs[stepID.join('/')] = { ...outputs[stepID.join('/')], [name]: arg }
  }
  const ended = lines.filter(({ jobResult }) => jobResult !== undefined)
  return {
    jobs: Object.fromEntries(ended.map(({ jobID = '', jobResult = '' }) => [jobID, jobResult])),
    outputs,
    printed: lines.map(({ raw_output: raw, msg = '' }) => (raw ? msg : '')).join(''),
    summaries: commands('summary').map(({ content = '' }) => content),
    errors: commands('error').map(({ arg = '' }) => arg),
  }
}

/**
 * All that the engine wrote but the lines that ask for masking: in their machine-readable fields
 * act repeats what it masks everywhere else.
 */
export function withoutMaskCommands(text: string): string {
  return text
    .split('\n')
    .filter((row) => !row.includes('"command":"add-mask"'))
    .join('\n')
}
