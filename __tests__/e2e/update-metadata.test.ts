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
