import type { Checked } from '../../../src/action/check.ts'
import type { Result } from '../../../src/action/deposit.ts'
import { toDepositOutputs, type FileOutcome } from '../../../src/action/outputs.ts'
import type { Told } from '../../../src/action/summary-story.ts'
import type { ReadMetadata } from '../../../src/metadata/read-metadata.ts'
import { createDeposit, createInputs, createTrigger } from './builders.ts'

export const ORIGIN = 'https://zenodo.org'
export const DRAFT = createDeposit({ doi: '10.5281/zenodo.12' })
export const RECORD = createDeposit({
  state: 'record',
  doi: '10.5281/zenodo.12',
  conceptDoi: '10.5281/zenodo.11',
})

export const createOutcome = (key: string, given: Partial<FileOutcome> = {}): FileOutcome => ({
  key,
  sizeBytes: 1500,
  checksum: 'md5:0cc175b9c0f1b6a831c399e269772661',
  action: 'uploaded',
  ...given,
})

export const createMetadata = (given: Partial<ReadMetadata> = {}): ReadMetadata => ({
  metadata: { title: 'River levels', creators: [{ name: 'Doe, Jane' }] },
  hasFile: true,
  overrides: {},
  sources: { title: '.zenodo.json', creators: '.zenodo.json' },
  file: '.zenodo.json',
  passedOver: [],
  findings: [],
  dois: [],
  placeOf: () => undefined,
  ...given,
})

export const createChecked = (given: Partial<Checked> = {}): Checked => ({
  inputs: createInputs(),
  trigger: createTrigger(),
  files: undefined,
  hidden: [],
  metadata: createMetadata(),
  version: 'v1.0',
  publish: false,
  namedDois: [],
  citationPath: undefined,
  ...given,
})

/** A run that left a draft, unless something else is given. */
export function tell(given: Partial<Told> = {}): Told {
  const checked = createChecked()
  return {
    inputs: checked.inputs,
    checked,
    outputs: toDepositOutputs(DRAFT, ORIGIN, { state: 'draft', version: 'v1.0' }),
    journal: { remarks: [], stages: [{ title: 'Checking', startMs: 0 }] },
    ending: { kind: 'done', result: { state: 'draft', deposit: DRAFT, files: [] } },
    elapsedMs: 65_000,
    ...given,
  }
}

/** A run that ended with this result. */
export function tellDone(result: Partial<Result>, given: Partial<Told> = {}): Told {
  const complete: Result = { state: 'draft', deposit: DRAFT, files: [], ...result }
  const { deposit, state } = complete
  const outputs =
    deposit === undefined
      ? { state }
      : toDepositOutputs(deposit, given.inputs?.serverUrl ?? ORIGIN, { state, version: 'v1.0' })
  return tell({ outputs, ending: { kind: 'done', result: complete }, ...given })
}

/** A run that stopped at a stage of the log. */
export const tellStop = (ending: Told['ending'], stage: string, given: Partial<Told> = {}): Told =>
  tell({
    ending,
    outputs: {},
    journal: { remarks: [], stages: [{ title: stage, startMs: 0 }] },
    ...given,
  })
