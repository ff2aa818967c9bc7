import { expect, test, describe } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { startGitHub, TOKEN } from '../github/support/fake-github.ts'
import { runWorkflow, type RunWorkflowOptions } from './run-workflow.ts'

const CSV_FILES = ['instruments.csv', 'sites.csv', 'water-level.csv', 'water-temperature.csv']
const ALL_FILES = ['README.md', ...CSV_FILES]
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE']

const example = (name: string): string => `examples/workflows/${name}.yml`
const tokenOf = ({ tokens }: Zenodo): string => tokens['alice'] ?? ''
const keysOf = (deposit: { files: readonly { key: string }[] } | undefined): string[] =>
  (deposit?.files ?? []).map(({ key }) => key).toSorted()

/** Runs an example as a user of this server would. */
function run(
  zenodo: Zenodo,
  name: string,
  options: Omit<RunWorkflowOptions, 'workflow' | 'zenodoUrl'>,
) {
  const secrets = { ZENODO_TOKEN: tokenOf(zenodo), ZENODO_SANDBOX_TOKEN: tokenOf(zenodo) }
  return runWorkflow({ workflow: example(name), zenodoUrl: zenodo.url, secrets, ...options })
}

const pushTag = (zenodo: Zenodo, tag: string, options = {}) =>
  run(zenodo, 'publish-on-tag', {
    event: 'push',
    payload: { ref: `refs/tags/${tag}` },
    ...options,
  })

