import { describe, expect, test } from '@jest/globals'
import { setStage } from './support/deposit-stage.ts'

describe('a dry run', () => {
  test('without a token asks nobody', async () => {
    await using stage = await setStage()

    const { outputs, error } = await stage.run(
      { files: 'data/*', 'dry-run': 'true', publish: 'true' },
      { token: '', env: { GITHUB_EVENT_NAME: 'pull_request' } },
    )

    expect(error).toBeUndefined()
    expect(outputs).toMatchObject({ state: 'planned', published: 'false', 'uploaded-count': '2' })
    expect(stage.zenodo.requests).toEqual([])
  })

  test('without a token claims nothing of a deposit that was named', async () => {
    await using stage = await setStage()

    const { outputs } = await stage.run(
      { files: 'data/*', 'dry-run': 'true', 'deposit-id': '12' },
      { token: '' },
    )

    expect(outputs).toMatchObject({ state: 'planned', published: '' })
  })

  test.each([
    ['some of the files are the same', 'data/*', 1],
    ['none is', 'data/a.csv', 0],
  ])('foresees what happens to each file of a next version where %s', async (_, files, copies) => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const step = { 'deposit-id': first['deposit-id'] ?? '', files, version: '2' }

    const plan = await stage.run({ ...step, 'dry-run': 'true' })
    const run = await stage.run(step)
    const imports = stage.writesSince(0).filter((line) => line.endsWith('files-import'))

    expect(imports).toHaveLength(copies)
    for (const count of ['uploaded-count', 'kept-count', 'removed-count'] as const) {
      expect(plan.outputs[count]).toBe(run.outputs[count])
    }
    const actionsIn = (text = '[]') =>
      (JSON.parse(text) as { key: string; action: string }[]).map(({ key, action }) => [
        key,
        action,
      ])
    expect(actionsIn(plan.outputs.files)).toEqual(actionsIn(run.outputs.files))
  })

  test('foresees that a next version has no version unless it is given one', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')

    const { log, outputs } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      'metadata-file': 'none',
      'dry-run': 'true',
    })

    expect(log).toContain('Would remove version: 1')
    expect(outputs.version).toBe('')
  })

  test('without a token warns of what only the server can tell', async () => {
    await using stage = await setStage()
    const inputs = { files: 'data/*', communities: 'brook-lab', 'dry-run': 'true' }

    const { log } = await stage.run(inputs, { token: '' })

    expect(log.filter((line) => line.startsWith('warning: '))).toEqual([
      expect.stringContaining('brook-lab'),
    ])
  })

  test('with a token reads, writes nothing, and shows the difference', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const from = stage.zenodo.requests.length

    const { outputs } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      'dry-run': 'true',
    })

    expect(outputs).toMatchObject({ state: 'planned', 'uploaded-count': '1', 'kept-count': '1' })
    expect(stage.writesSince(from)).toEqual([])
  })
})
