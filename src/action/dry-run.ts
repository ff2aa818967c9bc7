import { asText } from '../lib/json.ts'
import { findChanges, type Change } from '../metadata/find-changes.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { Checked } from './check.ts'
import { isNewDraft, storedFor, targetOf, type Planned } from './decide.ts'
import type { Result } from './deposit.ts'
import { toDescribing, toDescription, toFirstDescription, type Description } from './describe.ts'
import { toPlanLines, type Foreseen } from './dry-run-lines.ts'
import { assertHasFiles } from './guards.ts'
import { assertNoPending } from './open.ts'
import { asKept, asUploaded, toFileOutputs, type FileOutcome } from './outputs.ts'
import { makePlan, type Plan } from './plan.ts'
import type { Ports } from './ports.ts'
import { warnOfSecondConcept } from './second-concept.ts'
import { tell } from './tell.ts'
import { knowChecksums, wantsCopies } from './transfer.ts'
import { markOf } from './trigger.ts'

/**
 * The plan of a run that asks nobody: all files, as to a new deposit.
 * @throws InputError if nothing could be published
 */
export function planCreate(checked: Checked, ports: Ports): Result {
  const { log } = ports
  const isNew = checked.inputs.depositId === undefined
  log.group('Plan')
  log.info(
    isNew
      ? 'Without a token nobody can be asked: the plan is that of a new deposit'
      : 'Without a token the deposit cannot be read: the plan sends every file',
  )
  if (isNew) warnOfSecondConcept(checked, log)
  const files = (checked.files ?? []).map(asUploaded)
  if (isNew && checked.publish) assertHasFiles(files)
  const foreseen: Foreseen = {
    step: isNew ? 'Would create a deposit' : `Would send every file to ${nameOf(checked)}`,
    isAsked: false,
    publishes: checked.publish,
    description: describeNew(checked, ports),
    changes: undefined,
  }
  return showPlan(checked, { state: 'planned', deposit: undefined, files, foreseen }, ports)
}

/**
 * The plan of a run that may read: what would be done with the deposit that was found.
 * @throws InputError for what would stop the run before it writes, or before it publishes
 */
export async function planWith(checked: Checked, decision: Planned, ports: Ports): Promise<Result> {
  const { log } = ports
  log.group('Plan')
  const step = describeDecision(decision)
  log.info(step)
  const target = targetOf(decision)
  if (target?.state === 'draft') await assertNoPending(target, ports)
  if (target !== undefined) tell(target, ports, 'planned')
  if (isNewDraft(decision)) ports.setOutputs({ version: '' })
  const files = await foreseeFiles(checked, decision, ports)
  if (checked.publish) assertHasFiles(files)
  const description = describeFor(checked, decision, ports)
  const foreseen: Foreseen = {
    step,
    isAsked: true,
    publishes: checked.publish,
    description,
    changes: target && foreseeChanges(decision, target, description),
  }
  return showPlan(checked, { state: 'planned', deposit: target, files, foreseen }, ports)
}

/** A next version has no version of its own unless it is given one (docs/server.md#carried-over). */
function foreseeChanges(
  decision: Planned,
  { metadata: known }: Deposit,
  description: Description,
): readonly Change[] {
  const changes = findChanges(known, description)
  const losesVersion =
    isNewDraft(decision) &&
    known['version'] !== undefined &&
    description.metadata['version'] === undefined &&
    !changes.some(({ field }) => field === 'version')
  const loss = { field: 'version', now: known['version'], then: undefined }
  return losesVersion ? [...changes, loss] : changes
}

/** A deposit that nobody was asked about, as the user named it. */
function nameOf({ inputs: { depositId } }: Checked): string {
  if (depositId === undefined) return 'the deposit'
  return depositId.kind === 'id'
    ? `deposit ${depositId.id}`
    : `the deposit with the DOI ${depositId.doi}`
}

function describeDecision(decision: Planned): string {
  switch (decision.kind) {
    case 'create':
      return 'Would create a deposit'
    case 'continue':
      return `Would continue draft ${decision.draft.id}`
    case 'edit':
      return `Would edit the metadata of record ${decision.record.id}`
    case 'next-version':
      return decision.pending === undefined
        ? `Would open the version after record ${decision.latest.id}`
        : `Would continue draft ${decision.pending.id}`
  }
}

async function foreseeFiles(
  checked: Checked,
  decision: Planned,
  ports: Ports,
): Promise<readonly FileOutcome[]> {
  const { files, inputs } = checked
  const stored = storedFor(decision, files !== undefined)
  if (files === undefined || decision.kind === 'edit') return stored.map(asKept)
  const checksumOf = await knowChecksums(files, stored, ports)
  const isThere = targetOf(decision)?.state === 'draft' && stored === targetOf(decision)?.files
  const plan = makePlan(files, stored, { ...inputs, checksumOf })
  return toPlanned(
    isThere || wantsCopies(plan, inputs) ? plan : makePlan(files, [], { ...inputs, checksumOf }),
  )
}

const toPlanned = (plan: Plan): readonly FileOutcome[] => [
  ...plan.additions.map(asUploaded),
  ...plan.replacements.map((file) => ({ ...asUploaded(file), action: 'replaced' as const })),
  ...[...plan.kept, ...plan.others].map(asKept),
  ...plan.removals.map((file) => ({ ...file, action: 'removed' as const })),
]

const describeNew = (checked: Checked, { today }: Ports): Description => ({
  extent: 'whole',
  metadata: toFirstDescription(checked, { mark: markOf(checked.trigger), today }) ?? {},
})

function describeFor(checked: Checked, decision: Planned, ports: Ports): Description {
  const target = targetOf(decision)
  if (target === undefined) return describeNew(checked, ports)
  const { latest } = { latest: undefined, ...decision }
  const draft = decision.kind === 'edit' ? { ...target, state: 'edit' as const } : target
  const describing = toDescribing(checked, { draft, latest }, { isNew: isNewDraft(decision) })
  return toDescription(checked, describing, ports.today)
}

function showPlan(
  checked: Checked,
  result: Result & { readonly foreseen: Foreseen },
  { log, setOutputs, client }: Ports,
): Result {
  const { origin } = client.http
  // Of a deposit that nobody was asked about nothing is known.
  const isNew = checked.inputs.depositId === undefined
  const version = asText(result.foreseen.description.metadata['version'])
  for (const line of toPlanLines(result, { origin, inputs: checked.inputs })) {
    log.info(line)
  }
  setOutputs({
    state: 'planned',
    ...(result.deposit === undefined && { published: isNew ? 'false' : '' }),
    ...(version !== undefined && { version }),
    ...toFileOutputs(result.files, undefined, origin),
  })
  return result
}
