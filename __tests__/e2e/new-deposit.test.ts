import { describe, expect, test } from '@jest/globals'
import { METADATA } from '../support/workspace.ts'
import { setStage } from './support/deposit-stage.ts'

describe('a new deposit', () => {
  test('is made by one POST with its metadata and its mark, and stays a draft', async () => {
    await using stage = await setStage()

    const { outputs, error } = await stage.run({ files: 'data/*' }, { tag: 'v1' })

    expect(error).toBeUndefined()
    const [create, ...others] = stage.zenodo.requests.filter(
      ({ method, path }) => method === 'POST' && path === '/api/deposit/depositions',
    )
    expect(others).toEqual([])
    expect(create?.body).toMatchObject({
      metadata: {
        title: METADATA.title,
        version: 'v1',
        related_identifiers: [
          { identifier: 'https://github.com/octo/rivers/tree/v1', relation: 'isSupplementTo' },
        ],
      },
    })
    expect(outputs).toMatchObject({
      state: 'draft',
      published: 'false',
      version: 'v1',
      'concept-doi': '',
    })
    expect(outputs.doi).toBe(stage.zenodo.deposit(outputs['deposit-id'] ?? '')?.reservedDoi)
    expect(stage.filesOf(outputs['deposit-id'])).toEqual(['a.csv', 'b.csv'])
  })

  test('is published when told to, and tells every output', async () => {
    await using stage = await setStage()

    const outputs = await stage.publishFirst()

    const id = outputs['deposit-id'] ?? ''
    const { url } = stage.zenodo
    expect(outputs).toMatchObject({
      state: 'published',
      published: 'true',
      doi: `10.5281/zenodo.${id}`,
      'doi-url': `https://doi.org/10.5281/zenodo.${id}`,
      'concept-doi': `10.5281/zenodo.${outputs['concept-id'] ?? ''}`,
      'record-url': `${url}/records/${id}`,
      'uploaded-count': '2',
      'kept-count': '0',
      'removed-count': '0',
      version: '1',
    })
    expect(JSON.parse(outputs.files ?? '')).toMatchObject([
      { key: 'a.csv', size: 15, action: 'uploaded', url: `${url}/records/${id}/files/a.csv` },
      { key: 'b.csv', size: 15, action: 'uploaded' },
    ])
    expect(outputs['badge-markdown']).toContain(`(https://doi.org/${outputs['concept-doi'] ?? ''})`)
  })

  test('is made once although the answer to the create call was lost', async () => {
    for (const loseAnswer of ['close', '504'] as const) {
      await using stage = await setStage()
      stage.zenodo.fault({ method: 'POST', path: '/api/deposit/depositions', loseAnswer })

      const { error } = await stage.run({ files: 'data/*' }, { tag: 'v1' })

      expect(error).toBeUndefined()
      expect(stage.zenodo.deposits()).toHaveLength(1)
    }
  })

  test('leaves drafts alone that a person made, even with the same title', async () => {
    await using stage = await setStage()
    const { url, tokens } = stage.zenodo
    await fetch(`${url}/api/deposit/depositions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokens['alice'] ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ metadata: METADATA }),
    })

    const { outputs } = await stage.run({ files: 'data/*', publish: 'true' }, { tag: 'v1' })

    expect(stage.zenodo.deposits()).toHaveLength(2)
    const byHand = stage.zenodo.deposits().find(({ id }) => String(id) !== outputs['deposit-id'])
    expect(byHand).toMatchObject({ state: 'unsubmitted', files: [] })
  })

  test('whose title is corrected after a failure is the same deposit', async () => {
    await using stage = await setStage()
    await stage.run({ files: 'data/*' }, { tag: 'v1' })

    await stage.run({ files: 'data/*', metadata: 'title: A better title' }, { tag: 'v1' })

    expect(stage.zenodo.deposits().map(({ metadata }) => metadata['title'])).toEqual([
      'A better title',
    ])
  })

  test('leaves a draft alone that only cites the repository at the tag', async () => {
    await using stage = await setStage()
    const cited = 'https://github.com/octo/rivers/tree/v1'
    const related = { related_identifiers: [{ identifier: cited, relation: 'cites' }] }
    await fetch(`${stage.zenodo.url}/api/deposit/depositions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stage.zenodo.tokens['alice'] ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ metadata: { ...METADATA, ...related } }),
    })

    await stage.run({ files: 'data/*' }, { tag: 'v1' })

    expect(stage.zenodo.deposits()).toHaveLength(2)
  })

  test('tells of an empty draft of the same tag under another title', async () => {
    await using stage = await setStage()
    const first = await stage.run({}, { tag: 'v1' })

    const { log } = await stage.run(
      { files: 'data/b.csv', metadata: 'title: Another dataset' },
      { tag: 'v1' },
    )

    expect(log.filter((line) => line.startsWith('notice: Draft'))).toEqual([
      expect.stringContaining(`set deposit-id: '${first.outputs['deposit-id'] ?? ''}'`),
    ])
  })

  test('tells of a record of the same tag with such files under another title', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'built anew\n')

    const { log } = await stage.run(
      { files: 'data/*', metadata: 'title: As it was before the correction' },
      { tag: 'v1' },
    )

    expect(log.filter((line) => line.startsWith('notice: Record'))).toEqual([
      expect.stringContaining(`set deposit-id: '${first['concept-id'] ?? ''}'`),
    ])
  })

  test('of a second title from the same tag is another deposit', async () => {
    await using stage = await setStage()
    await stage.run({ files: 'data/a.csv' }, { tag: 'v1' })

    await stage.run({ files: 'data/b.csv', metadata: 'title: Another dataset' }, { tag: 'v1' })

    expect(stage.zenodo.deposits().map(({ files }) => files.map(({ key }) => key))).toEqual([
      ['a.csv'],
      ['b.csv'],
    ])
  })

  test('warns that a second concept is made when CITATION.cff names a record', async () => {
    await using stage = await setStage()
    const citation = [
      'cff-version: 1.2.0',
      'message: Cite it.',
      'title: T',
      'authors:',
      '  - name: N',
      'doi: 10.5281/zenodo.123',
      '',
    ]
    await stage.workspace.write('CITATION.cff', citation.join('\n'))

    const { log } = await stage.run({ files: 'data/*' })

    expect(log.filter((line) => line.startsWith('warning: CITATION.cff'))).toEqual([
      expect.stringContaining('deposit-id: 10.5281/zenodo.123'),
    ])
  })

  test('warns of the same where .zenodo.json names it, and takes no other’s DOI', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('.zenodo.json', JSON.stringify({ ...METADATA, doi: first.doi }))
    await stage.workspace.write('data/a.csv', 'second\n')

    const { log, error, outputs } = await stage.run(
      { files: 'data/*', publish: 'true' },
      { tag: 'v2' },
    )

    expect(error).toBeUndefined()
    expect(log.filter((line) => line.startsWith('warning: .zenodo.json'))).toEqual([
      expect.stringContaining(`deposit-id: ${first.doi ?? ''}`),
    ])
    expect(outputs.doi).toBe(`10.5281/zenodo.${outputs['deposit-id'] ?? ''}`)
  })
})

