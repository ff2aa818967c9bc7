import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { runWorkflow } from './run-workflow.ts'

const TAG = { ref: 'refs/tags/v1.2.0' }
const MAIN = { ref: 'refs/heads/main' }
const CSV_FILES = ['instruments.csv', 'sites.csv', 'water-level.csv', 'water-temperature.csv']
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE']

/** What leads a workflow to this server, as a user of it. */
function settingsFor(zenodo: Zenodo) {
  return { zenodoUrl: zenodo.url, token: tokenOf(zenodo) }
}

function tokenOf({ tokens }: Zenodo): string {
  return tokens['alice'] ?? ''
}

describe('the example workflows, run by act', () => {
  test('publish the data of a pushed tag, and hand the DOI to a later step and another job', async () => {
    await using zenodo = await startZenodo()

    const run = await runWorkflow({
      workflow: 'examples/workflows/publish-on-tag.yml',
      event: 'push',
      payload: TAG,
      ...settingsFor(zenodo),
    })

    const [record] = zenodo.deposits()
    expect(run).toMatchObject({ exitCode: 0, jobs: { publish: 'success', announce: 'success' } })
    expect(record).toMatchObject({ submitted: true, metadata: { version: 'v1.2.0' } })
    expect(record?.files.map(({ key }) => key).toSorted()).toEqual(['README.md', ...CSV_FILES])
    expect(run.printed).toContain(`published version v1.2.0 as ${record?.doi}`)
    expect(run.printed).toContain(`Cite the data as https://doi.org/${record?.doi}`)
    expect(run.summaries.join()).toContain(record?.doi)
    expect(run.transcript).not.toContain(tokenOf(zenodo))
  })

  test('publish the data of a release under the version of its tag', async () => {
    await using zenodo = await startZenodo()

    const run = await runWorkflow({
      workflow: 'examples/workflows/publish-on-release.yml',
      event: 'release',
      payload: { action: 'published', release: { tag_name: 'v2.0.0', prerelease: false } },
      ...settingsFor(zenodo),
    })

    const [record] = zenodo.deposits()
    expect(run).toMatchObject({ exitCode: 0, jobs: { publish: 'success' } })
    expect(record).toMatchObject({ submitted: true, metadata: { version: 'v2.0.0' } })
    expect(run.printed).toContain(`(https://doi.org/${record?.conceptDoi})`)
  })

  test('check a pull request without a token, and ask the server nothing', async () => {
    await using zenodo = await startZenodo()

    const run = await runWorkflow({
      workflow: 'examples/workflows/check-pull-request.yml',
      event: 'pull_request',
      payload: { number: 7, pull_request: { head: { ref: 'fix' }, base: { ref: 'main' } } },
      zenodoUrl: zenodo.url,
    })

    expect(run).toMatchObject({ exitCode: 0, jobs: { check: 'success' } })
    expect(run.printed).toContain('The deposit is planned')
    expect(run.summaries.join()).toContain('21.8 kB')
    expect(zenodo.requests).toEqual([])
  })

  test('make a draft of a push to main, described by both sources, and publish nothing', async () => {
    await using zenodo = await startZenodo()

    const run = await runWorkflow({
      workflow: 'examples/workflows/draft-on-push.yml',
      event: 'push',
      payload: MAIN,
      ...settingsFor(zenodo),
    })

    const [draft] = zenodo.deposits()
    expect(run).toMatchObject({ exitCode: 0, jobs: { draft: 'success' } })
    expect(draft).toMatchObject({
      submitted: false,
      metadata: {
        title: expect.stringContaining('not yet reviewed') as unknown,
        license: 'cc-by-4.0',
      },
    })
    for (const { key, size, checksum } of draft?.files ?? []) {
      expect(run.printed).toContain(`uploaded ${key} ${size} ${checksum}`)
    }
    expect(draft?.files.map(({ key }) => key).toSorted()).toEqual(CSV_FILES)
  })

  test('reserve a DOI, build it into the data, and publish under that DOI', async () => {
    await using zenodo = await startZenodo()

    const run = await runWorkflow({
      workflow: 'examples/workflows/two-steps.yml',
      event: 'workflow_dispatch',
      ...settingsFor(zenodo),
    })

    const deposits = zenodo.deposits()
    const cite = deposits[0]?.files.find(({ key }) => key === 'CITE.txt')
    expect(run).toMatchObject({ exitCode: 0, jobs: { publish: 'success' } })
    expect(deposits).toHaveLength(1)
    expect(cite?.content?.toString()).toBe(`Cite as https://doi.org/${deposits[0]?.doi}\n`)
    expect(run.printed).toContain(`The data name their own DOI, ${deposits[0]?.doi}`)
  })

  test('fail the job when a pattern matches nothing, before anything is written', async () => {
    await using zenodo = await startZenodo()

    const run = await runWorkflow({
      workflow: 'examples/workflows/on-failure.yml',
      event: 'workflow_dispatch',
      ...settingsFor(zenodo),
    })

    expect(run).toMatchObject({ exitCode: 1, jobs: { publish: 'failure' } })
    expect(run.errors.join()).toContain('results/*.parquet')
    expect(run.printed).toContain('the draft left behind is none')
    expect(zenodo.requests.filter(({ method }) => WRITES.includes(method))).toEqual([])
  })
})

test('a token that the engine does not know as a secret is masked by the action', async () => {
  await using zenodo = await startZenodo()

  const run = await runWorkflow({
    workflow: '__tests__/workflows/masking.yml',
    event: 'workflow_dispatch',
    zenodoUrl: zenodo.url,
    env: { PLAIN_TOKEN: tokenOf(zenodo) },
  })

  expect(run.exitCode).toBe(0)
  expect(run.printed).toContain('the token is <***>')
  expect(run.printed).not.toContain(tokenOf(zenodo))
})
