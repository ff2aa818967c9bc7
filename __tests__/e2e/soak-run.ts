import { createHash } from 'node:crypto'
import { DepositError } from '../../src/errors.ts'
import { startZenodo, type DepositView, type Zenodo } from '../../test-server/server.ts'
import { ClientSockets } from '../support/client-sockets.ts'
import { runDeposit, type DepositRun, type DepositRunEnd } from '../support/deposit-run.ts'
import { createShortClock } from '../support/short-clock.ts'
import { createDataWorkspace } from '../support/workspace.ts'
import { planSoak, type SoakPlan } from './soak-plan.ts'

/** How a run of the soak test ended. */
export interface SoakEnd {
  /** What it was about, for people. */
  readonly story: string
  /** Whether the first run of the step failed, and how often it was run again. */
  readonly failed: string | undefined
  readonly again: number
  /** What was not true that must be; undefined is good. */
  readonly problem: string | undefined
}

const MOST_AGAIN = 3

/** One step with random faults: it ends right, or it fails truthfully and ends right when run again without them. */
export async function soakOnce(seed: number): Promise<SoakEnd> {
  const plan = planSoak(seed)
  const wanted = contentsOf(plan)
  await using workspace = await createDataWorkspace({
    ...prefixed('data/', wanted),
    ...prefixed('old/', oldContents(plan, wanted)),
  })
  await using zenodo = await startZenodo()
  using sockets = new ClientSockets()
  const base = { url: zenodo.url, token: zenodo.tokens['alice'] ?? '', workspace: workspace.path }
  const step = await prepare(plan, base)
  const toEnd = (problem: string | undefined, end: DepositRunEnd, again: number): SoakEnd => ({
    story: tell(plan),
    failed: wordsOf(end.error),
    again,
    problem: problem ?? (sockets.open > 0 ? `${sockets.open} connections are open` : undefined),
  })

  for (const fault of plan.faults) zenodo.fault(fault)
  const first = await runDeposit({ ...step, stallMs: 200 })
  zenodo.clearFaults()
  const lie = first.error === undefined ? undefined : findLie(first, zenodo)
  if (lie !== undefined) return toEnd(lie, first, 0)

  let last = first
  let again = 0
  while (last.error !== undefined && again < MOST_AGAIN) {
    again += 1
    last = await runDeposit({ ...step, stallMs: 20_000 })
  }
  const words = wordsOf(last.error)
  const problem =
    words === undefined
      ? findDifference(plan, wanted, { zenodo, end: last })
      : `still fails when run again without faults: ${words}`
  return toEnd(problem, first, again)
}

function wordsOf(error: unknown): string | undefined {
  if (error === undefined) return undefined
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error)
}

type Contents = Readonly<Record<string, Buffer>>

const contentsOf = ({ files }: SoakPlan): Contents =>
  Object.fromEntries([...files].map(([key, size]) => [key, Buffer.alloc(size, `${key} new `)]))

/** What was sent before: the first files as they are, the next ones with other bytes, and some that are not wanted any more. */
function oldContents({ before }: SoakPlan, wanted: Contents): Contents {
  const entries = Object.entries(wanted)
  const same = entries.slice(0, before.same)
  const other = entries
    .slice(before.same, before.same + before.other)
    .map(([key, bytes]) => [key, Buffer.alloc(bytes.length, `${key} old `)] as const)
  const unwanted = Array.from(
    { length: before.unwanted },
    (_, n) => [`gone${n}.bin`, Buffer.alloc(3000, 'gone')] as const,
  )
  const all = [...same, ...other, ...unwanted]
  return Object.fromEntries(all.length > 0 ? all : [['gone.bin', Buffer.from('gone')]])
}

const prefixed = (prefix: string, contents: Contents): Contents =>
  Object.fromEntries(Object.entries(contents).map(([key, bytes]) => [`${prefix}${key}`, bytes]))

/** Brings about the start without faults; gives the step that is then disturbed. */
async function prepare(
  plan: SoakPlan,
  base: Pick<DepositRun, 'url' | 'token' | 'workspace'>,
): Promise<DepositRun> {
  const quick = { ...base, clock: createShortClock(5), stallMs: 20_000 }
  const inputs = {
    files: 'data/*',
    publish: String(plan.publish),
    retries: String(plan.retries),
    concurrency: String(plan.concurrency),
  }
  const step = { ...quick, tag: 'v2', inputs }
  if (plan.start === 'nothing') return step
  const isPublished = plan.start === 'a published version'
  const old = { files: 'old/*', publish: String(isPublished), version: 'v1' }
  const { error, outputs } = await runDeposit({ ...quick, tag: 'v1', inputs: old })
  if (error !== undefined) throw new Error('the start could not be brought about', { cause: error })
  const id = (isPublished ? outputs['concept-id'] : outputs['deposit-id']) ?? ''
  return { ...step, inputs: { ...inputs, 'deposit-id': id } }
}

/** A failure must be one we report on purpose, and outputs must not claim what is not. */
function findLie({ error, outputs }: DepositRunEnd, zenodo: Zenodo): string | undefined {
  if (!(error instanceof DepositError)) return `unexpected error: ${wordsOf(error) ?? 'none'}`
  const deposit = zenodo.deposit(outputs['deposit-id'] ?? '')
  if (outputs.published === 'true' && deposit?.submitted !== true) {
    return 'the outputs call it published, and it is not'
  }
  return undefined
}

function findDifference(
  { start, publish }: SoakPlan,
  wanted: Contents,
  { zenodo, end }: { zenodo: Zenodo; end: DepositRunEnd },
): string | undefined {
  const deposits = zenodo.deposits()
  const expected = start === 'a published version' ? 2 : 1
  if (end.outputs.state === 'unchanged' && start === 'a published version') return undefined
  if (deposits.length !== expected) return `${deposits.length} deposits instead of ${expected}`
  const deposit = deposits.find(({ id }) => String(id) === end.outputs['deposit-id'])
  if (deposit === undefined) return `no deposit ${end.outputs['deposit-id'] ?? 'in the outputs'}`
  if (deposit.submitted !== publish) return publish ? 'not published' : 'published'
  if (end.outputs.state !== (publish ? 'published' : 'draft')) {
    return `the state is called ${end.outputs.state ?? 'nothing'}`
  }
  const is = listing(deposit)
  const shouldBe = Object.entries(wanted).map(([key, bytes]) => `${key} ${md5(bytes)}`)
  return is.join() === shouldBe.toSorted().join() ? undefined : `it holds ${is.join(', ')}`
}

const listing = ({ files }: DepositView): readonly string[] =>
  files.map(({ key, checksum }) => `${key} ${checksum}`).toSorted()

const md5 = (bytes: Buffer): string => `md5:${createHash('md5').update(bytes).digest('hex')}`

function tell({ start, publish, files, faults, retries, concurrency }: SoakPlan): string {
  const sizes = [...files.values()].join(' ')
  const what = faults.map((fault) => JSON.stringify(fault)).join(' ')
  return `start: ${start}; publish: ${String(publish)}; files: ${sizes}; retries: ${retries}; concurrency: ${concurrency}; faults: ${what}`
}
