import { describe, expect, test } from '@jest/globals'
import { FILES, problemsOf, setStage } from './support/deposit-stage.ts'

describe('existing-files', () => {
  const more = { ...FILES, 'data/c.csv': 'c\n' }

  test.each([
    ['replace', ['b.csv', 'c.csv']],
    ['keep', ['a.csv', 'b.csv', 'c.csv']],
  ])('%s', async (word, wanted) => {
    await using stage = await setStage({ files: more })
    const { outputs: draft } = await stage.run({ files: 'data/a.csv\ndata/b.csv' })
    await stage.workspace.write('data/b.csv', 'changed\n')

    const { outputs, error } = await stage.run({
      'deposit-id': draft['deposit-id'] ?? '',
      files: 'data/b.csv\ndata/c.csv',
      'existing-files': word,
    })

    expect(error).toBeUndefined()
    expect(stage.filesOf(outputs['deposit-id'])).toEqual(wanted)
    expect(
      stage.zenodo
        .deposit(outputs['deposit-id'] ?? '')
        ?.files.find(({ key }) => key === 'b.csv')
        ?.content?.toString(),
    ).toBe('changed\n')
  })

  test('replace removes nothing where no pattern matches and that is fine', async () => {
    await using stage = await setStage({ files: more })
    const { outputs: draft } = await stage.run({ files: 'data/a.csv' })

    const { error } = await stage.run({
      'deposit-id': draft['deposit-id'] ?? '',
      files: 'none/*',
      'if-no-files-found': 'ignore',
    })

    expect(error).toBeUndefined()
    expect(stage.filesOf(draft['deposit-id'])).toEqual(['a.csv'])
  })

  test.each([
    ['refuses to', 400, { status: 400, message: 'No.' }],
    ['says it does, and does not', 200, {}],
  ])('keep publishes nothing where the server %s copy the others', async (_, status, json) => {
    await using stage = await setStage({ files: more })
    const first = await stage.publishFirst()
    await stage.workspace.write('data/c.csv', 'changed\n')
    const path = '/api/records/*/draft/actions/files-import'
    stage.zenodo.fault({ method: 'POST', path, times: Infinity, answer: { status, json } })

    const { error } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/c.csv',
      'existing-files': 'keep',
      publish: 'true',
      version: '2',
    })

    expect(String(error)).toMatch(/a\.csv, b\.csv, c\.csv did not arrive/)
    expect(stage.zenodo.deposits().map(({ state }) => state)).toEqual(['done', 'unsubmitted'])
  })

  test('error stops before any upload', async () => {
    await using stage = await setStage({ files: more })
    const { outputs: draft } = await stage.run({ files: 'data/a.csv' })
    const from = stage.zenodo.requests.length

    const end = await stage.run({
      'deposit-id': draft['deposit-id'] ?? '',
      files: 'data/b.csv',
      'existing-files': 'error',
    })

    expect(problemsOf(end)).toMatch(/a\.csv/)
    expect(stage.writesSince(from)).toEqual([])
  })

  test('removes nothing when an upload failed', async () => {
    await using stage = await setStage({ files: more })
    const { outputs: draft } = await stage.run({ files: 'data/a.csv' })
    stage.zenodo.fault({
      method: 'PUT',
      path: '/api/files/*/*',
      times: Infinity,
      answer: { status: 400, json: { status: 400, message: 'Bucket quota exceeded.' } },
    })

    const end = await stage.run({ 'deposit-id': draft['deposit-id'] ?? '', files: 'data/b.csv' })

    expect(String(end.error)).toMatch(/Bucket quota exceeded/)
    expect(stage.filesOf(draft['deposit-id'])).toEqual(['a.csv'])
  })
})

