import { describe, expect, test } from '@jest/globals'
import { METADATA } from '../support/workspace.ts'
import { problemsOf, setStage } from './support/deposit-stage.ts'

describe('if-published: update-metadata', () => {
  test('edits the record, leaves its files, and publishes', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()

    const { outputs, error } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      metadata: 'title: A better title',
      publish: 'true',
    })

    expect(error).toBeUndefined()
    expect(outputs).toMatchObject({
      state: 'published',
      'deposit-id': first['deposit-id'],
      doi: first.doi,
    })
    expect(stage.zenodo.deposit(first['deposit-id'] ?? '')).toMatchObject({
      state: 'done',
      metadata: { title: 'A better title' },
    })
    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test('keeps version and tag of the record, which the file does not name', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('.zenodo.json', JSON.stringify({ ...METADATA, title: 'Better' }))

    const { error } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      publish: 'true',
    })

    expect(error).toBeUndefined()
    expect(stage.zenodo.deposit(first['deposit-id'] ?? '')?.metadata).toMatchObject({
      title: 'Better',
      version: '1',
      related_identifiers: [{ identifier: 'https://github.com/octo/rivers/tree/v1' }],
    })
  })

  test('drops its edit when the server refuses, so that the record stays as it was', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    stage.zenodo.fault({
      method: 'POST',
      path: '/api/deposit/depositions/*/actions/publish',
      answer: {
        status: 400,
        json: {
          status: 400,
          message: 'A validation error occurred.',
          errors: [{ field: 'metadata.title', messages: ['Nope.'] }],
        },
      },
    })

    const end = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      metadata: 'title: A better title',
      publish: 'true',
    })

    expect(problemsOf(end)).toContain('Nope.')
    expect(stage.zenodo.deposit(first['deposit-id'] ?? '')).toMatchObject({
      state: 'done',
      metadata: { title: METADATA.title },
    })
  })

  test('leaves its edit alone when the job is cancelled while it is being published', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const job = new AbortController()
    stage.zenodo.fault({
      method: 'POST',
      path: '/api/deposit/depositions/*/actions/publish',
      before: () => job.abort(new Error('cancelled')),
    })
    const from = stage.zenodo.requests.length

    const { error } = await stage.run(
      {
        'deposit-id': first['deposit-id'] ?? '',
        'if-published': 'update-metadata',
        metadata: 'title: A better title',
        publish: 'true',
      },
      { signal: job.signal },
    )

    expect(error).toBe(job.signal.reason)
    expect(stage.writesSince(from).filter((line) => line.endsWith('/discard'))).toEqual([])
  })

  test('drops its edit where the answers to the call that opens it are lost', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const path = '/api/deposit/depositions/*/actions/edit'
    stage.zenodo.fault({ method: 'POST', path, times: Infinity, loseAnswer: 'close' })

    const { error, outputs } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      metadata: 'title: A better title',
      publish: 'true',
    })

    expect(String(error)).toMatch(/actions\/edit/)
    expect(outputs).toMatchObject({ state: 'published', 'deposit-id': first['deposit-id'] })
    expect(stage.zenodo.deposit(first['deposit-id'] ?? '')?.state).toBe('done')
  })

  test.each([
    ['restricted', { access_right: 'restricted' }],
    ['embargoed', { access_right: 'embargoed', embargo_date: '2099-01-01' }],
  ])('keeps files %s where the file does not say who may see them', async (access, fields) => {
    await using stage = await setStage({ metadata: { ...METADATA, ...fields } })
    const first = await stage.publishFirst()
    await stage.workspace.write('.zenodo.json', JSON.stringify(METADATA))

    const { error, log } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      publish: 'true',
    })

    expect(error).toBeUndefined()
    expect(stage.zenodo.deposit(first['deposit-id'] ?? '')?.metadata).toMatchObject(fields)
    expect(log.join('\n')).toMatch(`notice: The files stay ${access}, as before: .zenodo.json`)
  })

  test('is not told to record what it would keep, when the files are unchanged', async () => {
    await using stage = await setStage({ metadata: { ...METADATA, access_right: 'restricted' } })
    const first = await stage.publishFirst()
    await stage.workspace.write('.zenodo.json', JSON.stringify(METADATA))

    const { outputs, log } = await stage.run({
      'deposit-id': first['concept-id'] ?? '',
      files: 'data/*',
      publish: 'true',
    })

    expect(outputs.state).toBe('unchanged')
    expect(log.join('\n')).not.toMatch(/the metadata differ/)
  })

  test('corrects the version that is named, and the latest of a concept', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const second = await stage.run({
      'deposit-id': first['concept-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '2',
    })
    const correct = (id: string | undefined, notes: string) =>
      stage.run({
        'deposit-id': id ?? '',
        'if-published': 'update-metadata',
        'metadata-file': 'none',
        metadata: `notes: ${notes}`,
        publish: 'true',
      })

    await correct(first['deposit-id'], 'Of the first.')
    await correct(first['concept-id'], 'Of the latest.')

    const notesOf = (id = '') => stage.zenodo.deposit(id)?.metadata['notes']
    expect(notesOf(first['deposit-id'])).toBe('Of the first.')
    expect(notesOf(second.outputs['deposit-id'])).toBe('Of the latest.')
  })

  test('opens files where the file says so', async () => {
    await using stage = await setStage({ metadata: { ...METADATA, access_right: 'restricted' } })
    const first = await stage.publishFirst()
    await stage.workspace.write(
      '.zenodo.json',
      JSON.stringify({ ...METADATA, access_right: 'open' }),
    )

    await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      publish: 'true',
    })

    expect(stage.zenodo.deposit(first['deposit-id'] ?? '')?.metadata['access_right']).toBe('open')
  })

  test('tells of changes that somebody has begun, where a step leaves them alone', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const id = first['deposit-id'] ?? ''
    const begun = { 'deposit-id': id, 'if-published': 'update-metadata', metadata: 'notes: Begun.' }
    await stage.run(begun)

    const { outputs, log } = await stage.run({ 'deposit-id': id, files: 'data/*', publish: 'true' })

    expect(outputs.state).toBe('unchanged')
    expect(log.join('\n')).toMatch(/notice: Changes of the metadata of record .* not published/)
  })

  test('says no version of a record that has none, whatever tag starts the run', async () => {
    await using stage = await setStage()
    const first = await stage.run({ files: 'data/*', publish: 'true' })

    const { outputs, error } = await stage.run(
      {
        'deposit-id': first.outputs['deposit-id'] ?? '',
        'if-published': 'update-metadata',
        'metadata-file': 'none',
        metadata: 'notes: Corrected.',
        publish: 'true',
      },
      { tag: 'v9' },
    )

    expect(error).toBeUndefined()
    expect(outputs.version).toBe('')
  })
})

describe('an edit of metadata by a run of a tag', () => {
  test('leaves the link to the tag that the record came from, and adds no other', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('.zenodo.json', JSON.stringify({ ...METADATA, title: 'Better' }))

    await stage.run(
      {
        'deposit-id': first['deposit-id'] ?? '',
        'if-published': 'update-metadata',
        publish: 'true',
      },
      { tag: 'v9' },
    )

    const [record] = stage.zenodo.deposits()
    expect(record?.metadata).toMatchObject({
      title: 'Better',
      related_identifiers: [{ identifier: 'https://github.com/octo/rivers/tree/v1' }],
    })
  })
})
