import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { ask, createDeposit, createRecord, upload } from './support/talk.ts'

const LIST = '/api/deposit/depositions'

describe('what a test sees', () => {
  test('every request, with who sent it, what it carried and how it was answered', async () => {
    await using zenodo = await startZenodo()

    await ask(zenodo, 'POST', `${LIST}?size=3`, { as: 'bob', json: { metadata: {} } })
    await ask(zenodo, 'GET', '/nowhere', { as: 'nobody' })

    expect(zenodo.requests).toMatchObject([
      {
        method: 'POST',
        path: LIST,
        query: 'size=3',
        user: 'bob',
        body: { metadata: {} },
        bytesReceived: 15,
        status: 201,
      },
      {
        method: 'GET',
        path: '/nowhere',
        query: '',
        user: undefined,
        body: undefined,
        bytesReceived: 0,
        status: 404,
      },
    ])
  })

  test('what the server holds, draft or record', async () => {
    await using zenodo = await startZenodo()
    const { id, bucket } = await createDeposit(zenodo)
    await upload(zenodo, { bucket }, 'data.txt', 'content')
    await ask(zenodo, 'POST', `/api/records/${id}/draft/files`, { json: [{ key: 'pending' }] })

    const view = zenodo.deposit(String(id))

    const doi = { doi: undefined, conceptDoi: undefined, reservedDoi: undefined }
    expect(view).toMatchObject({
      id,
      conceptId: id - 1,
      owner: 'alice',
      state: 'unsubmitted',
      submitted: false,
      ...doi,
    })
    expect(view?.metadata).toMatchObject({ title: 'A test dataset', license: 'cc-zero' })
    expect(view?.native).toMatchObject({
      resource_type: { id: 'dataset' },
      rights: [{ id: 'cc0-1.0' }],
    })
    expect(bucket).toBe(`/api/files/${view?.bucket ?? ''}`)
    expect(view?.files).toEqual([
      {
        key: 'data.txt',
        size: 7,
        checksum: 'md5:9a0364b9e99bb480dd25e1f0284c8555',
        content: Buffer.from('content'),
        status: 'completed',
      },
      { key: 'pending', size: 0, checksum: '', content: undefined, status: 'pending' },
    ])
    expect(zenodo.deposits()).toEqual([view])
    expect(zenodo.deposit(4711)).toBeUndefined()
  })

  test('the DOIs of a record', async () => {
    await using zenodo = await startZenodo({ doiPrefix: '10.5072' })

    const { id } = await createRecord(zenodo)

    expect(zenodo.deposit(id)).toMatchObject({
      state: 'done',
      submitted: true,
      doi: `10.5072/zenodo.${id}`,
      conceptDoi: `10.5072/zenodo.${id - 1}`,
    })
  })
})
