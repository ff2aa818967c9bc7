import { describe, expect, test } from '@jest/globals'
import { atOnce, contentOf, CRASH, keysOf, outcomes } from './support/race.ts'
import { startZenodo } from '../../test-server/server.ts'
import {
  ask,
  createBareDeposit,
  createDeposit,
  Gate,
  METADATA,
  startUpload,
  until,
  upload,
} from './support/talk.ts'

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
    ['replace the same key', 'old', ['201', ...Array<string>(3).fill(CRASH)]],
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
    [CRASH, createBareDeposit],
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
