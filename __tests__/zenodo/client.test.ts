import { describe, expect, test } from '@jest/globals'
import type { ServerResponse } from 'node:http'
import { Client } from '../../src/zenodo/client.ts'
import { answerJson, startScriptedServer, type Received } from '../http/support/scripted-server.ts'
import { createTestHttp, never } from '../http/support/test-http.ts'

const DEPOSIT = { id: 12, conceptrecid: '11', state: 'unsubmitted', metadata: {}, links: {} }

type Reply = (response: ServerResponse, request: Received) => void

const json =
  (status: number, body: unknown): Reply =>
  (response) =>
    answerJson(response, status, body)
const redirect =
  (location: string): Reply =>
  (response) =>
    void response.writeHead(302, { location }).end()
const refusal = (status: number, message = 'No.'): Reply => json(status, { status, message })

/** What the calls get in turn, the last reply again and again, and what the server received. */
async function ask<T>(
  replies: readonly Reply[],
  call: (client: Client) => Promise<T>,
): Promise<{ result: T | undefined; error: unknown; requests: readonly Received[] }> {
  await using server = await startScriptedServer((request, response) => {
    const index = Math.min(server.requests.length, replies.length) - 1
    replies[index]?.(response, request)
  })
  await using http = createTestHttp(server.url)
  const [settled] = await Promise.allSettled([call(new Client(http))])
  return settled.status === 'fulfilled'
    ? { result: settled.value, error: undefined, requests: server.requests }
    : { result: undefined, error: settled.reason, requests: server.requests }
}

describe('a call', () => {
  test.each([
    ['slashes', '../../oauth', '..%2F..%2Foauth'],
    ['a query', '1?access_token=x', '1%3Faccess_token%3Dx'],
    ['a fragment', '1#x', '1%23x'],
  ])('keeps an id with %s where ids stand', async (_, id, encoded) => {
    const { requests } = await ask([json(200, DEPOSIT)], (client) => client.getDeposit(id, never))

    expect(requests[0]?.path).toBe(`/api/deposit/depositions/${encoded}`)
  })

  test('that makes a deposit is not repeated by itself', async () => {
    const { error, requests } = await ask([refusal(500)], (client) =>
      client.createDeposit({}, never),
    )

    expect(error).toMatchObject({ name: 'ApiError', status: 500 })
    expect(requests).toHaveLength(1)
  })

  test('that publishes is not repeated by itself', async () => {
    const { requests } = await ask([refusal(504)], (client) => client.publish('12', never))

    expect(requests.map(({ method, path, body }) => [method, path, body.length])).toEqual([
      ['POST', '/api/deposit/depositions/12/actions/publish', 0],
    ])
  })

  test('that drops an edit is not repeated: on a draft it would delete the deposit', async () => {
    const { requests } = await ask([refusal(500)], (client) => client.discardEdit('12', never))

    expect(requests).toHaveLength(1)
  })

  test('for metadata sends all of it, and again when another writer was faster', async () => {
    const metadata = { title: 'A', upload_type: 'publication', publication_type: 'article' }
    const replies = [
      refusal(400, 'Invalid value publication-article.'),
      refusal(400, 'Not a valid value.'),
      json(200, DEPOSIT),
    ]

    const { result, requests } = await ask(replies, (client) =>
      client.putMetadata('12', metadata, never),
    )

    expect(result).toMatchObject({ id: '12' })
    expect(requests.map(({ body }) => JSON.parse(body.toString()) as unknown)).toEqual([
      { metadata },
      { metadata },
      { metadata },
    ])
  })

  test('for metadata with a wrong value is not repeated', async () => {
    const { error, requests } = await ask([refusal(400, 'Invalid value nonsense.')], (client) =>
      client.putMetadata('12', { upload_type: 'dataset', license: 'nonsense' }, never),
    )

    expect(error).toMatchObject({ name: 'ApiError', status: 400 })
    expect(requests).toHaveLength(1)
  })

  test('to remove a file is content when it is gone', async () => {
    const { error } = await ask([refusal(404)], (client) => client.deleteFile('12', 'f', never))

    expect(error).toBeUndefined()
  })

  test('to remove a file is repeated when another writer was faster', async () => {
    const replies = [refusal(400, 'Not a valid value.'), json(204, undefined)]

    const { error, requests } = await ask(replies, (client) => client.deleteFile('12', 'f', never))

    expect(error).toBeUndefined()
    expect(requests).toHaveLength(2)
  })

  test('for files leaves out what is no file', async () => {
    const files = [
      { id: 'f', filename: 'a', filesize: 1, checksum: 'abc' },
      { key: 'pending', status: 'pending' },
      null,
    ]

    const { result } = await ask([json(200, files)], (client) => client.listFiles('12', never))

    expect(result).toMatchObject([{ key: 'a' }])
  })

  test.each<[string, Reply]>([
    ['a page', (response) => void response.writeHead(200).end('<p>Back soon</p>')],
    ['an object', json(200, { hits: { hits: [] } })],
    ['null', json(200, null)],
  ])('for a list does not take %s for an empty one', async (_, reply) => {
    const deposits = await ask([reply], (client) => client.findDeposits('q', never))
    const files = await ask([reply], (client) => client.listFiles('12', never))

    expect(deposits.error).toMatchObject({ name: 'ProtocolError' })
    expect(files.error).toMatchObject({ name: 'ProtocolError' })
  })

  test.each([
    [200, true],
    [401, false],
    [403, false],
  ])('for the token takes %d for an answer', async (status, isValid) => {
    const { result } = await ask([json(status, [])], (client) => client.isTokenValid(never))

    expect(result).toBe(isValid)
  })
})

