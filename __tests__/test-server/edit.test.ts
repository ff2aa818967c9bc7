import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { edit, fieldsOf, put } from './support/replies.ts'
import { ask, createRecord, METADATA, publish, toDeposit, upload } from './support/talk.ts'

describe('an edit', () => {
  test('keeps the DOI, and shows in the record only after it is published', async () => {
    await using zenodo = await startZenodo()
    const record = await createRecord(zenodo)
    const editing = await edit(zenodo, record)
    await put(zenodo, editing, { ...METADATA, title: 'Edited' })
    const path = `/api/records/${record.id}`
    const before = await ask(zenodo, 'GET', path)

    const published = await publish(zenodo, editing)

    const after = await ask(zenodo, 'GET', path)
    expect(before.json).toMatchObject({ title: 'A test dataset' })
    expect(after.json).toMatchObject({ title: 'Edited', doi: `10.5281/zenodo.${record.id}` })
    expect(published.json).toMatchObject({
      links: { bucket: expect.stringContaining(record.bucket) },
    })
  })

  test('with a fault is refused, and can be dropped without harm', async () => {
    await using zenodo = await startZenodo()
    const record = await createRecord(zenodo)
    const editing = await edit(zenodo, record)
    await put(zenodo, editing, { ...METADATA, title: 'x' })

    const refused = await publish(zenodo, editing)
    const dropped = await ask(zenodo, 'POST', `${record.path}/actions/discard`)

    expect(fieldsOf(refused)).toEqual(['metadata.title: Missing data for required field.'])
    expect(dropped.status).toBe(204)
    expect(zenodo.deposit(record.id)).toMatchObject({
      state: 'done',
      metadata: { title: 'A test dataset' },
    })
    expect((await ask(zenodo, 'POST', `${record.path}/actions/discard`)).status).toBe(404)
  })

  test('does not disturb a new version, nor the other way round', async () => {
    await using zenodo = await startZenodo()
    const record = await createRecord(zenodo)
    await edit(zenodo, record)

    const next = toDeposit(await ask(zenodo, 'POST', `${record.path}/actions/newversion`))
    await ask(zenodo, 'DELETE', next.path)
    const again = toDeposit(await ask(zenodo, 'POST', `${record.path}/actions/newversion`))

    expect(again.id).toBeGreaterThan(next.id)
    expect(zenodo.deposit(record.id)?.state).toBe('inprogress')
  })

  test('can have its files unlocked', async () => {
    await using zenodo = await startZenodo()
    const record = await createRecord(zenodo)
    const editing = await edit(zenodo, record)

    const unlocked = await ask(zenodo, 'POST', `/api/records/${record.id}/file-modification`, {
      json: {},
    })

    expect(unlocked.status).toBe(200)
    expect((await upload(zenodo, editing, 'new.txt')).status).toBe(201)
  })
})
