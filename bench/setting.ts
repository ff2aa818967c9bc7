import type { StepRun, Step } from './run.ts'
import type { BenchFolder } from './world.ts'

/** What every benchmark works with. */
export interface Setting {
  readonly folder: BenchFolder
  readonly ours: (step: Step) => Promise<StepRun>
  /** Smaller and fewer: to see that it works. */
  readonly isQuick: boolean
  readonly rounds: number
}

/** What a benchmark found: a table for people. */
export interface Section {
  readonly title: string
  /** How it was measured, and what the numbers mean. */
  readonly words: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

let last = 0
/** A tag that no run had before, so that each run makes a deposit of its own. */
export const freshTag = (): string => `v${(last += 1)}`
