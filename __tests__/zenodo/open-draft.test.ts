import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../test-server/server.ts'
import type { Deposit } from '../../src/zenodo/deposit.ts'
import { createDraft, findRivals, openNextVersion } from '../../src/zenodo/open-draft.ts'
import { never } from '../http/support/test-http.ts'
import { MARK, METADATA, Stage, marked } from './support/stage.ts'

const DEPOSITS = '/api/deposit/depositions'
const WANTED = {
  metadata: { ...METADATA, ...marked() },
  mark: MARK,
  title: METADATA.title,
  onSecondCall: () => undefined,
}

const create = (stage: Stage, wanted: Parameters<typeof createDraft>[1] = WANTED) =>
  createDraft(stage.clientOf(), wanted, never)

const onCreate = (stage: Stage, fault: Fault): { readonly hits: number } =>
  stage.zenodo.fault({ method: 'POST', path: DEPOSITS, ...fault })

const failure = (status: number): Fault => ({
  answer: { status, json: { status, message: 'No.' } },
})

describe('createDraft', () => {
  test('makes one deposit, with its metadata from the first moment', async () => {
    await using stage = await Stage.open()

    const draft = await create(stage)

    expect(draft).toMatchObject({ state: 'draft', metadata: { title: METADATA.title } })
    expect(stage.zenodo.deposits()).toHaveLength(1)
    expect(stage.count('POST', /./)).toBe(1)
  })

  test('makes one without metadata where there is none', async () => {
    await using stage = await Stage.open()

    const draft = await create(stage, {
      ...WANTED,
      metadata: undefined,
      mark: undefined,
      title: undefined,
    })

    expect(draft).toMatchObject({ state: 'draft' })
    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test.each<[string, Fault]>([
    ['a connection that broke', { loseAnswer: 'close' }],
    ['a gateway that lost patience', { loseAnswer: '504' }],
  ])('finds what was made although the answer was lost by %s', async (_, fault) => {
    await using stage = await Stage.open()
    onCreate(stage, fault)

    const draft = await create(stage)

    expect(stage.zenodo.deposits().map(({ id }) => String(id))).toEqual([draft.id])
    expect(stage.count('POST', /./)).toBe(1)
  })

  test('finds it also when the list lags behind, for ten seconds', async () => {
    await using stage = await Stage.open({ indexLagMs: 30 })
    onCreate(stage, { loseAnswer: 'close' })
    const list: Fault = { method: 'GET', path: DEPOSITS, delayMs: 10, times: Infinity }
    stage.zenodo.fault(list)

    await create(stage)

    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test.each<[string, Fault]>([
    ['the server was in trouble', failure(503)],
    ['the server had a limit', failure(429)],
  ])('tries again when %s and nothing was made', async (_, fault) => {
    await using stage = await Stage.open()
    onCreate(stage, fault)

    const draft = await create(stage)

    expect(stage.zenodo.deposits().map(({ id }) => String(id))).toEqual([draft.id])
    expect(stage.count('POST', /./)).toBe(2)
  })

  test('looks before it gives up', async () => {
    await using stage = await Stage.open()
    onCreate(stage, { ...failure(500), times: Infinity })

    await expect(create(stage)).rejects.toMatchObject({ name: 'ApiError', status: 500 })
    expect(stage.count('POST', /./)).toBe(3)
    expect(stage.count('GET', /./)).toBeGreaterThanOrEqual(3)
  })

  test('does not try again when the look for a lost draft fails', async () => {
    await using stage = await Stage.open()
    onCreate(stage, { loseAnswer: 'close' })
    const list = { method: 'GET', path: DEPOSITS, times: Infinity } as const
    stage.zenodo.fault({ ...list, ...failure(502) })

    await expect(create(stage)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/Whether a draft was made is not known.*502/s),
    })
    expect(stage.count('POST', /./)).toBe(1)
    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test('does not try again when the lost draft is found and cannot be read', async () => {
    await using stage = await Stage.open()
    onCreate(stage, { loseAnswer: 'close' })
    stage.zenodo.fault({ method: 'GET', path: /\/\d+$/, times: Infinity, ...failure(502) })

    await expect(create(stage)).rejects.toMatchObject({ name: 'InputError' })
    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test.each([400, 403, 415])('passes on a refusal of %d at once', async (status) => {
    await using stage = await Stage.open()
    onCreate(stage, failure(status))

    await expect(create(stage)).rejects.toMatchObject({ name: 'ApiError', status })
    expect(stage.zenodo.requests).toHaveLength(1)
  })

  test('without a mark does not try again, but says where to look', async () => {
    await using stage = await Stage.open()
    onCreate(stage, { loseAnswer: 'close' })

    const created = create(stage, { ...WANTED, mark: undefined })

    await expect(created).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('The answer to the create call was lost'),
      hint: expect.stringContaining(`${stage.zenodo.url}/me/uploads`),
    })
    expect(stage.count('POST', /./)).toBe(1)
    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test('ends with the reason of an abort, and makes nothing more', async () => {
    await using stage = await Stage.open()
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    onCreate(stage, { ...failure(500), before: () => controller.abort(reason) })

    const created = createDraft(stage.clientOf(), WANTED, controller.signal)

    await expect(created).rejects.toBe(reason)
    expect(stage.count('POST', /./)).toBe(1)
  })
})

describe('openNextVersion', () => {
  async function publishFirst(stage: Stage): Promise<Deposit> {
    const { id } = await stage.createRecord()
    return stage.clientOf().getDeposit(String(id), never)
  }
  const NATIVE = '/api/records/*/versions'
  const LEGACY = `${DEPOSITS}/*/actions/newversion`

  test('makes the draft of the next version', async () => {
    await using stage = await Stage.open()
    const latest = await publishFirst(stage)

    const { draft, abandonedId } = await openNextVersion(stage.clientOf(), latest, never)

    expect(draft).toMatchObject({ state: 'draft', conceptId: latest.conceptId, files: [] })
    expect(abandonedId).toBeUndefined()
    expect(stage.zenodo.deposits()).toHaveLength(2)
  })

  test('continues the one that is there, with what is in it', async () => {
    await using stage = await Stage.open()
    const record = await stage.createRecord()
    const left = await stage.createNextDraft(record)
    const latest = await stage.clientOf().getDeposit(String(record.id), never)

    const { draft } = await openNextVersion(stage.clientOf(), latest, never)

    expect(draft).toMatchObject({ id: String(left.id), files: [{ key: 'data.txt' }] })
    expect(stage.zenodo.deposits()).toHaveLength(2)
  })

  test.each<[string, Fault]>([
    ['a connection that broke', { loseAnswer: 'close' }],
    ['a gateway that lost patience', { loseAnswer: '504' }],
    ['a moment of trouble', failure(503)],
  ])('makes one draft in spite of %s', async (_, fault) => {
    await using stage = await Stage.open()
    const latest = await publishFirst(stage)
    stage.zenodo.fault({ method: 'POST', path: NATIVE, ...fault })

    const { draft } = await openNextVersion(stage.clientOf(), latest, never)

    expect(stage.zenodo.deposits().map(({ id }) => String(id))).toEqual([latest.id, draft.id])
  })

  test('is never the record itself, whatever the server says', async () => {
    await using stage = await Stage.open()
    const latest = await publishFirst(stage)
    const answer = { status: 201, json: { id: latest.id } }
    stage.zenodo.fault({ method: 'POST', path: NATIVE, times: Infinity, answer })

    await expect(openNextVersion(stage.clientOf(), latest, never)).rejects.toMatchObject({
      name: 'ProtocolError',
    })
  })

  describe('on a server without the native call', () => {
    const withoutNative = (stage: Stage): void => {
      const json = { status: 404, message: 'The requested URL was not found on the server.' }
      const answer = { status: 404, json }
      stage.zenodo.fault({ method: 'POST', path: NATIVE, times: Infinity, answer })
    }

    test('makes it with the old call, copies in it', async () => {
      await using stage = await Stage.open()
      const latest = await publishFirst(stage)
      withoutNative(stage)

      const { draft } = await openNextVersion(stage.clientOf(), latest, never)

      expect(draft).toMatchObject({ state: 'draft', files: [{ key: 'data.txt' }] })
    })

    test('continues the one that is there', async () => {
      await using stage = await Stage.open()
      const record = await stage.createRecord()
      const left = await stage.createNextDraft(record)
      const latest = await stage.clientOf().getDeposit(String(record.id), never)
      withoutNative(stage)

      const { draft } = await openNextVersion(stage.clientOf(), latest, never)

      expect(draft.id).toBe(String(left.id))
      expect(stage.zenodo.deposits()).toHaveLength(2)
    })

    test('finds the one that was made although the answer was lost', async () => {
      await using stage = await Stage.open()
      const latest = await publishFirst(stage)
      withoutNative(stage)
      stage.zenodo.fault({ method: 'POST', path: LEGACY, loseAnswer: '504' })

      const { draft } = await openNextVersion(stage.clientOf(), latest, never)

      expect(stage.zenodo.deposits().map(({ id }) => String(id))).toEqual([latest.id, draft.id])
    })
  })
})

describe('findRivals', () => {
  test('finds drafts of the same concept, and nothing else', async () => {
    await using stage = await Stage.open()
    const record = await stage.createRecord()
    const next = await stage.createNextDraft(record)
    await stage.createDraft()
    const client = stage.clientOf()
    const latest = await client.getDeposit(String(record.id), never)

    const rivals = await findRivals(client, latest, never)
    const own = await findRivals(client, await client.getDeposit(String(next.id), never), never)

    expect(rivals.map(({ id }) => id)).toEqual([String(next.id)])
    expect(own).toEqual([])
  })
})
