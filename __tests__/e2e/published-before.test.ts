import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { METADATA } from '../support/workspace.ts'
import { problemsOf, setStage, type Stage } from './support/deposit-stage.ts'

const STEP = { files: 'data/a.csv', publish: 'true' }
const MARK = 'https://github.com/octo/rivers/tree/v1'

const marksOf = (stage: Stage, id = ''): readonly unknown[] =>
  (
    (stage.zenodo.deposit(id)?.metadata['related_identifiers'] ?? []) as { identifier: string }[]
  ).map(({ identifier }) => identifier)

const published = ({ zenodo }: Stage): number =>
  zenodo.deposits().filter(({ submitted }) => submitted).length

/** Tags v1, v2 and v3, each a version of one record. */
async function publishThree(stage: Stage): Promise<{ readonly concept: string; second: string }> {
  await stage.workspace.write('data/a.csv', 'v1\n')
  const first = await stage.run(STEP, { tag: 'v1' })
  const concept = first.outputs['concept-id'] ?? ''
  const ids: string[] = []
  for (const tag of ['v2', 'v3']) {
    await stage.workspace.write('data/a.csv', `${tag}\n`)
    const { outputs, error } = await stage.run({ ...STEP, 'deposit-id': concept }, { tag })
    expect(error).toBeUndefined()
    ids.push(outputs['deposit-id'] ?? '')
  }
  return { concept, second: ids[0] ?? '' }
}

describe('a tag that was published, and others after it', () => {
  test.each([
    ['without deposit-id', 'v1', false],
    ['with deposit-id', 'v2', true],
  ])('is reported when its run is repeated %s', async (_, tag, isNamed) => {
    await using stage = await setStage()
    const { concept, second } = await publishThree(stage)
    await stage.workspace.write('data/a.csv', `${tag}\n`)

    const again = await stage.run({ ...STEP, ...(isNamed && { 'deposit-id': concept }) }, { tag })

    expect(again.error).toBeUndefined()
    expect(again.outputs).toMatchObject({ state: 'unchanged', version: tag })
    if (isNamed) expect(again.outputs['deposit-id']).toBe(second)
    expect(published(stage)).toBe(3)
  })

  test('is not published again with other files', async () => {
    await using stage = await setStage()
    const { concept, second } = await publishThree(stage)
    await stage.workspace.write('data/a.csv', 'built anew\n')

    const again = await stage.run({ ...STEP, 'deposit-id': concept }, { tag: 'v2' })

    expect(problemsOf(again)).toMatch(`Tag v2 is published already, as record ${second}`)
    expect(published(stage)).toBe(3)
  })
})

describe('a draft that the run of a later tag has begun', () => {
  test('is not touched by a repeated run of the tag before', async () => {
    await using stage = await setStage()
    await stage.workspace.write('data/a.csv', 'v1\n')
    const first = await stage.run(STEP, { tag: 'v1' })
    await stage.workspace.write('data/a.csv', 'v2\n')
    const concept = first.outputs['concept-id'] ?? ''
    await stage.run({ 'deposit-id': concept, files: 'data/a.csv' }, { tag: 'v2' })
    await stage.workspace.write('data/a.csv', 'v1, built anew\n')
    const from = stage.zenodo.requests.length

    const end = await stage.run({ files: 'data/a.csv' }, { tag: 'v1' })

    expect(problemsOf(end)).toMatch('v1 is published already')
    expect(stage.writesSince(from)).toEqual([])
  })
})

