import { describe, expect, test } from '@jest/globals'
import { atOnce, keysOf, outcomes } from './support/race.ts'
import { startZenodo } from '../../test-server/server.ts'
import {
  ask,
  createDeposit,
  Gate,
  METADATA,
  openRequest,
  readReply,
  startUpload,
  until,
  untilReceived,
  upload,
} from './support/talk.ts'

const four = [0, 1, 2, 3] as const

describe('other writes to a draft', () => {
  test('all but one deletion of the same moment fail', async () => {
    const gate = new Gate()
    await using zenodo = await startZenodo({ sleep: gate.sleep })
    const deposit = await createDeposit(zenodo)
    for (const n of four) await upload(zenodo, deposit, `k${n}`)
    const { json } = await ask(zenodo, 'GET', `${deposit.path}/files`)
    const ids = (json as readonly { id: string }[]).map(({ id }) => id)

    const replies = await atOnce(
      zenodo,
      gate,
      ids.map((id) => () => ask(zenodo, 'DELETE', `${deposit.path}/files/${id}`)),
    )

    const loss = '400 Not a valid value'
    expect(outcomes(replies)).toEqual(['204', loss, loss, loss])
    expect(keysOf(zenodo, deposit)).toHaveLength(3)
  })

  test('all but one metadata update of the same moment blame their upload type', async () => {
    const gate = new Gate()
    await using zenodo = await startZenodo({ sleep: gate.sleep })
    const deposit = await createDeposit(zenodo)
    const json = { metadata: { ...METADATA, upload_type: 'publication', publication_type: 'book' } }

    const replies = await atOnce(
      zenodo,
      gate,
      four.map(() => () => ask(zenodo, 'PUT', deposit.path, { json })),
    )

    const loss = '400 Invalid value publication-book'
    expect(outcomes(replies)).toEqual(['200', loss, loss, loss])
  })

  test('a metadata update waits for a slow replacement, and then loses', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt', 'old')
    const slow = startUpload(zenodo, deposit, 'data.txt', { first: 'ab', rest: 'cd' })
    await until(() => zenodo.requests.at(-1)?.bytesReceived === 2)
    const put = ask(zenodo, 'PUT', deposit.path, { json: { metadata: METADATA } })
    await untilReceived(zenodo, 4)
    expect(zenodo.requests[3]?.status).toBeUndefined()

    slow.finish()

    expect(outcomes([await slow.reply, await put])).toEqual(['201', '400 Invalid value dataset'])
  })

  test('a deletion that waited loses to a metadata update that did not', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')
    const slow = startUpload(zenodo, deposit, 'slow', { first: 'ab', rest: 'cd' })
    await until(() => zenodo.requests.at(-1)?.bytesReceived === 2)
    const deletion = ask(zenodo, 'DELETE', `${deposit.bucket}/data.txt`)
    await until(() => zenodo.requests.length === 4)
    await ask(zenodo, 'PUT', deposit.path, { json: { metadata: METADATA } })

    slow.finish()

    expect(outcomes([await slow.reply, await deletion])).toEqual(['201', '400 Not a valid value'])
    expect(keysOf(zenodo, deposit)).toEqual(['data.txt', 'slow'])
  })

  test('a native content upload blocks the bucket, an announcement does not wait', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    const files = `/api/records/${deposit.id}/draft/files`
    await ask(zenodo, 'POST', files, { json: [{ key: 'native' }] })
    const headers = { 'content-type': 'application/octet-stream', 'content-length': 4 }
    const content = openRequest(zenodo, 'PUT', `${files}/native/content`, { headers })
    const stored = readReply(content)
    content.write('ab')
    await until(() => zenodo.requests.at(-1)?.bytesReceived === 2)
    const waiting = upload(zenodo, deposit, 'waiting')
    await until(() => zenodo.requests.length === 4)

    const init = await ask(zenodo, 'POST', files, { json: [{ key: 'other' }] })

    expect(init.status).toBe(201)
    expect(zenodo.requests[3]?.status).toBeUndefined()
    content.end('cd')
    expect(outcomes([await stored, await waiting])).toEqual(['200', '201'])
  })

  test('a native content upload that is cut removes the announcement', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    const files = `/api/records/${deposit.id}/draft/files`
    await ask(zenodo, 'POST', files, { json: [{ key: 'native' }] })
    const headers = { 'content-type': 'application/octet-stream', 'content-length': 4 }
    const content = openRequest(zenodo, 'PUT', `${files}/native/content`, { headers })
    content.on('error', () => undefined)
    content.write('ab')
    await until(() => zenodo.requests.at(-1)?.bytesReceived === 2)

    content.destroy()

    await until(() => keysOf(zenodo, deposit).length === 0)
    expect(keysOf(zenodo, deposit)).toEqual([])
  })
})
