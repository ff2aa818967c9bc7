import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { ask, createRecord } from './support/talk.ts'

describe('a deleted record', () => {
  test('is 410 with a tombstone in public, and gone from the lists', async () => {
    await using zenodo = await startZenodo()
    const { id } = await createRecord(zenodo)
    const json = { reason: 'test-record' }
    await ask(zenodo, 'POST', `/api/records/${id}/request-deletion`, { json })

    const record = await ask(zenodo, 'GET', `/api/records/${id}`)
    const own = await ask(zenodo, 'GET', `/api/deposit/depositions?q=recid:${id}`)

    expect(record).toMatchObject({
      status: 410,
      json: { tombstone: { removal_reason: { id: 'test-record' } } },
    })
    expect(own.json).toEqual([])
  })

  test('is only asked for by its owner', async () => {
    await using zenodo = await startZenodo()
    const { id } = await createRecord(zenodo)

    const path = `/api/records/${id}/request-deletion`
    const reply = await ask(zenodo, 'POST', path, { as: 'bob', json: { reason: 'test-record' } })

    expect(reply.status).toBe(403)
  })
})