describe('files of a draft that the step does not name', () => {
  test('are removed with a notice that says how to keep them', async () => {
    await using stage = await setStage()
    const first = await stage.run({ files: 'data/*' }, { tag: 'v1' })

    const { log } = await stage.run(
      { files: 'data/a.csv', 'deposit-id': first.outputs['deposit-id'] ?? '' },
      { tag: 'v1' },
    )

    expect(log).toContain('Removed b.csv from the draft')
    expect(log.filter((line) => line.startsWith('notice: '))).toEqual([
      expect.stringMatching(
        /1 file .* was removed from the draft: b\.csv\. .*existing-files: keep/,
      ),
    ])
  })

  test('are copies in the draft of a next version, which are taken out without a notice', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()

    const { log } = await stage.run(
      { files: 'data/a.csv', 'deposit-id': first['deposit-id'] ?? '' },
      { tag: 'v2' },
    )

    expect(log).toContain(
      `Took the copy of b.csv out of the draft; version ${first['deposit-id'] ?? ''} keeps it`,
    )
    expect(log.filter((line) => line.startsWith('notice: '))).toEqual([])
  })
})

describe('a draft that somebody deletes while files are sent', () => {
  test('fails with a sentence that says what may have happened', async () => {
    await using stage = await setStage()
    const message = 'The persistent identifier is not registered.'
    stage.zenodo.fault({
      method: 'PUT',
      path: '/api/files/*/*',
      answer: { status: 404, json: { status: 404, message } },
    })

    const { error } = await stage.run({ files: 'data/a.csv' })

    expect(error).toMatchObject({
      name: 'ApiError',
      hint: expect.stringContaining('published or deleted meanwhile') as unknown,
    })
  })
})

describe('a draft that cannot take the new files beside the old ones', () => {
  const numbered = (name: string, count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`${name}/${name}${n}.csv`, `${n}\n`]),
    )

  test.each([
    ['before the old ones are removed', 'replace', /before those not named are removed/],
    ['although the old ones stay', 'keep', /existing-files: keep leaves/],
  ])('is refused before the first write, %s', async (_, existing, problem) => {
    await using stage = await setStage({
      files: { ...numbered('old', 60), ...numbered('new', 60) },
    })
    const first = await stage.run({ files: 'old/*' }, { tag: 'v1' })
    const from = stage.zenodo.requests.length
    const inputs = {
      files: 'new/*',
      'deposit-id': first.outputs['deposit-id'] ?? '',
      'existing-files': existing,
    }

    const dry = await stage.run({ ...inputs, 'dry-run': 'true' }, { tag: 'v1' })
    const real = await stage.run(inputs, { tag: 'v1' })

    expect(problemsOf(dry)).toMatch(problem)
    expect(problemsOf(real)).toMatch(problem)
    expect(stage.writesSince(from)).toEqual([])
  })

  test('is no draft of a next version that a run left with all its copies', async () => {
    await using stage = await setStage({
      files: { ...numbered('old', 60), ...numbered('new', 59) },
    })
    const first = await stage.run({ files: 'old/*', publish: 'true' }, { tag: 'v1' })
    const inputs = {
      files: 'new/*\nold/old0.csv',
      'deposit-id': first.outputs['deposit-id'] ?? '',
      publish: 'true',
    }
    stage.zenodo.fault({ method: 'DELETE', times: Infinity, refuseConnection: true })
    const failed = await stage.run({ ...inputs, retries: '0' }, { tag: 'v2' })
    stage.zenodo.clearFaults()

    const { error, outputs } = await stage.run(inputs, { tag: 'v2' })

    expect(failed.error).toBeDefined()
    expect(stage.filesOf(failed.outputs['deposit-id'])).toHaveLength(60)
    expect(error).toBeUndefined()
    expect(outputs).toMatchObject({ 'uploaded-count': '59', 'kept-count': '1' })
  })

  test('is no draft of a next version, whose copies are taken out first', async () => {
    await using stage = await setStage({
      files: { ...numbered('old', 60), ...numbered('new', 60) },
    })
    const first = await stage.run({ files: 'old/*', publish: 'true' }, { tag: 'v1' })

    const { error } = await stage.run(
      { files: 'new/*', 'deposit-id': first.outputs['deposit-id'] ?? '', publish: 'true' },
      { tag: 'v2' },
    )

    expect(error).toBeUndefined()
  })
})
