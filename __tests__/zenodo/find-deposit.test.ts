import { describe, expect, test } from '@jest/globals'
import { findDeposit } from '../../src/zenodo/find-deposit.ts'
import { never } from '../http/support/test-http.ts'
import { ask } from '../test-server/support/talk.ts'
import { Stage } from './support/stage.ts'

const byId = (id: number | string): { kind: 'id'; id: string } => ({ kind: 'id', id: String(id) })

describe('findDeposit', () => {
  test.each<[string, (stage: Stage, id: number) => string]>([
    ['its id', (_, id) => String(id)],
    ['its concept’s id', (stage, id) => String(stage.zenodo.deposit(id)?.conceptId)],
  ])('finds a draft by %s', async (_, nameOf) => {
    await using stage = await Stage.open()
    const { id } = await stage.createDraft()

    const target = await findDeposit(stage.clientOf(), byId(nameOf(stage, id)), never)

    expect(target).toMatchObject({
      kind: 'draft',
      draft: { id: String(id), state: 'draft' },
      latest: undefined,
    })
  })

  test.each(['the first version', 'the latest version', 'the concept'])(
    'finds the latest version of a record by the id of %s',
    async (name) => {
      await using stage = await Stage.open()
      const first = await stage.createRecord()
      const second = await stage.createNextDraft(first)
      await stage.publish(second)
      const ids = new Map<string, string | number>([
        ['the first version', first.id],
        ['the latest version', second.id],
        ['the concept', stage.conceptOf(first)],
      ])

      const target = await findDeposit(stage.clientOf(), byId(ids.get(name) ?? ''), never)

      expect(target).toMatchObject({
        kind: 'published',
        latest: { id: String(second.id), state: 'record' },
      })
    },
  )

  test('finds a draft of the next version with the version it follows', async () => {
    await using stage = await Stage.open()
    const first = await stage.createRecord()
    const next = await stage.createNextDraft(first)

    const target = await findDeposit(stage.clientOf(), byId(next.id), never)

    expect(target).toMatchObject({
      kind: 'draft',
      draft: { id: String(next.id) },
      latest: { id: String(first.id), files: [{ key: 'data.txt' }] },
    })
  })

  test('knows a record whose metadata is being edited for published', async () => {
    await using stage = await Stage.open()
    const record = await stage.createRecord()
    await ask(stage.zenodo, 'POST', `${record.path}/actions/edit`)

    const target = await findDeposit(stage.clientOf(), byId(record.id), never)

    expect(target).toMatchObject({ kind: 'published', latest: { state: 'edit' } })
  })

  test('finds a deposit by a DOI from elsewhere, whatever its case', async () => {
    await using stage = await Stage.open()
    const { id } = await stage.createDraft({ doi: '10.1234/MyData' })

    const target = await findDeposit(
      stage.clientOf(),
      { kind: 'doi', doi: '10.1234/mydata' },
      never,
    )

    expect(target).toMatchObject({ kind: 'draft', draft: { id: String(id) } })
  })

  test('writes nothing', async () => {
    await using stage = await Stage.open()
    const record = await stage.createRecord()
    const before = stage.zenodo.requests.length

    await findDeposit(stage.clientOf(), byId(record.id), never)

    const after = stage.zenodo.requests.slice(before)
    expect(after.map(({ method }) => method)).toEqual(after.map(() => 'GET'))
  })

  test.each<[string, (stage: Stage) => Promise<number> | number, string, RegExp]>([
    ['an id that nobody has', () => 99_999_999, 'alice', /knows no deposit 99999999/],
    [
      'somebody else’s draft',
      async (stage) => (await stage.createDraft()).id,
      'bob',
      /belongs to another account than the token/,
    ],
    [
      'somebody else’s record',
      async (stage) => (await stage.createRecord()).id,
      'bob',
      /belongs to another account than the token/,
    ],
    [
      'one’s own record that was deleted',
      async (stage) => {
        const { id } = await stage.createRecord()
        const json = { reason: 'test-record' }
        await ask(stage.zenodo, 'POST', `/api/records/${id}/request-deletion`, { json })
        return id
      },
      'alice',
      /has been deleted\. Leave deposit-id empty/,
    ],
  ])('says what is wrong with %s', async (_, make, user, problem) => {
    await using stage = await Stage.open()
    const id = await make(stage)

    const found = findDeposit(stage.clientOf(user), byId(id), never)

    await expect(found).rejects.toMatchObject({
      name: 'InputError',
      issues: [{ place: { input: 'deposit-id' }, problem: expect.stringMatching(problem) }],
    })
  })

  test('says that the token is the trouble, when it is', async () => {
    await using stage = await Stage.open()
    const { id } = await stage.createDraft()

    const found = findDeposit(stage.clientOf('nobody'), byId(id), never)

    await expect(found).rejects.toMatchObject({
      name: 'InputError',
      issues: [
        {
          place: { input: 'token' },
          problem: expect.stringContaining(`${stage.zenodo.url} does not accept this token`),
        },
      ],
    })
  })

  test('says that a DOI is nobody’s here', async () => {
    await using stage = await Stage.open()

    const found = findDeposit(stage.clientOf(), { kind: 'doi', doi: '10.1234/a"b' }, never)

    await expect(found).rejects.toThrow(
      /has the DOI 10\.1234\/a"b\. It may have been made elsewhere/,
    )
  })
})