describe('the workflows of the documentation, run by act', () => {
  test('first-deposit.yml makes a draft with the metadata of the workflow and publishes nothing', async () => {
    await using zenodo = await startZenodo()

    const result = await run(zenodo, 'first-deposit', { event: 'workflow_dispatch' })

    const [draft] = zenodo.deposits()
    expect(result).toMatchObject({ exitCode: 0, jobs: { deposit: 'success' } })
    expect(draft).toMatchObject({
      submitted: false,
      metadata: { title: 'Water temperature of a brook in May 2026', license: 'cc-by-4.0' },
    })
    expect(keysOf(draft)).toEqual(ALL_FILES)
    expect(result.summaries.join()).toContain('Draft')
  })

  test('publish-on-tag.yml publishes under the version of the tag, and hands the DOI to another job', async () => {
    await using zenodo = await startZenodo()

    const result = await pushTag(zenodo, 'v1.2.0')

    const [record] = zenodo.deposits()
    expect(result).toMatchObject({ exitCode: 0, jobs: { publish: 'success', announce: 'success' } })
    expect(record).toMatchObject({ submitted: true, metadata: { version: 'v1.2.0' } })
    expect(keysOf(record)).toEqual(ALL_FILES)
    expect(result.printed).toContain(`published version v1.2.0 as ${record?.doi}`)
    expect(result.printed).toContain(`Cite the data as https://doi.org/${record?.doi}`)
    expect(result.summaries.join()).toContain(record?.doi)
    expect(result.transcript).not.toContain(tokenOf(zenodo))
  })

  test('publish-on-release.yml prints the id that makes the next release the next version', async () => {
    await using zenodo = await startZenodo()
    const release = (tag: string, variables = {}) =>
      run(zenodo, 'publish-on-release', {
        event: 'release',
        payload: { action: 'published', release: { tag_name: tag, prerelease: false } },
        variables,
        files: { 'data/notes.txt': `Release ${tag}` },
      })

    const first = await release('v1.0.0')
    const conceptId = String(zenodo.deposits()[0]?.conceptId)
    const second = await release('v2.0.0', { ZENODO_DEPOSIT_ID: conceptId })

    expect([first.exitCode, second.exitCode]).toEqual([0, 0])
    expect(first.printed).toContain(`For the variable ZENODO_DEPOSIT_ID: ${conceptId}`)
    expect(zenodo.deposits()).toMatchObject([
      { submitted: true, metadata: { version: 'v1.0.0' } },
      { submitted: true, metadata: { version: 'v2.0.0' }, conceptId: Number(conceptId) },
    ])
    expect(second.printed).toContain(`(https://doi.org/${zenodo.deposits()[1]?.conceptDoi})`)
  })

  test('next-version.yml sends only what changed since the version before', async () => {
    await using zenodo = await startZenodo()
    await pushTag(zenodo, 'v1')
    const before = zenodo.requests.length

    const result = await run(zenodo, 'next-version', {
      event: 'workflow_dispatch',
      payload: { inputs: { version: '2026-06' } },
      inputs: { 'deposit-id': zenodo.deposits()[0]?.doi ?? '' },
      files: { 'data/june.csv': 'site,value\nmill-weir,12.5\n' },
    })

    const uploads = zenodo.requests
      .slice(before)
      .filter(({ method, path }) => method === 'PUT' && path.includes('/files/'))
    expect(result.exitCode).toBe(0)
    expect(zenodo.deposits()[1]).toMatchObject({
      submitted: true,
      metadata: { version: '2026-06' },
    })
    expect(keysOf(zenodo.deposits()[1])).toEqual([...ALL_FILES, 'june.csv'].toSorted())
    expect(uploads.map(({ path }) => path.split('/').at(-1))).toEqual(['june.csv'])
  })

  test('update-metadata.yml corrects the published record and leaves its files alone', async () => {
    await using zenodo = await startZenodo()
    await pushTag(zenodo, 'v1')

    const result = await run(zenodo, 'update-metadata', {
      event: 'push',
      payload: { ref: 'refs/heads/main' },
      inputs: { 'deposit-id': String(zenodo.deposits()[0]?.id), version: 'v1' },
      files: {
        '.zenodo.json': JSON.stringify({
          title: 'A title without the mistake',
          upload_type: 'dataset',
          description: 'Corrected.',
          creators: [{ name: 'Example, Ada' }],
        }),
      },
    })

    const [record, ...others] = zenodo.deposits()
    expect(result.exitCode).toBe(0)
    expect(others).toEqual([])
    expect(record).toMatchObject({
      state: 'done',
      metadata: { title: 'A title without the mistake', version: 'v1' },
    })
    expect(keysOf(record)).toEqual(ALL_FILES)
  })

  test('reserve-build-publish.yml builds the reserved DOI in and publishes under that DOI', async () => {
    await using zenodo = await startZenodo()

    const result = await run(zenodo, 'reserve-build-publish', {
      event: 'workflow_dispatch',
      files: {
        'CITATION.cff':
          'cff-version: 1.2.0\nmessage: Cite it.\ntitle: Brook\nauthors:\n  - name: Brook Group\n',
      },
    })

    const [record, ...others] = zenodo.deposits()
    const contentOf = (key: string) =>
      record?.files.find((file) => file.key === key)?.content?.toString()
    expect(result).toMatchObject({ exitCode: 0, jobs: { publish: 'success' } })
    expect(others).toEqual([])
    expect(record?.submitted).toBe(true)
    expect(contentOf('CITE.txt')).toBe(`Cite as https://doi.org/${record?.doi}\n`)
    expect(contentOf('CITATION.cff')).toContain(record?.doi)
  })

  test('large-data.yml packs the folders into one archive and leaves a draft', async () => {
    await using zenodo = await startZenodo()

    const result = await run(zenodo, 'large-data', {
      event: 'workflow_dispatch',
      files: { 'data/june/raw.csv': 'site,value\n' },
    })

    const [draft] = zenodo.deposits()
    const [archive] = draft?.files ?? []
    expect(result.exitCode).toBe(0)
    expect(keysOf(draft)).toEqual(['brook.zip'])
    expect(draft?.submitted).toBe(false)
    expect(archive?.content?.toString('latin1')).toContain('june/raw.csv')
    expect(result.printed).toContain(`uploaded brook.zip ${archive?.size} ${archive?.checksum}`)
  })

  test('many-jobs.yml publishes once what all jobs uploaded', async () => {
    await using zenodo = await startZenodo()

    const result = await run(zenodo, 'many-jobs', { event: 'workflow_dispatch' })

    const [record, ...others] = zenodo.deposits()
    expect(result).toMatchObject({ exitCode: 0, jobs: { reserve: 'success', publish: 'success' } })
    expect(others).toEqual([])
    expect(record?.submitted).toBe(true)
    expect(keysOf(record)).toEqual(['alder-bridge.csv', 'meadow-ford.csv', 'mill-weir.csv'])
  })

  test('check-pull-request.yml checks without a token, and asks the server nothing', async () => {
    await using zenodo = await startZenodo()

    const result = await runWorkflow({
      workflow: example('check-pull-request'),
      event: 'pull_request',
      payload: { number: 7, pull_request: { head: { ref: 'fix' }, base: { ref: 'main' } } },
      zenodoUrl: zenodo.url,
    })

    expect(result).toMatchObject({ exitCode: 0, jobs: { check: 'success' } })
    expect(result.printed).toContain('The deposit is planned')
    expect(result.summaries.join()).toContain('21.8 kB')
    expect(zenodo.requests).toEqual([])
  })

  test('sandbox-first.yml publishes on the sandbox, then for good, each with its own token', async () => {
    await using zenodo = await startZenodo()
    await using sandbox = await startZenodo({
      tokens: { alice: 'sandbox-token-of-alice' },
      doiPrefix: '10.5072',
    })

    const result = await run(zenodo, 'sandbox-first', {
      event: 'push',
      payload: { ref: 'refs/tags/v3.0.0' },
      sandboxUrl: sandbox.url,
      secrets: { ZENODO_TOKEN: tokenOf(zenodo), ZENODO_SANDBOX_TOKEN: tokenOf(sandbox) },
    })

    expect(result).toMatchObject({ exitCode: 0, jobs: { rehearse: 'success', publish: 'success' } })
    for (const server of [sandbox, zenodo]) {
      expect(server.deposits()).toMatchObject([{ submitted: true }])
    }
  })

  test('sandbox-first.yml publishes nothing for good when the rehearsal fails', async () => {
    await using zenodo = await startZenodo()
    await using sandbox = await startZenodo()

    const result = await run(zenodo, 'sandbox-first', {
      event: 'push',
      payload: { ref: 'refs/tags/v3.0.0' },
      sandboxUrl: sandbox.url,
      secrets: { ZENODO_TOKEN: tokenOf(zenodo), ZENODO_SANDBOX_TOKEN: 'mistyped' },
    })

    expect(result.exitCode).toBe(1)
    expect(result.errors.join()).toContain('does not accept this token')
    expect(zenodo.requests).toEqual([])
  })

  test('source-release.yml publishes the sources and the assets, and puts the badge into the notes', async () => {
    await using zenodo = await startZenodo()
    const world = {
      assets: [{ id: 1, name: 'brook.nc', content: Buffer.from('asset') }],
      body: 'What is new',
    }
    await using github = await startGitHub(world)

    const result = await run(zenodo, 'source-release', {
      event: 'release',
      payload: { action: 'published', release: { id: 7, tag_name: 'v1/β', prerelease: false } },
      secrets: { ZENODO_TOKEN: tokenOf(zenodo), GITHUB_TOKEN: TOKEN },
      env: { GITHUB_REPOSITORY: 'owner/repo', GITHUB_API_URL: github.api.url },
    })

    const [record] = zenodo.deposits()
    expect(result.exitCode).toBe(0)
    expect(record?.submitted).toBe(true)
    expect(keysOf(record)).toEqual(['brook.nc', 'repo-v1-β.zip'])
    expect(world.body).toContain(record?.conceptDoi)
    expect(result.transcript).not.toContain(TOKEN)
  })

  test('on-failure.yml fails the job before anything is written, and lets a step react', async () => {
    await using zenodo = await startZenodo()

    const result = await run(zenodo, 'on-failure', { event: 'workflow_dispatch' })

    expect(result).toMatchObject({ exitCode: 1, jobs: { publish: 'failure' } })
    expect(result.errors.join()).toContain('results/*.parquet')
    expect(result.printed).toContain('The deposit is none (nothing done)')
    expect(zenodo.requests.filter(({ method }) => WRITES.includes(method))).toEqual([])
  })
})

test('a token that the engine does not know as a secret is masked by the action', async () => {
  await using zenodo = await startZenodo()

  const result = await runWorkflow({
    workflow: '__tests__/workflows/masking.yml',
    event: 'workflow_dispatch',
    zenodoUrl: zenodo.url,
    env: { PLAIN_TOKEN: tokenOf(zenodo) },
  })

  expect(result.exitCode).toBe(0)
  expect(result.printed).toContain('the token is <***>')
  expect(result.printed).not.toContain(tokenOf(zenodo))
})