describe('a second record of one repository', () => {
  const warnings = (log: readonly string[]): readonly string[] =>
    log.filter((line) => line.startsWith('warning: Record '))
  const publish = { files: 'data/*', publish: 'true' }

  test.each([
    ['is warned of, with the line that makes a next version', { tag: 'v2' }, METADATA.title, 1],
    [
      'from a run without a tag is warned of as well',
      { env: { GITHUB_RUN_ID: '200' } },
      METADATA.title,
      1,
    ],
    ['is fine under another title', { tag: 'v2' }, 'Another set of data', 0],
  ])('%s', async (_, run, title, count) => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('.zenodo.json', JSON.stringify({ ...METADATA, title }))
    await stage.workspace.write('data/a.csv', 'second\n')

    const { log, error } = await stage.run(publish, run)

    expect(error).toBeUndefined()
    expect(warnings(log)).toHaveLength(count)
    for (const line of warnings(log)) {
      expect(line).toContain(`deposit-id: '${first['concept-id'] ?? ''}'`)
    }
  })

  test('is warned of where runs without a tag made both', async () => {
    await using stage = await setStage()
    await stage.run(publish, { env: { GITHUB_RUN_ID: '100' } })
    await stage.workspace.write('data/a.csv', 'second\n')

    const { log } = await stage.run(publish, { env: { GITHUB_RUN_ID: '200' } })

    expect(warnings(log)).toHaveLength(1)
  })

  test('is not warned of where nobody can say, and that stops nothing', async () => {
    await using stage = await setStage()
    await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    stage.zenodo.fault({
      method: 'GET',
      path: '/api/deposit/depositions',
      skip: 1,
      answer: { status: 400, json: { status: 400, message: 'No.' } },
    })

    const { log, error } = await stage.run(publish, { tag: 'v2' })

    expect(error).toBeUndefined()
    expect(warnings(log)).toEqual([])
  })
})
