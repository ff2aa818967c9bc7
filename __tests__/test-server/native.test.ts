import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { fieldsOf, messageOf, NATIVE } from './support/replies.ts'
import { ask, createDeposit, createRecord, upload } from './support/talk.ts'

describe('the native API', () => {
  test('creates a draft and tells what is wrong with it', async () => {
    await using zenodo = await startZenodo()
    const json = { metadata: { title: 'ab', publisher: 'Zenodo' } }

    const created = await ask(zenodo, 'POST', '/api/records', { json, headers: NATIVE })

    expect(created.status).toBe(201)
    expect(fieldsOf(created).toSorted()).toEqual([
      'files.enabled: Missing uploaded files.',
      'metadata.creators: Missing data for required field.',
      'metadata.publication_date: Missing data for required field.',
      'metadata.resource_type: Missing data for required field.',
      'metadata.title: Shorter than minimum length 3.',
    ])
  })

  test('publishes and edits like the deposit API', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')
    const draft = `/api/records/${deposit.id}/draft`

    const published = await ask(zenodo, 'POST', `${draft}/actions/publish`, { headers: NATIVE })
    const editing = await ask(zenodo, 'POST', draft, { headers: NATIVE })

    expect(published).toMatchObject({
      status: 202,
      json: { is_published: true, status: 'published' },
    })
    expect(editing).toMatchObject({ status: 201, json: { is_draft: true, is_published: true } })
    expect((await ask(zenodo, 'DELETE', draft)).status).toBe(204)
  })

  test('lists own drafts and records with a total, and the versions of a record', async () => {
    await using zenodo = await startZenodo()
    const record = await createRecord(zenodo)
    await createDeposit(zenodo)

    const own = await ask(zenodo, 'GET', '/api/user/records?size=1', { headers: NATIVE })
    const versions = await ask(zenodo, 'GET', `/api/records/${record.id}/versions`)

    expect(own.json).toMatchObject({ hits: { total: 2 } })
    expect(versions.json).toMatchObject({ hits: { total: 1, hits: [{ id: record.id }] } })
  })

  test.each([
    [
      'fetching from elsewhere',
      { type: 'F', url: 'https://example.org/x' },
      '400 A validation error occurred.',
    ],
    ['a remote file', { type: 'R' }, '403 Permission denied.'],
  ])('refuses %s', async (_words, transfer, expected) => {
    await using zenodo = await startZenodo()
    const { id } = await createDeposit(zenodo)

    const json = [{ key: 'x', transfer }]
    const reply = await ask(zenodo, 'POST', `/api/records/${id}/draft/files`, { json })

    expect(messageOf(reply)).toBe(expected)
  })

  test('takes announced sizes and checksums for nothing', async () => {
    await using zenodo = await startZenodo()
    const { id } = await createDeposit(zenodo)
    const files = `/api/records/${id}/draft/files`
    const announced = { size: 10, checksum: 'md5:00000000000000000000000000000000' }
    await ask(zenodo, 'POST', files, { json: [{ key: 'x', ...announced }] })
    const headers = { 'content-type': 'application/octet-stream' }
    await ask(zenodo, 'PUT', `${files}/x/content`, { headers, body: 'abc' })

    const committed = await ask(zenodo, 'POST', `${files}/x/commit`)

    expect(committed.json).toMatchObject({
      size: 3,
      checksum: 'md5:900150983cd24fb0d6963f7d28e17f72',
    })
  })

  test('is not fooled into committing what never came', async () => {
    await using zenodo = await startZenodo()
    const { id } = await createDeposit(zenodo)
    const files = `/api/records/${id}/draft/files`
    await ask(zenodo, 'POST', files, { json: [{ key: 'x' }] })

    const committed = await ask(zenodo, 'POST', `${files}/x/commit`)

    expect(committed.status).toBe(400)
  })
})
