import { InputError } from '../../../src/errors.ts'
import { parseInputs, type Inputs } from '../../../src/action/inputs.ts'
import { parseTrigger, type Trigger } from '../../../src/action/trigger.ts'
import type { LocalFile } from '../../../src/files/local-file.ts'
import type { Deposit } from '../../../src/zenodo/deposit.ts'
import type { StoredFile } from '../../../src/zenodo/stored-file.ts'

/** Inputs as a step gives them; those not named are empty. `variables` are the names in the environment. */
export const createInputs = (
  given: Readonly<Record<string, string>> = {},
  variables: readonly string[] = [],
): Inputs => {
  const texts = new Map(Object.entries({ token: 'secret', ...given }))
  const { inputs, issues } = parseInputs((name) => texts.get(name) ?? '', variables)
  if (issues.length > 0) throw new InputError(issues)
  return inputs
}

/** A push of a tag, unless `env` and `event` say otherwise. */
export const createTrigger = (
  env: Readonly<Record<string, string>> = {},
  event: Readonly<Record<string, unknown>> = {},
): Trigger =>
  parseTrigger(
    {
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: 'refs/tags/v1.0',
      GITHUB_REF_NAME: 'v1.0',
      GITHUB_REF_TYPE: 'tag',
      GITHUB_REPOSITORY: 'owner/repo',
      GITHUB_RUN_ID: '77',
      ...env,
    },
    event,
  )

export const createDeposit = (given: Partial<Deposit> = {}): Deposit => ({
  id: '12',
  conceptId: '11',
  state: 'draft',
  doi: undefined,
  conceptDoi: undefined,
  metadata: {},
  files: [],
  bucketLink: 'https://zenodo.org/api/files/bucket',
  created: '2026-03-31T12:00:00.000000+00:00',
  ...given,
})

export const createLocalFile = (key: string, given: Partial<LocalFile> = {}): LocalFile => ({
  path: `/workspace/data/${key}`,
  displayPath: `data/${key}`,
  key,
  sizeBytes: 10,
  stamp: '',
  ...given,
})

export const createStoredFile = (key: string, given: Partial<StoredFile> = {}): StoredFile => ({
  id: `id-of-${key}`,
  key,
  sizeBytes: 10,
  checksum: `md5:${key}`,
  ...given,
})
