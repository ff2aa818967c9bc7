import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { runDeposit } from '../support/deposit-run.ts'
import { createDataWorkspace, METADATA } from '../support/workspace.ts'

const FILES = { 'data/a.csv': 'time,level\n1,2\n' }
const CORPUS = globSync('__tests__/fixtures/metadata/*.zenodo.json').map((file) => ({
  name: basename(file),
  text: readFileSync(file, 'utf8'),
}))

const notices = (log: readonly string[]): readonly string[] =>
  log.filter((line) => line.startsWith('notice: The files are those of'))

/** Publishes the data with some metadata, and runs the step again for the next tag with others. */
async function publishTwice(
  first: string,
  second: string,
  inputs: Readonly<Record<string, string>> = {},
) {
  await using zenodo = await startZenodo()
  await using workspace = await createDataWorkspace({ ...FILES, '.zenodo.json': first }, undefined)
  const run = { url: zenodo.url, token: zenodo.tokens['alice'] ?? '', workspace: workspace.path }
  const step = { files: 'data/*', publish: 'true' }
  const { outputs, error } = await runDeposit({ ...run, tag: 'v1', inputs: step })
  expect(error).toBeUndefined()
  await workspace.write('.zenodo.json', second)
  const depositId = outputs['concept-id'] ?? ''
  return await runDeposit({
    ...run,
    tag: 'v2',
    inputs: { ...step, 'deposit-id': depositId, ...inputs },
  })
}

describe('a step whose files are those of the published version', () => {
  test('says which metadata differ, and how they get into the record', async () => {
    const more = { ...METADATA, creators: [...METADATA.creators, { name: 'Roe, Richard' }] }

    const { outputs, log } = await publishTwice(JSON.stringify(METADATA), JSON.stringify(more))

    expect(outputs.state).toBe('unchanged')
    expect(notices(log)).toEqual([
      expect.stringMatching(
        /differ in creators, .*if-published: update-metadata.*if-unchanged: publish/,
      ),
    ])
  })

  test('compares the metadata of the input alone where there is no file', async () => {
    const { log } = await publishTwice(JSON.stringify(METADATA), JSON.stringify(METADATA), {
      'metadata-file': 'none',
      metadata: 'keywords: [hydrology]',
    })

    expect(notices(log)).toEqual([expect.stringContaining('differ in keywords')])
  })

  test('has at least ten files to be silent about', () => {
    expect(CORPUS.length).toBeGreaterThan(10)
  })

  test.each(CORPUS)('says nothing of metadata that are the same: $name', async ({ text }) => {
    const { outputs, log } = await publishTwice(text, text)

    expect(outputs.state).toBe('unchanged')
    expect(notices(log)).toEqual([])
  })
})