describe('a draft that a person has begun after what a tag published', () => {
  const ask = (stage: Stage, method: string, path: string, json?: unknown): Promise<Response> =>
    fetch(stage.zenodo.url + path, {
      method,
      headers: {
        authorization: `Bearer ${stage.zenodo.tokens['alice'] ?? ''}`,
        'content-type': 'application/json',
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })

  test('is not emptied by a repeated run of the tag, though it inherits the mark', async () => {
    await using stage = await setStage()
    const first = await stage.run(STEP, { tag: 'v1' })
    const id = first.outputs['deposit-id'] ?? ''
    const next = (await (await ask(stage, 'POST', `/api/records/${id}/versions`)).json()) as {
      id: string
    }
    const deposit = `/api/deposit/depositions/${next.id}`
    const { metadata } = stage.zenodo.deposit(next.id) ?? {}
    await ask(stage, 'PUT', deposit, { metadata: { ...metadata, version: '2.0' } })
    await stage.workspace.write('data/a.csv', 'built anew\n')
    const from = stage.zenodo.requests.length

    const step = { 'deposit-id': id, files: 'data/a.csv' }
    const end = await stage.run(step, { tag: 'v1' })

    expect(problemsOf(end)).toMatch(`${next.id}, is the work of another run or a person`)
    expect(stage.writesSince(from)).toEqual([])
  })

  test('is not what the tag published, once it is a record', async () => {
    await using stage = await setStage()
    await stage.workspace.write('data/a.csv', 'v1\n')
    const first = await stage.run(STEP, { tag: 'v1' })
    const id = first.outputs['deposit-id'] ?? ''
    const next = (await (await ask(stage, 'POST', `/api/records/${id}/versions`)).json()) as {
      id: string
    }
    const shown = await (await ask(stage, 'GET', `/api/deposit/depositions/${next.id}`)).json()
    const { links } = shown as { links: { bucket: string } }
    await fetch(`${links.bucket}/by-hand.txt`, {
      method: 'PUT',
      body: 'by hand',
      headers: {
        authorization: `Bearer ${stage.zenodo.tokens['alice'] ?? ''}`,
        'content-type': 'application/octet-stream',
      },
    })
    await ask(stage, 'POST', `/api/deposit/depositions/${next.id}/actions/publish`)

    const again = await stage.run(STEP, { tag: 'v1' })

    expect(stage.zenodo.deposit(next.id)?.submitted).toBe(true)
    expect(again.error).toBeUndefined()
    expect(again.outputs).toMatchObject({ state: 'unchanged', 'deposit-id': id })
  })
})

describe('what a run has published', () => {
  test.each(['skip', 'error', 'publish'])(
    'is its result when it is repeated, with if-unchanged: %s',
    async (word) => {
      await using stage = await setStage()
      const step = { ...STEP, 'if-unchanged': word }
      const first = await stage.run(step, { tag: 'v1' })

      const again = await stage.run(step, { tag: 'v1' })

      expect([first.error, again.error]).toEqual([undefined, undefined])
      expect(again.outputs.state).toBe('unchanged')
      expect(published(stage)).toBe(1)
    },
  )

  test('as a next version with the files of the one before is its result as well', async () => {
    await using stage = await setStage()
    const first = await stage.run(STEP, { tag: 'v1' })
    const step = {
      'deposit-id': first.outputs['concept-id'] ?? '',
      publish: 'true',
      version: '2',
      'if-unchanged': 'publish',
    }

    const next = await stage.run(step)
    const again = await stage.run(step)

    expect(next.outputs.state).toBe('published')
    expect(again.outputs).toMatchObject({
      state: 'unchanged',
      'deposit-id': next.outputs['deposit-id'],
    })
    expect(published(stage)).toBe(2)
  })

  test('as it was drafted by another run is its result, also with if-unchanged: error', async () => {
    await using stage = await setStage()
    const drafted = await stage.run({ files: 'data/a.csv' }, { env: { GITHUB_RUN_ID: '77' } })
    const step = {
      'deposit-id': drafted.outputs['deposit-id'] ?? '',
      publish: 'true',
      'if-unchanged': 'error',
    }

    const first = await stage.run(step)
    const again = await stage.run(step)

    expect([first.error, again.error]).toEqual([undefined, undefined])
    expect(again.outputs.state).toBe('unchanged')
  })

  test('as a next version that inputs describe bears the mark of its tag, and no other', async () => {
    await using stage = await setStage()
    const first = await stage.run(STEP, { tag: 'v1' })
    await stage.workspace.write('data/a.csv', 'second\n')
    const step = {
      ...STEP,
      'deposit-id': first.outputs['concept-id'] ?? '',
      'metadata-file': 'none',
      'if-unchanged': 'publish',
    }

    const second = await stage.run(step, { tag: 'v2' })
    const again = await stage.run(step, { tag: 'v2' })

    expect(marksOf(stage, second.outputs['deposit-id'])).toEqual([MARK.replace('v1', 'v2')])
    expect(again.outputs.state).toBe('unchanged')
    expect(published(stage)).toBe(2)
  })

  test('is found again where the metadata link the tag in another relation', async () => {
    const related = { related_identifiers: [{ identifier: MARK, relation: 'isDerivedFrom' }] }
    await using stage = await setStage({ metadata: { ...METADATA, ...related } })
    await stage.run(STEP, { tag: 'v1' })

    const again = await stage.run(STEP, { tag: 'v1' })

    expect(again.outputs.state).toBe('unchanged')
    expect(published(stage)).toBe(1)
  })

  test('stays its own through a correction by another run', async () => {
    await using stage = await setStage()
    const run = (id: string) => ({ env: { GITHUB_RUN_ID: id } })
    const first = await stage.run(STEP, run('77'))
    const correction = {
      'deposit-id': first.outputs['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      publish: 'true',
    }
    expect((await stage.run(correction, run('80'))).error).toBeUndefined()

    const again = await stage.run(STEP, run('77'))

    expect(again.outputs).toMatchObject({
      state: 'unchanged',
      'deposit-id': first.outputs['deposit-id'],
    })
    expect(published(stage)).toBe(1)
  })

  test('from the draft of another run is the result of both', async () => {
    await using stage = await setStage()
    const run = (id: string) => ({ env: { GITHUB_RUN_ID: id } })
    const drafted = await stage.run({ files: 'data/a.csv' }, run('77'))
    const id = drafted.outputs['deposit-id'] ?? ''
    const done = await stage.run({ ...STEP, 'deposit-id': id }, run('80'))
    expect(done.error).toBeUndefined()

    const again = await stage.run({ files: 'data/a.csv' }, run('77'))

    expect(again.outputs).toMatchObject({ state: 'unchanged', 'deposit-id': id })
    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test('goes before a draft that a lost answer left beside it', async () => {
    await using stage = await setStage({ server: { indexLagMs: 2000 } })
    stage.zenodo.fault({ method: 'POST', path: '/api/deposit/depositions', loseAnswer: '504' })
    const first = await stage.run(STEP, { tag: 'v1' })
    await setTimeout(2100) // the index has caught up

    const again = await stage.run(STEP, { tag: 'v1' })

    expect(first.log.join('\n')).toMatch(/warning: .*delete the one without files/)
    expect(again.outputs).toMatchObject({
      state: 'unchanged',
      'deposit-id': first.outputs['deposit-id'],
    })
    expect(published(stage)).toBe(1)
  })
})

describe('a correction of what is published', () => {
  test('that a tag starts keeps the version of the record', async () => {
    await using stage = await setStage()
    const first = await stage.run(STEP, { tag: 'v1' })
    await stage.workspace.write(
      '.zenodo.json',
      JSON.stringify({ ...METADATA, notes: 'Corrected.' }),
    )

    const { error } = await stage.run(
      {
        'deposit-id': first.outputs['deposit-id'] ?? '',
        'if-published': 'update-metadata',
        publish: 'true',
      },
      { tag: 'v1-docs' },
    )

    expect(error).toBeUndefined()
    expect(stage.zenodo.deposit(first.outputs['deposit-id'] ?? '')?.metadata).toMatchObject({
      version: 'v1',
      notes: 'Corrected.',
    })
  })
})
