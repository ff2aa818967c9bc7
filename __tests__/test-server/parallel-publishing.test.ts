import { describe, expect, test } from '@jest/globals'
import { atOnce, CRASH, keysOf, outcomes } from './support/race.ts'
import { startZenodo } from '../../test-server/server.ts'
import { createDeposit, Gate, publish, startUpload, until, upload } from './support/talk.ts'

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

    expect(outcomes(replies)).toEqual(['202', CRASH, CRASH])
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
