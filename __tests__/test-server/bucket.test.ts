import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { edit, messageOf } from './support/replies.ts'
import {
  ask,
  createDeposit,
  createRecord,
  METADATA,
  openRequest,
  publish,
  readReply,
  startUpload,
  upload,
} from './support/talk.ts'

describe('the bucket of a record', () => {
  test.each([
    ['an existing key', 'data.txt', '403 Permission denied.'],
    ['a new key', 'new.txt', '404 Not found.'],
  ])('refuses %s', async (_words, key, expected) => {
    await using zenodo = await startZenodo()
    const record = await createRecord(zenodo)

    expect(messageOf(await upload(zenodo, record, key))).toBe(expected)
  })

  test('says that it is locked while an edit is open, as the bucket of the edit does', async () => {
    await using zenodo = await startZenodo()
    const record = await createRecord(zenodo)
    const editing = await edit(zenodo, record)

    const replies = [
      await upload(zenodo, record, 'new.txt'),
      await upload(zenodo, editing, 'new.txt'),
    ]

    expect(editing.bucket).not.toBe(record.bucket)
    expect(replies.map(messageOf)).toEqual(Array(2).fill('403 Bucket is locked for modifications.'))
  })

  test('takes no deletion', async () => {
    await using zenodo = await startZenodo()
    const { bucket } = await createRecord(zenodo)

    const reply = await ask(zenodo, 'DELETE', `${bucket}/data.txt`)

    expect(messageOf(reply)).toBe('403 Permission denied.')
  })

  test('is read by everybody, unless there is an embargo', async () => {
    await using zenodo = await startZenodo()
    const open = await createRecord(zenodo)
    const embargo = { access_right: 'embargoed', embargo_date: '2999-01-01' }
    const closed = await createDeposit(zenodo, { ...METADATA, ...embargo })
    await upload(zenodo, closed, 'data.txt')
    await publish(zenodo, closed)

    const statuses = await Promise.all(
      [
        ['nobody', `${open.bucket}/data.txt`],
        ['nobody', `${closed.bucket}/data.txt`],
        ['bob', `/api/records/${closed.id}/files/data.txt/content`],
        ['nobody', `/api/records/${closed.id}/files`],
        ['alice', `/api/records/${closed.id}/files/data.txt/content`],
        ['nobody', `/api/records/${closed.id}`],
      ].map(async ([as, path]) => (await ask(zenodo, 'GET', path ?? '', { as })).status),
    )

    expect(statuses).toEqual([200, 403, 403, 403, 200, 200])
  })
})

describe('file keys', () => {
  test.each([
    ['255 characters', 'k'.repeat(255), '201'],
    ['256 characters', 'k'.repeat(256), '400 Filename is too long.'],
  ])('may have %s: %s', async (_words, key, expected) => {
    await using zenodo = await startZenodo()

    expect(messageOf(await upload(zenodo, await createDeposit(zenodo), key))).toBe(expected)
  })

  test.each([
    ['an encoded slash', 'dir%2Ffile.txt'],
    ['a slash', 'dir/file.txt'],
    ['nothing', ''],
  ])('cannot be or have %s', async (_words, key) => {
    await using zenodo = await startZenodo()

    expect((await upload(zenodo, await createDeposit(zenodo), key)).status).toBe(404)
  })

  test('that are announced beyond the limit of the gateway get its page', async () => {
    await using zenodo = await startZenodo()
    const { bucket } = await createDeposit(zenodo)
    const headers = { 'content-type': 'application/octet-stream', 'content-length': 60e9 }
    const request = openRequest(zenodo, 'PUT', `${bucket}/huge`, { headers })
    const reply = readReply(request)
    request.flushHeaders()

    expect(await reply).toMatchObject({ status: 413, text: expect.stringContaining('<html>') })
    request.destroy()
  })

  test('keep the old content when the new one is empty', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt', 'old')

    const reply = await upload(zenodo, deposit, 'data.txt', '')

    expect(messageOf(reply)).toBe('400 Empty files are not accepted.')
    expect(zenodo.deposit(deposit.id)?.files[0]?.content?.toString()).toBe('old')
  })
})

test('an upload that is refused while its body is on the way is answered at once', async () => {
  await using zenodo = await startZenodo()
  const deposit = await createDeposit(zenodo)
  const foreign = { ...zenodo, tokens: { alice: zenodo.tokens['bob'] ?? '' } }

  const slow = startUpload(foreign, deposit, 'data.txt', { first: 'ab', rest: 'never sent' })

  expect(messageOf(await slow.reply)).toBe('403 Permission denied.')
  slow.giveUp()
})
