import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { runDeposit, type DepositRun } from '../support/deposit-run.ts'
import { createDataWorkspace } from '../support/workspace.ts'

/** A story that a run tells, with what must be there before it. */
interface Story {
  readonly inputs: Readonly<Record<string, string>>
  readonly tag?: string
  /** Prepares the server and the workspace; gives further inputs. */
  readonly before?: (run: Omit<DepositRun, 'inputs'>) => Promise<Readonly<Record<string, string>>>
}

const FILES = {
  'data/a.csv': 'time,level\n1,2\n',
  'data/b.csv': 'time,level\n3,4\n',
  'data/c.txt': 'new\n',
}
const OLD = { files: 'old/*', publish: 'true', version: '1' }

async function publishFirst(
  run: Omit<DepositRun, 'inputs'>,
): Promise<Readonly<Record<string, string>>> {
  const first = await runDeposit({ ...run, tag: 'v0', inputs: OLD })
  expect(first.error).toBeUndefined()
  return { 'deposit-id': first.outputs['concept-id'] ?? '' }
}

const STORIES: Readonly<Record<string, Story>> = {
  'a new deposit, published': { tag: 'v1', inputs: { files: 'data/*', publish: 'true' } },
  'a new deposit, left a draft': { tag: 'v1', inputs: { files: 'data/*' } },
  'a new deposit without a tag': { inputs: { files: 'data/*', publish: 'true' } },
  'a next version, published': {
    tag: 'v1',
    inputs: { files: 'data/*', publish: 'true' },
    before: publishFirst,
  },
  'a next version without a tag': {
    inputs: { files: 'data/*', publish: 'true' },
    before: publishFirst,
  },
  'a next version described by inputs alone': {
    tag: 'v1',
    inputs: { files: 'data/*', publish: 'true', 'metadata-file': 'none' },
    before: publishFirst,
  },
  'a next version with the files of the one before': {
    tag: 'v1',
    inputs: {},
    before: publishFirst,
  },
  'a next version, left a draft': { tag: 'v1', inputs: { files: 'data/*' }, before: publishFirst },
  'a draft that is continued, published': {
    tag: 'v1',
    inputs: { files: 'data/*', publish: 'true' },
    async before(run) {
      const draft = await runDeposit({ ...run, tag: 'v1', inputs: { files: 'old/*' } })
      return { 'deposit-id': draft.outputs['deposit-id'] ?? '' }
    },
  },
  'a reserved deposit, published': {
    tag: 'v1',
    inputs: { files: 'data/*', publish: 'true' },
    async before(run) {
      const reserved = await runDeposit({ ...run, tag: 'v1', inputs: {} })
      return { 'deposit-id': reserved.outputs['deposit-id'] ?? '' }
    },
  },
}

/** What a person would see: everything but ids and times. */
function endState(zenodo: Zenodo): unknown {
  return zenodo.deposits().map(({ state, submitted, metadata, files, doi }) => ({
    state,
    submitted,
    hasDoi: doi !== undefined,
    title: metadata['title'],
    version: metadata['version'],
    files: files.map(({ key, checksum }) => `${key} ${checksum}`).toSorted(),
  }))
}

async function prepare(story: Story) {
  const workspace = await createDataWorkspace({
    ...FILES,
    'old/a.csv': FILES['data/a.csv'],
    'old/b.csv': 'before\n',
    'old/gone.csv': 'x\n',
  })
  const zenodo = await startZenodo()
  const base = {
    url: zenodo.url,
    token: zenodo.tokens['alice'] ?? '',
    workspace: workspace.path,
    ...(story.tag !== undefined && { tag: story.tag }),
  }
  const further = (await story.before?.(base)) ?? {}
  const from = zenodo.requests.length
  return {
    zenodo,
    run: { ...base, inputs: { ...story.inputs, ...further } },
    from,
    async [Symbol.asyncDispose]() {
      await zenodo.close()
      await workspace[Symbol.asyncDispose]()
    },
  }
}

/** Keys whose bytes arrived at the server, once for each time that they did. */
const arrivals = (zenodo: Zenodo, from: number): readonly string[] =>
  zenodo.requests
    .slice(from)
    .filter(
      ({ method, path, bytesReceived }) =>
        method === 'PUT' && path.startsWith('/api/files/') && bytesReceived > 0,
    )
    .map(({ path }) => path.split('/').at(-1) ?? '')

describe.each(Object.entries(STORIES))('the same step run again: %s', (_, story) => {
  test('ends, after a failure at any request, like a run that never failed', async () => {
    await using whole = await prepare(story)
    const undisturbed = await runDeposit(whole.run)
    expect(undisturbed.error).toBeUndefined()
    const wanted = endState(whole.zenodo)
    const requests = whole.zenodo.requests.length - whole.from

    const faults = ['refuseConnection', 'loseAnswer'] as const
    for (let k = 0; k < requests; k += 1) {
      for (const kind of faults) {
        await using stage = await prepare(story)
        const { zenodo, run, from } = stage
        zenodo.fault({
          skip: k,
          times: 1,
          ...(kind === 'loseAnswer' ? { loseAnswer: 'close' } : { refuseConnection: true }),
        })
        zenodo.fault({ skip: k, times: Infinity, refuseConnection: true })
        const failed = await runDeposit({ ...run, inputs: { ...run.inputs, retries: '0' } })
        zenodo.clearFaults()

        const again = await runDeposit(run)

        const where = `failed at request ${k + 1} (${kind}): ${String(failed.error)}`
        expect({ where, error: again.error }).toEqual({ where, error: undefined })
        expect({ where, state: endState(zenodo) }).toEqual({ where, state: wanted })
        const stored = arrivals(zenodo, from)
        expect({ where, twice: stored.filter((key, i) => stored.indexOf(key) !== i) }).toEqual({
          where,
          twice: [],
        })
      }
    }
  }, 120_000)

  test('does nothing the second time', async () => {
    await using stage = await prepare(story)
    const { zenodo, run } = stage
    await runDeposit(run)
    const before = endState(zenodo)
    const from = zenodo.requests.length

    const again = await runDeposit(run)

    expect(again.error).toBeUndefined()
    expect(endState(zenodo)).toEqual(before)
    expect(arrivals(zenodo, from)).toEqual([])
  })
})
