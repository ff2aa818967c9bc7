import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { runDeposit } from '../support/deposit-run.ts'
import { createDataWorkspace } from '../support/workspace.ts'

const FILES = { 'data/a.csv': 'time,level\n1,2\n', 'data/b.csv': 'time,level\n3,4\n' }
const FIRST = { files: 'old/*', publish: 'true' }
const STEP = { files: 'data/*', publish: 'true' }

interface Story {
  /** Over those of the step. */
  readonly inputs?: Readonly<Record<string, string>>
  readonly before: (zenodo: Zenodo, workspace: string) => Promise<Readonly<Record<string, string>>>
  readonly versions: number
}

const aliceRun = (zenodo: Zenodo, workspace: string) => ({
  url: zenodo.url,
  token: zenodo.tokens['alice'] ?? '',
  workspace,
})

const STORIES: Readonly<Record<string, Story>> = {
  'a new deposit': { versions: 1, before: () => Promise.resolve({}) },
  'a next version': {
    versions: 2,
    async before(zenodo, workspace) {
      const first = await runDeposit({ ...aliceRun(zenodo, workspace), tag: 'v0', inputs: FIRST })
      return { 'deposit-id': first.outputs['concept-id'] ?? '' }
    },
  },
  'a new deposit that stays a draft': {
    versions: 1,
    inputs: { publish: 'false' },
    before: () => Promise.resolve({}),
  },
  'a draft that is continued': {
    versions: 1,
    async before(zenodo, workspace) {
      const inputs = { files: 'old/*' }
      const draft = await runDeposit({ ...aliceRun(zenodo, workspace), tag: 'v1', inputs })
      return { 'deposit-id': draft.outputs['deposit-id'] ?? '' }
    },
  },
  'a reserved deposit': {
    versions: 1,
    async before(zenodo, workspace) {
      const reserved = await runDeposit({ ...aliceRun(zenodo, workspace), tag: 'v1', inputs: {} })
      return { 'deposit-id': reserved.outputs['deposit-id'] ?? '' }
    },
  },
}

/** Runs the bundle in a process that dies, without a word, when `death` aborts. */
async function runUntilKilled(
  zenodo: Zenodo,
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  death: AbortSignal,
): Promise<void> {
  const given = { token: zenodo.tokens['alice'] ?? '', 'server-url': zenodo.url, ...inputs }
  const child = spawn(process.execPath, [join(process.cwd(), 'dist', 'index.js')], {
    cwd: workspace,
    stdio: 'ignore',
    killSignal: 'SIGKILL',
    signal: death,
    env: {
      ...Object.fromEntries(
        Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'octo/rivers',
      GITHUB_REF: 'refs/tags/v1',
      GITHUB_REF_TYPE: 'tag',
      GITHUB_REF_NAME: 'v1',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_RUN_ID: '4711',
    },
  })
  child.once('error', () => undefined) // the abort
  await new Promise<void>((resolve) => void child.once('close', () => resolve()))
}

/** What a run that was never killed leaves. */
const endState = (zenodo: Zenodo): unknown =>
  zenodo.deposits().map(({ state, metadata, files }) => ({
    state,
    version: metadata['version'],
    files: files.map(({ key, checksum }) => `${key} ${checksum}`).toSorted(),
  }))

const arrivals = (zenodo: Zenodo, from: number): readonly string[] =>
  zenodo.requests
    .slice(from)
    .filter(
      ({ method, path, bytesReceived }) =>
        method === 'PUT' && path.startsWith('/api/files/') && bytesReceived > 0,
    )
    .map(({ path }) => path.split('/').at(-1) ?? '')

async function prepare(story: Story) {
  const workspace = await createDataWorkspace({
    ...FILES,
    'old/a.csv': FILES['data/a.csv'],
    'old/b.csv': 'before\n',
  })
  const zenodo = await startZenodo()
  const inputs = { ...STEP, ...story.inputs, ...(await story.before(zenodo, workspace.path)) }
  return {
    workspace,
    zenodo,
    inputs,
    from: zenodo.requests.length,
    async [Symbol.asyncDispose]() {
      await zenodo.close()
      await workspace[Symbol.asyncDispose]()
    },
  }
}

describe.each(Object.entries(STORIES))('%s, killed at any request and run again', (_, story) => {
  test('ends like a run that was never killed, and sends no byte twice', async () => {
    await using whole = await prepare(story)
    await runDeposit({
      ...aliceRun(whole.zenodo, whole.workspace.path),
      tag: 'v1',
      inputs: whole.inputs,
    })
    const wanted = endState(whole.zenodo)
    const requests = whole.zenodo.requests.length - whole.from
    expect(whole.zenodo.deposits()).toHaveLength(story.versions)

    for (let k = 0; k < requests; k += 1) {
      await using stage = await prepare(story)
      const { workspace, zenodo, inputs, from } = stage
      const death = new AbortController()
      // In turn: the server acts although the client is dead; the server never gets to act.
      if (k % 2 === 0) zenodo.fault({ skip: k, before: () => death.abort() })
      else zenodo.fault({ skip: k, times: Infinity, refuseConnection: true })
      const watch = setInterval(() => {
        if (zenodo.requests.length > from + k) death.abort()
      }, 1)
      await runUntilKilled(zenodo, workspace.path, inputs, death.signal)
      clearInterval(watch)
      zenodo.clearFaults()

      const again = await runDeposit({ ...aliceRun(zenodo, workspace.path), tag: 'v1', inputs })

      const where = `killed at request ${k + 1}`
      expect({ where, error: again.error, state: endState(zenodo) }).toEqual({
        where,
        error: undefined,
        state: wanted,
      })
      const sent = arrivals(zenodo, from)
      expect({ where, twice: sent.filter((key, i) => sent.indexOf(key) !== i) }).toEqual({
        where,
        twice: [],
      })
    }
  }, 120_000)
})
