import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { runDeposit } from '../support/deposit-run.ts'
import { runAction } from '../support/run-action.ts'
import { createShortClock } from '../support/short-clock.ts'
import { createDataWorkspace, METADATA } from '../support/workspace.ts'

/** A step in a process of its own, as alice. */
async function job(
  zenodo: Zenodo,
  files: Readonly<Record<string, string | Buffer>>,
  inputs: Readonly<Record<string, string>>,
) {
  const result = await runAction({
    files: { '.zenodo.json': JSON.stringify(METADATA), ...files },
    event: { name: 'push', ref: 'refs/tags/v1' },
    inputs: { token: zenodo.tokens['alice'] ?? '', 'server-url': zenodo.url, ...inputs },
  })
  return { ...result, why: result.exitCode === 0 ? '' : result.stdout }
}

describe('many jobs and one deposit', () => {
  test('reserve, a matrix that adds its files at the same time, and one that publishes', async () => {
    await using zenodo = await startZenodo({ workMs: 20 })
    const reserved = await job(zenodo, {}, {})
    const id = reserved.outputs['deposit-id'] ?? ''
    const parts = ['north', 'south', 'east', 'west']

    const jobs = await Promise.all(
      parts.map((part) =>
        job(
          zenodo,
          { [`${part}-1.csv`]: `${part} 1\n`, [`${part}-2.csv`]: `${part} 2\n` },
          {
            'deposit-id': id,
            files: `${part}-*.csv`,
            'existing-files': 'keep',
            'metadata-file': 'none',
          },
        ),
      ),
    )
    const published = await job(zenodo, {}, { 'deposit-id': id, publish: 'true' })

    expect([reserved, ...jobs, published].map(({ why }) => why)).toEqual(['', '', '', '', '', ''])
    expect(published.outputs).toMatchObject({ state: 'published', 'deposit-id': id })
    expect(
      zenodo
        .deposit(id)
        ?.files.map(({ key }) => key)
        .toSorted(),
    ).toEqual(parts.flatMap((part) => [`${part}-1.csv`, `${part}-2.csv`]).toSorted())
  }, 60_000)

  test('jobs that replace files and describe the deposit at the same time wait for each other', async () => {
    await using zenodo = await startZenodo({ workMs: 10 })
    await using workspace = await createDataWorkspace({
      'a.csv': 'a\n',
      'b.csv': 'b\n',
      'c.csv': 'c\n',
    })
    const base = {
      url: zenodo.url,
      token: zenodo.tokens['alice'] ?? '',
      workspace: workspace.path,
      tag: 'v1',
    }
    const { outputs } = await runDeposit({ ...base, inputs: { files: '*.csv' } })
    for (const name of ['a', 'b', 'c']) await workspace.write(`${name}.csv`, `${name} changed\n`)

    const ends = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        runDeposit({
          ...base,
          inputs: {
            'deposit-id': outputs['deposit-id'] ?? '',
            files: `${name}.csv`,
            'existing-files': 'keep',
            // Of those that try at the same moment one succeeds, and all wait equally long here.
            retries: '10',
          },
          clock: createShortClock(),
        }),
      ),
    )

    expect(ends.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
    const stored = zenodo.deposit(outputs['deposit-id'] ?? '')?.files ?? []
    expect(
      stored.map(({ key, content }) => `${key}: ${content?.toString() ?? ''}`).toSorted(),
    ).toEqual(['a.csv: a changed\n', 'b.csv: b changed\n', 'c.csv: c changed\n'])
  })
})

describe('two runs at once', () => {
  test('of the next version never publish a draft that is not the next one', async () => {
    await using zenodo = await startZenodo({ workMs: 10 })
    await using workspace = await createDataWorkspace({ 'a.csv': 'a\n' })
    const base = { url: zenodo.url, token: zenodo.tokens['alice'] ?? '', workspace: workspace.path }
    const first = await runDeposit({
      ...base,
      tag: 'v0',
      inputs: { files: 'a.csv', publish: 'true' },
    })
    await workspace.write('a.csv', 'second\n')
    const inputs = {
      'deposit-id': first.outputs['deposit-id'] ?? '',
      files: 'a.csv',
      publish: 'true',
    }

    const ends = await Promise.all([0, 1].map(() => runDeposit({ ...base, tag: 'v1', inputs })))
    const again = await runDeposit({ ...base, tag: 'v1', inputs })

    expect(again.error).toBeUndefined()
    const published = zenodo.deposits().filter(({ submitted }) => submitted)
    expect(ends.some(({ error }) => error === undefined)).toBe(true)
    expect(published.map(({ files }) => files.map(({ content }) => content?.toString()))).toEqual([
      ['a\n'],
      ['second\n'],
    ])
  })
})
