import { describe, expect, test } from '@jest/globals'
import { METADATA } from '../support/workspace.ts'
import { FILES, problemsOf, setStage } from './support/deposit-stage.ts'

describe('the next version', () => {
  test('sends only the difference', async () => {
    await using stage = await setStage({ files: { ...FILES, 'data/gone.csv': 'x\n' } })
    const first = await stage.publishFirst()
    await stage.workspace.write('data/b.csv', 'other bytes\n')
    await stage.workspace.write('data/new.csv', 'new\n')
    const from = stage.zenodo.requests.length

    const { outputs, error } = await stage.run(
      { 'deposit-id': first['concept-id'] ?? '', files: 'data/*\n!data/gone.csv', publish: 'true' },
      { tag: 'v2' },
    )

    expect(error).toBeUndefined()
    const sent = stage.writesSince(from).filter((line) => line.startsWith('PUT /api/files/'))
    expect(sent.map((line) => line.split('/').at(-1)).toSorted()).toEqual(['b.csv', 'new.csv'])
    expect(stage.filesOf(outputs['deposit-id'])).toEqual(['a.csv', 'b.csv', 'new.csv'])
    expect(outputs).toMatchObject({
      state: 'published',
      version: 'v2',
      'uploaded-count': '2',
      'kept-count': '1',
      'removed-count': '1',
    })
    expect(stage.filesOf(first['deposit-id'])).toEqual(['a.csv', 'b.csv', 'gone.csv'])
  })

  test('continues a draft that somebody left, with files in it', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const left = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      version: '2',
    })
    await stage.workspace.write('data/a.csv', 'third\n')

    const { outputs } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '2',
    })

    expect(outputs).toMatchObject({ 'deposit-id': left.outputs['deposit-id'], state: 'published' })
    expect(stage.zenodo.deposits()).toHaveLength(2)
  })

  test('is made through the old call where the server lacks the new one', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    stage.zenodo.fault({
      method: 'POST',
      path: '/api/records/*/versions',
      times: Infinity,
      answer: {
        status: 404,
        json: { status: 404, message: 'The requested URL was not found on the server.' },
      },
    })

    const once = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      version: '2',
    })
    const again = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      version: '2',
      publish: 'true',
    })

    expect([once.error, again.error]).toEqual([undefined, undefined])
    expect(again.outputs).toMatchObject({
      'deposit-id': once.outputs['deposit-id'],
      state: 'published',
    })
    expect(stage.filesOf(again.outputs['deposit-id'])).toEqual(['a.csv', 'b.csv'])
  })

  test('keeps metadata that the deposit form cannot say, where no file gives metadata', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')

    const { outputs, error } = await stage.run(
      {
        'deposit-id': first['deposit-id'] ?? '',
        files: 'data/*',
        'metadata-file': 'none',
        publish: 'true',
      },
      { tag: 'v2', today: new Date('2027-01-02T03:04:05Z') },
    )

    expect(error).toBeUndefined()
    const [before, after] = [first['deposit-id'], outputs['deposit-id']].map((id) =>
      stage.zenodo.deposit(id ?? ''),
    )
    expect(after?.metadata).toMatchObject({
      version: 'v2',
      publication_date: '2027-01-02',
      title: METADATA.title,
    })
    expect(after?.native['creators']).toEqual(before?.native['creators'])
    expect(after?.native['rights']).toEqual(before?.native['rights'])
  })

  test.each([
    ['a date that the file did not raise is warned of', '2024-01-01', 1],
    ['a date that was raised is fine', '2024-02-02', 0],
  ])('%s', async (_, second, count) => {
    const dated = (publication_date: string): string =>
      JSON.stringify({ ...METADATA, publication_date })
    await using stage = await setStage()
    await stage.workspace.write('.zenodo.json', dated('2024-01-01'))
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    await stage.workspace.write('.zenodo.json', dated(second))

    const { log, error } = await stage.run(
      { 'deposit-id': first['deposit-id'] ?? '', files: 'data/*', publish: 'true' },
      { tag: 'v2' },
    )

    expect(error).toBeUndefined()
    expect(
      log.filter((line) => line.startsWith('warning: The publication date 2024')),
    ).toHaveLength(count)
  })

  test('stays restricted where CITATION.cff, which cannot say it, describes it', async () => {
    await using stage = await setStage({ metadata: { ...METADATA, access_right: 'restricted' } })
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const cff = 'cff-version: 1.2.0\nmessage: Cite.\ntitle: A title\nauthors:\n  - name: N\n'
    await stage.workspace.write('CITATION.cff', cff)

    const { error, outputs } = await stage.run(
      {
        'deposit-id': first['deposit-id'] ?? '',
        files: 'data/*',
        'metadata-file': 'CITATION.cff',
        publish: 'true',
      },
      { tag: 'v2' },
    )

    expect(error).toBeUndefined()
    expect(stage.zenodo.deposit(outputs['deposit-id'] ?? '')?.metadata['access_right']).toBe(
      'restricted',
    )
  })

  test('gets the tag that publishes it as its version, where another tag began it', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const step = {
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      'metadata-file': 'none',
    }
    await stage.run(step, { tag: 'v0.9' })

    const { outputs, error } = await stage.run({ ...step, publish: 'true' }, { tag: 'v1.0' })

    expect(error).toBeUndefined()
    expect(outputs).toMatchObject({ state: 'published', version: 'v1.0' })
    expect(stage.zenodo.deposit(outputs['deposit-id'] ?? '')?.metadata).toMatchObject({
      version: 'v1.0',
      related_identifiers: [{ identifier: 'https://github.com/octo/rivers/tree/v1.0' }],
    })
  })

  test('gets a DOI of its own where the file names that of the version before', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    await stage.workspace.write('.zenodo.json', JSON.stringify({ ...METADATA, doi: first.doi }))

    const { error, outputs } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '2',
    })

    expect(error).toBeUndefined()
    expect(outputs.doi).toBe(`10.5281/zenodo.${outputs['deposit-id'] ?? ''}`)
    expect(outputs.doi).not.toBe(first.doi)
  })

  test.each([
    ['beside a file', {}],
    ['alone', { 'metadata-file': 'none' }],
  ])('is not begun with the DOI of the version before in the input %s', async (_, more) => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const from = stage.zenodo.requests.length

    const end = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '2',
      metadata: `doi: ${first.doi ?? ''}`,
      ...more,
    })

    expect(problemsOf(end)).toMatch(/cannot be that of the version after record/)
    expect(stage.writesSince(from)).toEqual([])
  })

  test('that was filled before is published by a step that names no files', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const filled = await stage.run(
      { 'deposit-id': first['deposit-id'] ?? '', files: 'data/*' },
      { tag: 'v2' },
    )
    const publishOnly = { 'deposit-id': filled.outputs['deposit-id'] ?? '', publish: 'true' }

    const published = await stage.run(publishOnly, { tag: 'v2' })
    const again = await stage.run(publishOnly, { tag: 'v2' })

    expect(published.outputs).toMatchObject({
      state: 'published',
      'deposit-id': filled.outputs['deposit-id'],
      version: 'v2',
    })
    expect(again.outputs.state).toBe('unchanged')
    expect(stage.zenodo.deposits()).toHaveLength(2)
  })

  test('is refused when its version is published already with other files', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const from = stage.zenodo.requests.length

    const end = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '1',
    })

    expect(problemsOf(end)).toMatch(/Version 1 is published already/)
    expect(stage.writesSince(from)).toEqual([])
  })

  test.each([
    ['skip', 'unchanged', 1],
    ['publish', 'published', 2],
  ])('of an unchanged set with if-unchanged: %s ends as %s', async (word, state, versions) => {
    await using stage = await setStage()
    const first = await stage.publishFirst()

    const { outputs } = await stage.run(
      {
        'deposit-id': first['deposit-id'] ?? '',
        files: 'data/*',
        publish: 'true',
        'if-unchanged': word,
      },
      { tag: 'v2' },
    )

    expect(outputs.state).toBe(state)
    expect(stage.zenodo.deposits()).toHaveLength(versions)
  })

  test('of an unchanged set fails with if-unchanged: error, before any write', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const from = stage.zenodo.requests.length

    const end = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      'if-unchanged': 'error',
    })

    expect(problemsOf(end)).toMatch(/exactly these files already/)
    expect(stage.writesSince(from)).toEqual([])
  })

  test('is refused with if-published: error', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')

    const end = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      'if-published': 'error',
    })

    expect(problemsOf(end)).toMatch(/if-published is error/)
  })
})
