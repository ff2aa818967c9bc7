import type { Deposit } from '../zenodo/deposit.ts'
import { carryOut, refusal } from './carry-out.ts'
import { checkAtServer } from './check-at-server.ts'
import type { Checked } from './check.ts'
import { storedFor, targetOf } from './decide.ts'
import type { Foreseen } from './dry-run-lines.ts'
import { planCreate, planWith } from './dry-run.ts'
import { findTarget } from './find-target.ts'
import { assertHasFiles } from './guards.ts'
import { asKept, type FileOutcome, type State } from './outputs.ts'
import { refuseOthersDoi } from './own-doi.ts'
import type { Ports } from './ports.ts'
import { lookForSibling, warnOfSecondConcept, warnOfSibling } from './second-concept.ts'
import { decideOn } from './situation.ts'
import { warnOfStaleDate } from './tell-changes.ts'
import { tell } from './tell.ts'
import { type Sent } from './transfer.ts'
import { reportUnchanged } from './unchanged.ts'

/** How the run ended. */
export interface Result {
  readonly state: State
  /** undefined only for a plan to create one. */
  readonly deposit: Deposit | undefined
  readonly files: readonly FileOutcome[]
  /** What crossed the network; undefined if nothing had to. */
  readonly sent?: Sent | undefined
  /** Only metadata of what was published before were changed. */
  readonly isCorrection?: boolean
  /** Only of a dry run. */
  readonly foreseen?: Foreseen
}

/**
 * The story: find what is meant, open its draft, describe it, send the files, publish if told to.
 * Everything that can fail without a write fails before the first write.
 */
export async function deposit(checked: Checked, ports: Ports): Promise<Result> {
  if (checked.inputs.dryRun && checked.inputs.token === undefined) return planCreate(checked, ports)
  startChecksums(checked, ports)
  const [found, sibling] = await Promise.all([
    findTarget(checked, ports),
    lookForSibling(checked, ports),
  ])
  await checkAtServer(checked, ports)
  const decision = await decideOn(checked, found, ports)
  if (decision.kind === 'refuse') {
    tell(decision.about, ports, checked.inputs.dryRun ? 'planned' : undefined)
    throw refusal(checked, decision)
  }
  if (decision.kind === 'report') return reportUnchanged(checked, decision.version, ports)
  if (decision.kind === 'create') {
    warnOfSecondConcept(checked, ports.log)
    warnOfSibling(sibling, ports.log)
  } else if (decision.kind !== 'edit' && decision.latest) {
    warnOfStaleDate(checked, decision.latest, ports)
  }
  refuseOthersDoi(checked, decision)
  if (checked.inputs.dryRun) return planWith(checked, decision, ports)
  if (checked.publish && checked.files === undefined) {
    const target = targetOf(decision)
    if (target) tell(target, ports)
    assertHasFiles(storedFor(decision, false).map(asKept))
  }
  return carryOut(checked, { decision, found }, ports)
}

/** Every large file is compared after it was sent, so its checksum can be begun before anybody is asked anything. */
function startChecksums({ inputs, files }: Checked, { checksums }: Ports): void {
  if (inputs.dryRun || !inputs.verifyChecksums || files === undefined) return
  checksums.start(files.toSorted((a, b) => a.sizeBytes - b.sizeBytes))
}
