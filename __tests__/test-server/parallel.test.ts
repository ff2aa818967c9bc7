import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import {
  ask,
  createBareDeposit,
  createDeposit,
  createRecord,
  Gate,
  METADATA,
  openRequest,
  publish,
  readReply,
  startUpload,
  toDeposit,
  until,
  untilReceived,
  upload,
  type Reply,
  type TestDeposit,
} from './support/talk.ts'

const CRASHED = 'The server encountered an internal error'

/** What was answered, in words, in the order of the words. */
const outcomes = (replies: readonly Reply[]): readonly string[] =>
  replies
    .map(({ status, text }) => `${status} ${/"message": ?"([^".]*)/.exec(text)?.[1] ?? ''}`.trim())
    .sort()

const keysOf = (zenodo: Zenodo, { id }: TestDeposit): readonly string[] =>
  zenodo
    .deposit(id)
    ?.files.map(({ key }) => key)
    .sort() ?? []

const contentOf = (zenodo: Zenodo, { id }: TestDeposit, key: string): string | undefined =>
  zenodo
    .deposit(id)
    ?.files.find((file) => file.key === key)
    ?.content?.toString()

/** Sends requests so that all have begun before the first one ends. */
async function atOnce(
  zenodo: Zenodo,
  gate: Gate,
  requests: readonly (() => Promise<Reply>)[],
): Promise<readonly Reply[]> {
  const before = zenodo.requests.length
  gate.close()
  const replies = requests.map((send) => send())
  await untilReceived(zenodo, before + requests.length)
  await until(() => gate.heldCount > 0)
  gate.open()
  return Promise.all(replies)
}

const four = [0, 1, 2, 3] as const

describe('uploads of one bucket', () => {
  test('all succeed when they bring different new keys at once', async () => {
    const gate = new Gate()
    await using zenodo = await startZenodo({ sleep: gate.sleep })
    const deposit = await createDeposit(zenodo)

    const replies = await atOnce(
      zenodo,
      gate,
      four.map((n) => () => upload(zenodo, deposit, `k${n}`, `content ${n}`)),
    )

    expect(outcomes(replies)).toEqual(['201', '201', '201', '201'])
    expect(keysOf(zenodo, deposit)).toEqual(['k0', 'k1', 'k2', 'k3'])
  })

  test('wait, before their body is read, for the one that is running', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    const slow = startUpload(zenodo, deposit, 'slow', { first: 'ab', rest: 'cd' })
    await until(() => zenodo.requests.at(-1)?.bytesReceived === 2)
    const large = Buffer.alloc(2 ** 20)

    const waiting = upload(zenodo, deposit, 'waiting', large)
    await until(() => zenodo.requests.length === 3)
    const read = await ask(zenodo, 'GET', `${deposit.path}/files`)
    const changed = await ask(zenodo, 'PUT', deposit.path, { json: { metadata: METADATA } })

    expect(read.status).toBe(200)
    expect(changed.status).toBe(200)
    const received = zenodo.requests[2]
    expect(received?.status).toBeUndefined()
    expect(received?.bytesReceived).toBeLessThan(large.length)
    slow.finish()
    expect(outcomes([await slow.reply, await waiting])).toEqual(['201', '201'])
    expect(keysOf(zenodo, deposit)).toEqual(['slow', 'waiting'])
  })

  test('of another bucket do not wait', async () => {
    await using zenodo = await startZenodo()
    const [one, other] = [await createDeposit(zenodo), await createDeposit(zenodo)]
    const slow = startUpload(zenodo, one, 'slow', { first: 'ab', rest: 'cd' })
    await until(() => zenodo.requests.length === 3)

    const { status } = await upload(zenodo, other, 'data.txt')

    expect(status).toBe(201)
    slow.giveUp()
  })

  test('go through when the connection of the hanging one dies', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    const slow = startUpload(zenodo, deposit, 'same', { first: 'ab', rest: 'cd' })
    await until(() => zenodo.requests.at(-1)?.bytesReceived === 2)
    const second = upload(zenodo, deposit, 'same', 'second')
    await until(() => zenodo.requests.length === 3)

    slow.giveUp()

    expect((await second).status).toBe(201)
    expect(contentOf(zenodo, deposit, 'same')).toBe('second')
  })

  test('leave no trace when they are cut, and the old content stays', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'old', 'old content')
    for (const key of ['old', 'new']) {
      const cut = startUpload(zenodo, deposit, key, { first: 'ab', rest: 'cd' })
      await until(() => zenodo.requests.at(-1)?.bytesReceived === 2)
      cut.giveUp()
    }

    const again = await upload(zenodo, deposit, 'third')

    expect(again.status).toBe(201)
    expect(keysOf(zenodo, deposit)).toEqual(['old', 'third'])
    expect(contentOf(zenodo, deposit, 'old')).toBe('old content')
  })

  test('take effect after their client has gone, if their body had arrived', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    const slow = startUpload(zenodo, deposit, 'slow', { first: 'ab', rest: 'cd' })
    await until(() => zenodo.requests.at(-1)?.bytesReceived === 2)
    const small = startUpload(zenodo, deposit, 'small', { first: 'whole', rest: '' })
    await until(() => zenodo.requests.at(-1)?.bytesReceived === 5)
    const large = startUpload(zenodo, deposit, 'large', { first: 'part', rest: 'rest' })
    await until(() => zenodo.requests.at(-1)?.bytesReceived === 4)

    small.giveUp()
    large.giveUp()
    slow.finish()

    await slow.reply
    await until(() => keysOf(zenodo, deposit).length === 2)
    await upload(zenodo, deposit, 'last')
    expect(keysOf(zenodo, deposit)).toEqual(['last', 'slow', 'small'])
  })

  test.each([
    [
      'bring the same new key',
      '',
      ['201', ...Array<string>(3).fill('400 File with key same already exists')],
    ],
    [
      'replace the same key',
      'old',
      ['201', ...Array<string>(3).fill(`500 ${CRASHED} and was unable to complete your request`)],
    ],
  ])('all but one fail when they %s at once', async (_words, old, expected) => {
    const gate = new Gate()
    await using zenodo = await startZenodo({ sleep: gate.sleep })
    const deposit = await createDeposit(zenodo)
    if (old !== '') await upload(zenodo, deposit, 'same', old)

    const replies = await atOnce(
      zenodo,
      gate,
      four.map((n) => () => upload(zenodo, deposit, 'same', `content ${n}`)),
    )

    expect(outcomes(replies)).toEqual(expected)
    expect(contentOf(zenodo, deposit, 'same')).toMatch(/^content [0-3]$/)
  })

  test.each([
    ['400 Not a valid value', createDeposit],
    [`500 ${CRASHED} and was unable to complete your request`, createBareDeposit],
  ])(
    'lose the race for the draft with %s when they replace different keys at once',
    async (loss, create) => {
      const gate = new Gate()
      await using zenodo = await startZenodo({ sleep: gate.sleep })
      const deposit = await create(zenodo)
      for (const n of four) await upload(zenodo, deposit, `k${n}`, 'old')

      const replies = await atOnce(
        zenodo,
        gate,
        four.map((n) => () => upload(zenodo, deposit, `k${n}`, 'new')),
      )

      expect(outcomes(replies)).toEqual(['201', loss, loss, loss])
      const kept = four.filter((n) => contentOf(zenodo, deposit, `k${n}`) === 'old')
      expect(kept).toHaveLength(3)
    },
  )
})

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

