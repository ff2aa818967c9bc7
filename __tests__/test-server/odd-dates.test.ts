import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { NATIVE, put } from './support/replies.ts'
import { ask, createDeposit, METADATA, publish, upload } from './support/talk.ts'

describe('dates the server cannot handle', () => {
  test.each([
    ['XXXX', '500', 'done'],
    ['2020/..', '500', 'unsubmitted'],
  ])('%s crashes the update, and %s', async (date, status, state) => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo, {})
    await upload(zenodo, deposit, 'data.txt')
    const updated = await put(zenodo, deposit, { ...METADATA, publication_date: date })

    await publish(zenodo, deposit)

    expect(String(updated.status)).toBe(status)
    expect(zenodo.deposit(deposit.id)?.state).toBe(state)
  })

  test('199X is published, and no native answer about the record works any more', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo, { ...METADATA, publication_date: '199X' })
    await upload(zenodo, deposit, 'data.txt')

    const published = await publish(zenodo, deposit)

    expect(published.status).toBe(202)
    const path = `/api/records/${deposit.id}`
    expect((await ask(zenodo, 'GET', path)).status).toBe(200)
    expect((await ask(zenodo, 'GET', path, { headers: NATIVE })).status).toBe(500)
  })
})
