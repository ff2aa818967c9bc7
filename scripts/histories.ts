import { parseArgs } from 'node:util'
import '../__tests__/support/quiet.ts'
import { planHistory, shrink, type History } from '../__tests__/e2e/histories/history.ts'
import { live, type Outcome } from '../__tests__/e2e/histories/live.ts'
import type { Violation } from '../__tests__/e2e/histories/invariants.ts'
import { seedOfDay, toNumber } from './numbers.ts'

const USAGE = `Lives through random histories of one repository: runs of the step, some of them repeated, some
disturbed, and people's work in the browser in between. After every step nothing may be broken of what
docs promise (__tests__/e2e/histories/invariants.ts lists it), and trouble may make no difference once the step was run again.

  --histories N  how many (500)
  --seed N       seed of the first; the next ones follow (the day's number, times 10000)
  --minutes N    stop beginning new ones after so long (10)
  --most N       how many violations of one kind are made smaller and shown whole (2)
`

function readOptions() {
  const { values } = parseArgs({
    options: {
      histories: { type: 'string', default: '500' },
      seed: { type: 'string', default: String(seedOfDay() * 10_000) },
      minutes: { type: 'string', default: '10' },
      most: { type: 'string', default: '2' },
    },
  })
  return {
    histories: toNumber('histories', values.histories),
    seed: toNumber('seed', values.seed),
    minutes: toNumber('minutes', values.minutes),
    most: toNumber('most', values.most),
  }
}

/** In every fourth history lists lag, as the real server's do. */
const lagOf = (seed: number): number => (seed % 4 === 0 ? 4 : 0)

/** How the smallest history went that breaks the same, as far as one change after the other leads. */
async function minimise(seed: number, { invariant }: Violation): Promise<Outcome> {
  const findSmaller = async (history: History): Promise<[History, Outcome] | undefined> => {
    for (const smaller of shrink(history)) {
      const outcome = await live(smaller, lagOf(seed))
      if (outcome.violation?.invariant === invariant) return [smaller, outcome]
    }
    return undefined
  }
  let history = planHistory(seed)
  let outcome = await live(history, lagOf(seed))
  for (;;) {
    const found = await findSmaller(history)
    if (found === undefined) return outcome
    ;[history, outcome] = found
  }
}

/** Returns how many histories went wrong. */
async function main({ histories, seed: first, minutes, most }: ReturnType<typeof readOptions>) {
  const startMs = performance.now()
  const isTimeLeft = (): boolean => performance.now() - startMs < minutes * 60_000
  const counts = { done: 0, runs: 0, failed: 0, cutShort: 0 }
  const wrong = new Map<string, number>()
  for (let seed = first; seed < first + histories && isTimeLeft(); seed += 1) {
    const { violation, runs, failed, isCutShort } = await live(planHistory(seed), lagOf(seed))
    counts.done += 1
    counts.runs += runs
    counts.failed += failed
    counts.cutShort += Number(isCutShort)
    if (violation === undefined) continue
    const known = wrong.get(violation.invariant) ?? 0
    wrong.set(violation.invariant, known + 1)
    console.log(`WRONG with seed ${seed}: ${violation.invariant}: ${violation.message}`)
    console.log(`  again: npm run histories -- --histories 1 --seed ${seed}`)
    if (known >= most) continue
    const small = await minimise(seed, violation)
    console.log(['  made smaller:', ...small.log].join('\n  '))
  }
  const seconds = Math.round((performance.now() - startMs) / 1000)
  console.log(
    `${counts.done} histories from seed ${first} in ${seconds} s: ${counts.runs} runs, of which ${counts.failed} failed of trouble and were run again; ${counts.cutShort} histories cut short; wrong: ${JSON.stringify(Object.fromEntries(wrong))}`,
  )
  return wrong.size
}

try {
  process.exitCode = (await main(readOptions())) > 0 ? 1 : 0
} catch (error) {
  console.error(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n\n${USAGE}`)
  process.exitCode = 2
}