describe('a look at a record', () => {
  const RECORD = { id: 12, conceptrecid: '11', doi: '10.5281/zenodo.12', files: [] }

  test.each<[string, Reply, unknown]>([
    ['a record', json(200, RECORD), { kind: 'record' }],
    ['a concept', redirect('/api/records/13'), { kind: 'concept', latestId: '13' }],
    ['a deleted record', refusal(410), { kind: 'deleted' }],
    ['nothing', refusal(404), { kind: 'unknown' }],
    ['something secret', refusal(403), { kind: 'unknown' }],
  ])('finds %s', async (_, reply, lookup) => {
    const { result } = await ask([reply], (client) => client.native.lookUpRecord('11', never))

    expect(result).toMatchObject(lookup as object)
  })

  test.each<[string, Reply]>([
    ['a redirect to another origin', redirect('https://evil.example/api/records/13')],
    ['a redirect to no record', redirect('/login')],
    ['a redirect to nowhere', (response) => void response.writeHead(302).end()],
    ['a page', (response) => void response.writeHead(200).end('<p>Hello</p>')],
    ['JSON that is no record', json(200, { ok: true })],
  ])('refuses %s', async (_, reply) => {
    const { error, requests } = await ask([reply], (client) =>
      client.native.lookUpRecord('11', never),
    )

    expect(error).toMatchObject({ name: 'ProtocolError' })
    expect(requests).toHaveLength(1)
  })

  test.each<[string, Reply, string | undefined]>([
    ['a redirect', redirect('/api/records/13'), '13'],
    ['the record itself', json(200, RECORD), '12'],
    ['nothing published', refusal(404), undefined],
  ])('for the latest version takes %s', async (_, reply, id) => {
    const { result } = await ask([reply], (client) => client.native.latestVersion('11', never))

    expect(result).toBe(id)
  })
})

/** Every call whose answer decides something; what is left out is read back by another call. */
const TELLING: readonly [string, (client: Client) => Promise<unknown>][] = [
  ['createDeposit', (client) => client.createDeposit({}, never)],
  ['getDeposit', (client) => client.getDeposit('12', never)],
  ['putMetadata', (client) => client.putMetadata('12', {}, never)],
  ['findDeposits', (client) => client.findDeposits('q', never)],
  ['listFiles', (client) => client.listFiles('12', never)],
  ['publish', (client) => client.publish('12', never)],
  ['edit', (client) => client.edit('12', never)],
  ['nextVersionLegacy', (client) => client.nextVersionLegacy('12', never)],
  ['native.nextVersion', ({ native }) => native.nextVersion('12', never)],
  ['native.getDraft', ({ native }) => native.getDraft('12', never)],
  ['native.putDraft', ({ native }) => native.putDraft('12', {}, never)],
  ['native.listEntries', ({ native }) => native.listEntries('12', never)],
  ['native.lookUpRecord', ({ native }) => native.lookUpRecord('12', never)],
  ['native.latestVersion', ({ native }) => native.latestVersion('12', never)],
]
const LOOKING: typeof TELLING = [
  ['native.communityExists', ({ native }) => native.communityExists('x', never)],
  ['native.awardExists', ({ native }) => native.awardExists('x', never)],
]
const page =
  (status: number): Reply =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Back soon</h1>')

