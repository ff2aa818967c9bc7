import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { runDeposit } from '../support/deposit-run.ts'
import { createDataWorkspace, METADATA } from '../support/workspace.ts'

const REVIEWED = { ...METADATA, title: 'River levels, corrected', notes: 'See the erratum.' }

/** A draft of the tag v1.0 that a reviewer corrected in the browser; the step that publishes it. */
async function publishReviewed(inputs: Readonly<Record<string, string>>) {
  await using zenodo = await startZenodo()
  await using workspace = await createDataWorkspace({ 'data/a.csv': 'a\n' })
  const token = zenodo.tokens['alice'] ?? ''
  const run = { url: zenodo.url, token, workspace: workspace.path }
  const made = await runDeposit({ ...run, tag: 'v1.0', inputs: { files: 'data/*' } })
  const id = made.outputs['deposit-id'] ?? ''
  const related = zenodo.deposit(id)?.metadata['related_identifiers']
  await fetch(`${zenodo.url}/api/deposit/depositions/${id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      metadata: { ...REVIEWED, version: 'v1.0', related_identifiers: related },
    }),
  })
  const step = { 'deposit-id': id, publish: 'true', ...inputs }
  const { error, log } = await runDeposit({ ...run, inputs: step })
  expect(error).toBeUndefined()
  return { log, record: zenodo.deposit(id) }
}

const notices = (log: readonly string[]): readonly string[] =>
  log.filter((line) => line.startsWith('notice: '))

describe('a draft that a reviewer corrected', () => {
  test('is published as it is where no metadata file is read', async () => {
    const { log, record } = await publishReviewed({ 'metadata-file': 'none' })

    expect(record?.metadata).toMatchObject({ ...REVIEWED, version: 'v1.0' })
    expect(log).toContain('The metadata stay as they are in the draft')
    expect(notices(log)).toEqual([])
  })

  test('gets the metadata of the file, which is told with the way to prevent it', async () => {
    const { log, record } = await publishReviewed({})

    expect(record?.metadata).toMatchObject({ title: METADATA.title })
    expect(log).toContain('Changed in the draft: notes, title')
    expect(notices(log)).toEqual([
      expect.stringMatching(/other values of notes, title; \.zenodo\.json .* metadata-file: none/),
    ])
  })

  test('stays the draft of its tag and version, which no file names', async () => {
    const { record } = await publishReviewed({})

    expect(record?.metadata).toMatchObject({
      version: 'v1.0',
      related_identifiers: [{ identifier: 'https://github.com/octo/rivers/tree/v1.0' }],
    })
  })
})

describe('a record whose metadata are edited', () => {
  test.each([
    ['warns that its version changes, though its files stay', {}, 1],
    ['does not where the version was asked for', { version: '2.0' }, 0],
  ])('%s', async (_, more, count) => {
    await using zenodo = await startZenodo()
    await using workspace = await createDataWorkspace(
      { 'data/a.csv': 'a\n' },
      { ...METADATA, version: '1.0' },
    )
    const token = zenodo.tokens['alice'] ?? ''
    const run = { url: zenodo.url, token, workspace: workspace.path }
    const first = await runDeposit({ ...run, inputs: { files: 'data/*', publish: 'true' } })
    await workspace.write('.zenodo.json', JSON.stringify({ ...METADATA, version: '2.0' }))

    const { log } = await runDeposit({
      ...run,
      inputs: {
        'deposit-id': first.outputs['deposit-id'] ?? '',
        'if-published': 'update-metadata',
        publish: 'true',
        ...more,
      },
    })

    const warnings = log.filter((line) => line.includes('was 1.0 and becomes 2.0'))
    expect(warnings).toHaveLength(count)
  })
})
