import { formatBytes } from '../lib/format.ts'
import type { Decision } from './decide.ts'
import type { Checked } from './check.ts'
import type { Result } from './deposit.ts'
import { toFileOutputs, type FileOutcome } from './outputs.ts'
import { makePlan, type Plan } from './plan.ts'
import type { Ports } from './ports.ts'
import { tell } from './tell.ts'
import { knowChecksums } from './transfer.ts'

type Planned = Exclude<Decision, { kind: 'refuse' | 'report' }>

/** Words for what would be done. */
const WORDS: Readonly<Record<FileOutcome['action'], string>> = {
  uploaded: 'send',
  replaced: 'replace',
  kept: 'keep',
  removed: 'remove',
}

/** The plan of a run that asks nobody: a new deposit with all files. */
export function planCreate(checked: Checked, ports: Ports): Result {
  ports.log.group('Plan')
  ports.log.info(
    checked.inputs.depositId === undefined
      ? 'Without a token nobody can be asked: the plan is that of a new deposit'
      : 'Without a token the deposit cannot be read: the plan sends every file',
  )
  const files = (checked.files ?? []).map((file) => outcomeOf(file, 'uploaded'))
  return showPlan(checked, files, ports)
}

/** The plan of a run that may read: what would be done with the deposit that was found. */
export async function planWith(checked: Checked, decision: Planned, ports: Ports): Promise<Result> {
  const { log } = ports
  log.group('Plan')
  log.info(describeDecision(decision))
  const target = targetOf(decision)
  const stored = target?.files ?? []
  if (target !== undefined) tell(checked, target, ports, 'planned')
  if (checked.files === undefined || decision.kind === 'edit') {
    const kept = stored.map((file) => ({ ...file, action: 'kept' as const }))
    return { ...showPlan(checked, kept, ports), deposit: target }
  }
  const checksumOf = await knowChecksums(checked.files, stored, ports)
  const plan = makePlan(checked.files, stored, { ...checked.inputs, checksumOf })
  return { ...showPlan(checked, toPlanned(plan), ports), deposit: target }
}

function targetOf(decision: Planned) {
  switch (decision.kind) {
    case 'create':
      return undefined
    case 'continue':
      return decision.draft
    case 'edit':
    case 'next-version':
      return decision.latest
  }
}

function describeDecision(decision: Planned): string {
  switch (decision.kind) {
    case 'create':
      return 'Would create a deposit'
    case 'continue':
      return `Would continue draft ${decision.draft.id}`
    case 'edit':
      return `Would edit the metadata of record ${decision.latest.id}`
    case 'next-version':
      return `Would open the version after record ${decision.latest.id}`
  }
}

const toPlanned = (plan: Plan): readonly FileOutcome[] => [
  ...plan.additions.map((file) => outcomeOf(file, 'uploaded')),
  ...plan.replacements.map((file) => outcomeOf(file, 'replaced')),
  ...[...plan.kept, ...plan.others].map((file) => ({ ...file, action: 'kept' as const })),
  ...plan.removals.map((file) => ({ ...file, action: 'removed' as const })),
]

const outcomeOf = (
  { key, sizeBytes }: { key: string; sizeBytes: number },
  action: FileOutcome['action'],
): FileOutcome => ({ key, sizeBytes, checksum: '', action })

function showPlan(checked: Checked, files: readonly FileOutcome[], ports: Ports): Result {
  const { log, setOutputs, client } = ports
  for (const { key, sizeBytes, action } of files) {
    log.info(`Would ${WORDS[action]} ${key} (${formatBytes(sizeBytes)})`)
  }
  log.info(
    checked.publish
      ? `Would publish at ${client.http.origin}`
      : `Would leave a draft at ${client.http.origin}`,
  )
  setOutputs({
    state: 'planned',
    published: 'false',
    ...(checked.version !== undefined && { version: checked.version }),
    ...toFileOutputs(files, undefined, client.http.origin),
  })
  return { state: 'planned', deposit: undefined, files }
}
