import { describe, expect, test } from '@jest/globals'
import { InputError } from '../../src/errors.ts'
import { startZenodo } from '../../test-server/server.ts'
import { runDeposit } from '../support/deposit-run.ts'
import { createDataWorkspace, METADATA } from '../support/workspace.ts'

/** A project whose build gives other bytes each time, as most do. */
async function setStage(version: string | undefined) {
  const zenodo = await startZenodo()
  const metadata = version === undefined ? METADATA : { ...METADATA, version }
  const workspace = await createDataWorkspace({ 'dist/a.whl': 'built at 1\n' }, metadata)
  const run = { url: zenodo.url, token: zenodo.tokens['alice'] ?? '', workspace: workspace.path }
  return {
    zenodo,
    run,
    build: (n: number) => workspace.write('dist/a.whl', `built at ${n}\n`),
    published: () => zenodo.deposits().filter(({ submitted }) => submitted),
    async [Symbol.asyncDispose]() {
      await zenodo.close()
      await workspace[Symbol.asyncDispose]()
    },
  }
}

const STEP = { files: 'dist/*', publish: 'true' }
const problemOf = (error: unknown): string =>
  error instanceof InputError ? (error.issues[0]?.problem ?? '') : String(error)

describe('a run that is repeated with files that were built anew', () => {
  test.each([
    ['whose version stands in the metadata, without the v of the tag', '1.1.0', 'v1.1.0'],
    ['whose version stands nowhere but in the tag', undefined, 'v1.1.0'],
    ['whose version in the metadata has nothing to do with the tag', '7', 'v1.1.0'],
    ['that has no tag', undefined, undefined],
    ['whose version stands in the metadata alone', '1.1.0', undefined],
  ])('publishes once: a project %s', async (_, version, tag) => {
    await using stage = await setStage(version)
    const run = { ...stage.run, ...(tag !== undefined && { tag }) }
    const first = await runDeposit({ ...run, inputs: STEP })
    await stage.build(2)

    const again = await runDeposit({ ...run, inputs: STEP })

    expect(first.error).toBeUndefined()
    expect(problemOf(again.error)).toMatch(/published already, as record .*\(a\.whl\).* re-run/)
    expect(again.outputs).toMatchObject({ published: 'true', doi: first.outputs.doi })
    expect(stage.published()).toHaveLength(1)
  })

  test.each([['v2'], [undefined]])(
    'publishes once under the DOI that was reserved: tag %s',
    async (tag) => {
      await using stage = await setStage(undefined)
      const run = { ...stage.run, ...(tag !== undefined && { tag }) }
      const reserved = await runDeposit({ ...run, inputs: {} })
      const inputs = { ...STEP, 'deposit-id': reserved.outputs['deposit-id'] ?? '' }
      const published = await runDeposit({ ...run, inputs })
      await stage.build(2)

      const reservedAgain = await runDeposit({ ...run, inputs: {} })
      const again = await runDeposit({ ...run, inputs })

      expect(published.error).toBeUndefined()
      expect(reservedAgain.outputs).toMatchObject({ published: 'true', doi: reserved.outputs.doi })
      expect(problemOf(again.error)).toMatch(/published already/)
      expect(stage.published()).toHaveLength(1)
    },
  )

  test.each([
    ['of a tag, described by a file', 'v2', {}],
    ['of a tag, described by inputs alone', 'v2', { 'metadata-file': 'none' }],
    ['without a tag, described by a file', undefined, {}],
    ['without a tag, described by inputs alone', undefined, { 'metadata-file': 'none' }],
  ])('publishes a next version once: a run %s', async (_, tag, more) => {
    await using stage = await setStage(undefined)
    const first = await runDeposit({ ...stage.run, tag: 'v1', inputs: STEP })
    const run = { ...stage.run, ...(tag !== undefined && { tag }) }
    const inputs = { ...STEP, ...more, 'deposit-id': first.outputs['concept-id'] ?? '' }
    await stage.build(2)
    const next = await runDeposit({ ...run, inputs })
    await stage.build(3)

    const again = await runDeposit({ ...run, inputs })

    expect(next.error).toBeUndefined()
    expect(problemOf(again.error)).toMatch(/published already, as record .*\(a\.whl\).* re-run/)
    expect(stage.published()).toHaveLength(2)
  })

  test('publishes once what one step fills and the next publishes as it is', async () => {
    await using stage = await setStage(undefined)
    const run = { ...stage.run, tag: 'v1.0' }
    const bothSteps = async () => {
      const filled = await runDeposit({ ...run, inputs: { files: 'dist/*' } })
      if (filled.error !== undefined) return filled
      const id = filled.outputs['deposit-id'] ?? ''
      const asItIs = { 'deposit-id': id, 'metadata-file': 'none', publish: 'true' }
      return runDeposit({ ...run, inputs: asItIs })
    }
    const first = await bothSteps()
    await stage.build(2)

    const again = await bothSteps()

    expect(first.error).toBeUndefined()
    expect(problemOf(again.error)).toMatch(/v1\.0 is published already/)
    expect(stage.published()).toHaveLength(1)
  })

  test('publishes several versions from one run, where each has its own number', async () => {
    await using stage = await setStage(undefined)
    const first = await runDeposit({ ...stage.run, inputs: { ...STEP, version: '1' } })
    const inputs = { ...STEP, 'deposit-id': first.outputs['concept-id'] ?? '' }
    await stage.build(2)

    const second = await runDeposit({ ...stage.run, inputs: { ...inputs, version: '2' } })

    expect(second.error).toBeUndefined()
    expect(stage.published()).toHaveLength(2)
  })

  test('knows what it published under the version that the draft had', async () => {
    await using stage = await setStage(undefined)
    const drafted = await runDeposit({ ...stage.run, tag: 'v7', inputs: { files: 'dist/*' } })
    const inputs = { ...STEP, 'deposit-id': drafted.outputs['deposit-id'] ?? '' }
    const publishing = { ...stage.run, inputs: { ...inputs, 'if-unchanged': 'publish' } }
    expect((await runDeposit(publishing)).error).toBeUndefined()

    const again = await runDeposit(publishing)

    expect(again.outputs.state).toBe('unchanged')
    expect(stage.published()).toHaveLength(1)
  })

  test('publishes none of them again when that run is repeated', async () => {
    await using stage = await setStage(undefined)
    const first = await runDeposit({ ...stage.run, tag: 'v0', inputs: STEP })
    const publishBoth = async () => {
      for (const version of ['1', '2']) {
        await stage.build(Number(version))
        const inputs = { ...STEP, version, 'deposit-id': first.outputs['concept-id'] ?? '' }
        const { error } = await runDeposit({ ...stage.run, inputs })
        expect(error).toBeUndefined()
      }
    }
    await stage.build(0)

    await publishBoth()
    await publishBoth()

    expect(stage.published()).toHaveLength(3)
  })

  test('publishes the next tag as the next version', async () => {
    await using stage = await setStage(undefined)
    const first = await runDeposit({ ...stage.run, tag: 'v1', inputs: STEP })
    await stage.build(2)
    const inputs = { ...STEP, 'deposit-id': first.outputs['concept-id'] ?? '' }

    const next = await runDeposit({ ...stage.run, tag: 'v2', inputs })

    expect(next.error).toBeUndefined()
    expect(stage.published()).toHaveLength(2)
  })
})