describe('new versions', () => {
  test.each([
    ['legacy', (id: number) => `/api/deposit/depositions/${id}/actions/newversion`],
    ['native', (id: number) => `/api/records/${id}/versions`],
  ])(
    '%s calls of the same moment make several drafts, all of them publishable',
    async (_words, path) => {
      const gate = new Gate()
      await using zenodo = await startZenodo({ sleep: gate.sleep })
      const { id } = await createRecord(zenodo)

      const replies = await atOnce(
        zenodo,
        gate,
        four.map(() => () => ask(zenodo, 'POST', path(id))),
      )

      const ids = replies.map(({ json }) => (json as { id: number }).id)
      expect(outcomes(replies)).toEqual(['201', '201', '201', '201'])
      expect(new Set(ids).size).toBe(4)
      for (const next of ids) {
        const deposit = toDeposit(await ask(zenodo, 'GET', `/api/deposit/depositions/${next}`))
        await upload(zenodo, deposit, 'more.txt')
        expect((await publish(zenodo, deposit)).status).toBe(202)
      }
    },
  )

  test('a later native call answers with the last of several drafts', async () => {
    const gate = new Gate()
    await using zenodo = await startZenodo({ sleep: gate.sleep })
    const { id } = await createRecord(zenodo)
    const versions = (): Promise<Reply> => ask(zenodo, 'POST', `/api/records/${id}/versions`)
    const replies = await atOnce(zenodo, gate, [versions, versions])

    const { json } = await versions()

    const ids = replies.map((reply) => (reply.json as { id: number }).id)
    expect((json as { id: number }).id).toBe(Math.max(...ids))
  })
})

describe('publishing', () => {
  test('of the same draft at the same moment succeeds once, the others crash', async () => {
    const gate = new Gate()
    await using zenodo = await startZenodo({ sleep: gate.sleep })
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')

    const replies = await atOnce(zenodo, gate, [
      () => publish(zenodo, deposit),
      () => publish(zenodo, deposit),
      () => publish(zenodo, deposit),
    ])

    const crash = `500 ${CRASHED} and was unable to complete your request`
    expect(outcomes(replies)).toEqual(['202', crash, crash])
  })

  test('waits for an upload that is well under way, and takes its file in', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')
    const slow = startUpload(zenodo, deposit, 'slow', { first: 'ab', rest: 'cd' })
    await until(() => zenodo.requests.at(-1)?.bytesReceived === 2)
    const published = publish(zenodo, deposit)
    await until(() => zenodo.requests.length === 4)

    slow.finish()

    expect(outcomes([await slow.reply, await published])).toEqual(['201', '202'])
    expect(keysOf(zenodo, deposit)).toEqual(['data.txt', 'slow'])
  })

  test('loses, without any error, the file of an upload that comes when it has just begun', async () => {
    const gate = new Gate()
    await using zenodo = await startZenodo({ sleep: gate.sleep })
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')
    gate.close()
    const published = publish(zenodo, deposit)
    await until(() => gate.heldCount === 1)
    const late = upload(zenodo, deposit, 'late')
    await until(() => zenodo.requests.length === 4)

    gate.open()

    expect(outcomes([await published, await late])).toEqual(['201', '202'])
    expect(keysOf(zenodo, deposit)).toEqual(['data.txt'])
  })

  test('turns away an upload that comes when it is nearly done', async () => {
    const gate = new Gate()
    await using zenodo = await startZenodo({ sleep: gate.sleep })
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')
    gate.close()
    const published = publish(zenodo, deposit)
    await until(() => gate.heldCount === 1)
    gate.step()
    await until(() => gate.heldCount === 1)
    const late = upload(zenodo, deposit, 'late')
    await until(() => zenodo.requests.length === 4)

    gate.open()

    const refusal = '404 The persistent identifier is not registered'
    expect(outcomes([await published, await late])).toEqual(['202', refusal])
  })
})
