import { describe, expect, test } from '@jest/globals'
import { atOnce, outcomes } from './support/race.ts'
import { startZenodo } from '../../test-server/server.ts'
import { ask, createRecord, Gate, publish, type Reply, toDeposit, upload } from './support/talk.ts'

const four = [0, 1, 2, 3] as const

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