describe('an answer that is none', () => {
  test.each([...TELLING, ...LOOKING])('to %s is refused where it is a page', async (_, call) => {
    const { error } = await ask([page(200)], call)

    expect(error).toMatchObject({ name: 'ProtocolError' })
  })

  test.each(TELLING)('to %s is refused where it is an empty object', async (_, call) => {
    const { error } = await ask([json(200, {})], call)

    expect(error).toMatchObject({ name: 'ProtocolError' })
  })

  test.each([
    ...TELLING,
    ...LOOKING,
    ['isTokenValid', (client: Client) => client.isTokenValid(never)] as const,
    ['native.reserveDoi', ({ native }: Client) => native.reserveDoi('12', never)] as const,
  ])('to %s says nothing of the deposit where it is a firewall’s 403', async (_, call) => {
    const { error } = await ask([page(403)], call)

    expect(error).toMatchObject({ name: 'ApiError', status: 403 })
  })
})

describe('a draft that the server does not know', () => {
  const reply = refusal(404, 'The persistent identifier does not exist.')

  test.each(TELLING.filter(([name]) => /getDraft|listEntries/.test(name)))(
    'is an error to %s, not a missing call',
    async (_, call) => {
      const { error } = await ask([reply], call)

      expect(error).toMatchObject({ name: 'ApiError', status: 404 })
    },
  )
})

describe('the old call for the next version', () => {
  test.each([
    ['the draft itself', { id: 13 }, '13'],
    [
      'the record, with a link to the draft, as the old Zenodo did',
      { id: 12, state: 'done', links: { latest_draft: '/api/deposit/depositions/13' } },
      '13',
    ],
  ])('may be answered by %s', async (_, more, id) => {
    const { result } = await ask([json(201, { ...DEPOSIT, ...more })], (client) =>
      client.nextVersionLegacy('12', never),
    )

    expect(result).toBe(id)
  })
})

describe('copies of the version before', () => {
  const draft = (client: Client): Promise<void> => client.native.importFiles('13', never)

  test('that another writer was in the way of are asked for again', async () => {
    const { error, requests } = await ask(
      [refusal(400, 'Not a valid value.'), json(200, {})],
      draft,
    )

    expect(error).toBeUndefined()
    expect(requests).toHaveLength(2)
  })

  test('that the server refuses since there are files are no error', async () => {
    const { error } = await ask([refusal(400, 'Please remove all files first.')], draft)

    expect(error).toBeUndefined()
  })
})

describe('the next version', () => {
  test.each<[string, Reply, string | undefined]>([
    ['the id of its draft', json(201, { id: '13' }), '13'],
    ['no such call', refusal(404, 'The requested URL was not found on the server.'), undefined],
    ['no such method', refusal(405, 'Method not allowed.'), undefined],
  ])('is %s', async (_, reply, id) => {
    const { result, error } = await ask([reply], (client) => client.native.nextVersion('12', never))

    expect(error).toBeUndefined()
    expect(result).toBe(id)
  })

  test('of an unknown record is an error, not a missing call', async () => {
    const reply = refusal(404, 'The persistent identifier is not registered.')

    const { error } = await ask([reply], (client) => client.native.nextVersion('12', never))

    expect(error).toMatchObject({ name: 'ApiError', status: 404 })
  })

  test.each([[{ id: '../x' }], [{}], [[]]])('with the id of %j is no answer', async (body) => {
    const { error } = await ask([json(201, body)], (client) =>
      client.native.nextVersion('12', never),
    )

    expect(error).toMatchObject({ name: 'ProtocolError' })
  })
})
