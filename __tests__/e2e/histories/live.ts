import { type DepositRunEnd } from '../../support/deposit-run.ts'
import type { Deed, History, Run, Step } from './history.ts'
import { isTag, must, Violation, wordsOf } from './invariants.ts'
import { Side, type Executed } from './side.ts'

/** Something after which the two sides cannot be compared any more, and that is nobody's mistake. */
class Incomparable extends Error {}

/** How a history went. */
export interface Outcome {
  readonly violation: Violation | undefined
  readonly log: readonly string[]
  readonly runs: number
  /** Runs that trouble made fail, and that were run again. */
  readonly failed: number
  readonly isCutShort: boolean
}

/**
 * Lives through a history twice: once with all its trouble, where a run that fails is run again, and
 * once without any. After every step both must have come to the same (I6).
 */
export async function live(history: History, indexLagMs = 0): Promise<Outcome> {
  await using calm = await Side.start(indexLagMs)
  await using rough = await Side.start(indexLagMs)
  const log: string[] = []
  const counts = { runs: 0, failed: 0 }
  const toOutcome = (violation: Violation | undefined, isCutShort = false): Outcome => ({
    violation,
    log: [...log, 'calm:', ...calm.log, 'rough:', ...rough.log],
    ...counts,
    isCutShort,
  })
  try {
    for (const [n, step] of history.entries()) {
      log.push(JSON.stringify(step))
      for (const side of [calm, rough]) side.log.push(`  step ${n + 1}`)
      await liveStep(step, { calm, rough, counts })
      await rough.rest()
    }
    return toOutcome(undefined)
  } catch (error) {
    if (error instanceof Incomparable) return toOutcome(undefined, true)
    if (!(error instanceof Violation)) throw error
    return toOutcome(error)
  }
}

interface Sides {
  readonly calm: Side
  readonly rough: Side
  readonly counts: { runs: number; failed: number }
}

async function liveStep(step: Step, { calm, rough, counts }: Sides): Promise<void> {
  if (step.kind === 'person') {
    await calm.act(step)
    await rough.act(step)
    compare(calm, rough)
    return
  }
  const [there, here] = [calm, rough].map((side) => toExecuted(step, side))
  if (there === undefined || here === undefined) return
  calm.executed.push(there)
  rough.executed.push(here)
  counts.runs += 1

  const foreseen = there.run.dryRunFirst ? await calm.run(there, [], true) : undefined
  const wanted = await calm.run(there, [])
  if (foreseen) checkForeseen(foreseen, wanted)
  checkRecognised(calm, there, wanted)
  if (there.run.isTwice) await checkTwice(calm, there, wanted)
  const count = rough.deposits().length
  const first = await rough.run(here, step.trouble)
  const isTroubled = step.trouble.length > 0
  if (isTroubled && first.error !== undefined) counts.failed += 1
  const last = isTroubled && first.error !== undefined ? await rough.run(here, []) : first
  const [is, shouldBe] = [last, wanted].map(({ error }) =>
    wordsOf(error).replaceAll(/\d{4,}/g, '#'),
  )
  must(
    (is === 'success') === (shouldBe === 'success'),
    'I6',
    () => `after trouble (${wordsOf(first.error)}): ${String(is)}; without: ${String(shouldBe)}`,
  )
  if (rough.deposits().length - count > calm.deposits().length - count) throw new Incomparable()
  compare(calm, rough)
}

/** A dry run says what the run then does. */
function checkForeseen(foreseen: DepositRunEnd, wanted: DepositRunEnd): void {
  const [is, should] = [foreseen, wanted].map(({ outputs }) => outputs.state === 'unchanged')
  must(
    is === should,
    'I12',
    () =>
      `the dry run said ${String(foreseen.outputs.state)}, the run ${String(wanted.outputs.state)}`,
  )
  must(
    foreseen.error === undefined || wanted.error !== undefined,
    'I12',
    () => `only the dry run was refused: ${wordsOf(foreseen.error)}`,
  )
}

/** The version that a run asks for. */
const versionOf = ({ identity, inputs, metadata }: Run): string =>
  inputs['version'] ??
  (metadata.from === 'nowhere' ? undefined : metadata.version) ??
  (isTag(identity) ? identity : '')

/**
 * I14: a run that published is told of its record when it is repeated, whatever other runs did since.
 * Not where it was given another title meanwhile, a version that a person published has its mark as
 * well, or the record has another number than the run asks for, since by that the versions of one run
 * are told apart.
 */
function checkRecognised(side: Side, executed: Executed, { error, outputs }: DepositRunEnd): void {
  const { record, run } = executed
  const isPublished = error === undefined && outputs.state === 'published'
  if (isPublished && outputs.version === versionOf(run)) executed.record ??= outputs['deposit-id']
  if (record === undefined || run.files === undefined || side.isPublishedByHand) return
  // Under another title it is known by its files alone, which may have been built anew.
  if (side.zenodo.deposit(record)?.metadata['title'] !== run.metadata.title) return
  must(error === undefined, 'I14', () => `${record} was published, and again: ${wordsOf(error)}`)
  const id = outputs['deposit-id']
  must(id === record, 'I14', () => `${record} was published, and again ${String(id)}`)
}

/** I13: what a run has done it does not do again. */
async function checkTwice(side: Side, executed: Executed, first: DepositRunEnd): Promise<void> {
  const before = side.portraits()
  await side.rest()
  const again = await side.run(executed, [])
  const isSame = side.portraits().join() === before.join()
  must(isSame, 'I13', () => 'the same run once more changed something')
  const [is, shouldBe] = [again, first].map(({ error }) => error === undefined)
  must(is === shouldBe, 'I13', () => `first ${wordsOf(first.error)}, then ${wordsOf(again.error)}`)
}

function compare(calm: Side, rough: Side): void {
  const [is, shouldBe] = [rough.portraits(), calm.portraits()]
  const n = shouldBe.findIndex((one, k) => one !== is[k])
  must(
    n < 0 && is.length === shouldBe.length,
    'I6',
    () =>
      `after trouble: ${is[n] ?? `${is.length} deposits`}; without: ${shouldBe[n] ?? `${shouldBe.length}`}`,
  )
}

/** What a step runs; a re-run of nothing is nothing. */
function toExecuted(step: Exclude<Step, Deed>, side: Side): Executed | undefined {
  if (step.kind === 'run') return { run: step, depositId: side.name(step.named) }
  const earlier = side.executed[step.pick % side.executed.length]
  if (earlier === undefined) return undefined
  const { run } = earlier
  if (!step.isRebuilt || run.files === undefined) return earlier
  const files = Object.fromEntries(Object.entries(run.files).map(([key, n]) => [key, n + 10]))
  return { ...earlier, record: undefined, run: { ...run, files } }
}
