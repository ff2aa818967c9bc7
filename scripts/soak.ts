import { parseArgs } from 'node:util'
import '../__tests__/support/quiet.ts'
import { soakOnce } from '../__tests__/e2e/soak-run.ts'
import { seedOfDay, toNumber } from './numbers.ts'

const USAGE = `Runs the step again and again with random faults. Every run must end right, or fail truthfully and
end right when it is run again without the faults.

  --runs N      how many runs (200)
  --seed N      seed of the first run; the next ones follow (the day's number)
  --minutes N   stop beginning new runs after so long (10)
  --verbose     a line for every run
`

function readOptions() {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(seedOfDay()) },
      minutes: { type: 'string', default: '10' },
      verbose: { type: 'boolean', default: false },
    },
  })
  return {
    runs: toNumber('runs', values.runs),
    seed: toNumber('seed', values.seed),
    minutes: toNumber('minutes', values.minutes),
    verbose: values.verbose,
  }
}

/** Returns how many runs were wrong. */
async function soak({ runs, seed, minutes, verbose }: ReturnType<typeof readOptions>) {
  const startMs = performance.now()
  const counts = { done: 0, undisturbed: 0, repeated: 0, wrong: 0 }
  const isTimeLeft = (): boolean => performance.now() - startMs < minutes * 60_000
  for (let run = 0; run < runs && isTimeLeft(); run += 1) {
    const end = await soakOnce(seed + run)
    counts.done += 1
    counts[end.again === 0 ? 'undisturbed' : 'repeated'] += 1
    if (verbose) console.log(`seed ${seed + run}: ${end.failed ?? 'ended right'}`)
    if (end.problem === undefined) continue
    counts.wrong += 1
    console.log(`WRONG with seed ${seed + run}: ${end.problem}`)
    console.log(`  ${end.story}`)
    if (end.failed !== undefined) console.log(`  the disturbed run failed with: ${end.failed}`)
    console.log(`  again: npm run soak -- --runs 1 --seed ${seed + run}`)
  }
  const seconds = Math.round((performance.now() - startMs) / 1000)
  console.log(
    `${counts.done} of ${runs} runs from seed ${seed} in ${seconds} s: ${counts.undisturbed} ended right at once, ${counts.repeated} after being run again, ${counts.wrong} wrong`,
  )
  return counts.wrong
}

try {
  process.exitCode = (await soak(readOptions())) > 0 ? 1 : 0
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  process.exitCode = 2
}
