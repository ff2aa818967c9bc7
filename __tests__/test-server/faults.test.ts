import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Fault, type Zenodo } from '../../test-server/server.ts'
import {
  ask,
  createDeposit,
  createRecord,
  Gate,
  openRequest,
  publish,
  readReply,
  startUpload,
  toDeposit,
  until,
  upload,
  type Reply,
} from './support/talk.ts'

const LIST = '/api/deposit/depositions'
const list = async (zenodo: Zenodo): Promise<Reply> => ask(zenodo, 'GET', LIST)

/** How a request without an answer ended. */
async function failureOf(request: Promise<unknown>): Promise<string> {
  try {
    await request
    return 'none'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

describe('which requests a fault strikes', () => {
  test.each<[string, Fault, readonly number[]]>([
    ['the first that matches', {}, [418, 200, 200]],
    ['so many as it says', { times: 2 }, [418, 418, 200]],
    ['every one', { times: Infinity }, [418, 418, 418]],
    ['those after the skipped ones', { skip: 1 }, [200, 418, 200]],
    ['those with its method', { method: 'GET' }, [418, 200, 200]],
    ['none with another method', { method: 'PUT' }, [200, 200, 200]],
    ['those with its path', { path: LIST }, [418, 200, 200]],
    ['those with a path that fits its wildcards', { path: '/api/*/depositions' }, [418, 200, 200]],
    ['none whose path has more segments', { path: '/api/*' }, [200, 200, 200]],
    ['those whose path fits its pattern', { path: /^\/api\/.*s$/ }, [418, 200, 200]],
  ])('%s', async (_words, fault, expected) => {
    await using zenodo = await startZenodo()
    const scripted = zenodo.fault({ ...fault, answer: { status: 418, json: {} } })

    const statuses = [await list(zenodo), await list(zenodo), await list(zenodo)]

    expect(statuses.map(({ status }) => status)).toEqual(expected)
    expect(scripted.hits).toBe(expected.filter((status) => status === 418).length)
  })

  test('the first one with hits left wins', async () => {
    await using zenodo = await startZenodo()
    zenodo.fault({ answer: { status: 401, json: {} } })
    zenodo.fault({ answer: { status: 402, json: {} } })

    const statuses = [await list(zenodo), await list(zenodo), await list(zenodo)]

    expect(statuses.map(({ status }) => status)).toEqual([401, 402, 200])
  })

  test('none after they were cleared', async () => {
    await using zenodo = await startZenodo()
    const scripted = zenodo.fault({ answer: { status: 401, json: {} } })

    zenodo.clearFaults()

    expect((await list(zenodo)).status).toBe(200)
    expect(scripted.hits).toBe(0)
  })
})

describe('a scripted answer', () => {
  test('comes in place of the work, after the body was read', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    zenodo.fault({
      method: 'PUT',
      answer: { status: 503, headers: { 'retry-after': '7' }, html: '<h1>Maintenance</h1>' },
    })

    const reply = await upload(zenodo, deposit, 'data.txt', 'content')

    expect(reply).toMatchObject({ status: 503, text: '<h1>Maintenance</h1>' })
    expect(reply.headers).toMatchObject({
      'retry-after': '7',
      'content-type': 'text/html; charset=utf-8',
    })
    expect(zenodo.requests.at(-1)).toMatchObject({ status: 503, bytesReceived: 7 })
    expect(zenodo.deposit(deposit.id)?.files).toEqual([])
  })

  test('can come before the body is read, and closes the connection', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    zenodo.fault({ method: 'PUT', answer: { status: 413, html: 'too large', readBody: false } })

    const slow = startUpload(zenodo, deposit, 'data.txt', { first: 'ab', rest: 'cd' })

    const reply = await slow.reply
    expect(reply).toMatchObject({ status: 413, headers: { connection: 'close' } })
    expect(zenodo.requests.at(-1)?.bytesReceived).toBe(0)
  })

  test('can be a redirect', async () => {
    await using zenodo = await startZenodo()
    zenodo.fault({ redirect: 'https://elsewhere.example/' })
    zenodo.fault({ redirect: '/other', status: 307 })

    const replies = [await list(zenodo), await list(zenodo)]

    expect(replies.map(({ status, headers }) => [status, headers['location']])).toEqual([
      [302, 'https://elsewhere.example/'],
      [307, '/other'],
    ])
  })
})

describe('a broken connection', () => {
  test('resets after so many bytes of the body, and nothing is stored', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    zenodo.fault({ method: 'PUT', resetAfterBytes: 5 })

    const failure = await failureOf(upload(zenodo, deposit, 'data.txt', 'long content'))

    expect(failure).toBe('ECONNRESET')
    expect(zenodo.requests.at(-1)?.status).toBeUndefined()
    expect((await upload(zenodo, deposit, 'data.txt')).status).toBe(201)
  })

  test.each([
    ['without a body', 0],
    ['whose body is shorter', 1000],
  ])('resets a request %s before it has any effect', async (_words, bytes) => {
    await using zenodo = await startZenodo()
    zenodo.fault({ method: 'POST', resetAfterBytes: bytes })

    const json = bytes === 0 ? undefined : {}
    const failure = await failureOf(ask(zenodo, 'POST', LIST, { json }))

    expect(failure).toBe('ECONNRESET')
    expect(zenodo.deposits()).toEqual([])
  })

  test('is refused before anything is read', async () => {
    await using zenodo = await startZenodo()
    zenodo.fault({ refuseConnection: true })

    const failure = await failureOf(ask(zenodo, 'POST', LIST, { json: {} }))

    expect(failure).toBe('ECONNRESET')
    expect(zenodo.requests).toMatchObject([{ bytesReceived: 0, status: undefined }])
    expect(zenodo.deposits()).toEqual([])
  })

  test.each([
    ['closes', 'close'],
    ['is cut by the gateway', '504'],
  ] as const)('%s after the work was done', async (_words, loseAnswer) => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')
    zenodo.fault({ path: /publish$/, loseAnswer })

    const answer = publish(zenodo, deposit)

    if (loseAnswer === '504') {
      expect(await answer).toMatchObject({ status: 504, text: expect.stringContaining('<html>') })
    } else expect(await failureOf(answer)).toBe('ECONNRESET')
    expect(zenodo.deposit(deposit.id)?.state).toBe('done')
  })
})

describe('a stall', () => {
  test('stops reading and holds the bucket, until the client gives up', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    zenodo.fault({ method: 'PUT', stallAfterBytes: 2 })
    const stalled = startUpload(zenodo, deposit, 'stalled', { first: 'abcd', rest: 'ef' })
    await until(() => (zenodo.requests.at(-1)?.bytesReceived ?? 0) >= 2)
    const waiting = upload(zenodo, deposit, 'waiting')
    await until(() => zenodo.requests.length === 3)
    expect(zenodo.requests[2]?.status).toBeUndefined()

    stalled.giveUp()

    expect((await waiting).status).toBe(201)
    expect(zenodo.deposit(deposit.id)?.files.map(({ key }) => key)).toEqual(['waiting'])
  })

  test('before the answer comes after the work', async () => {
    await using zenodo = await startZenodo()
    zenodo.fault({ method: 'POST', stallBeforeAnswer: true })
    const request = openRequest(zenodo, 'POST', LIST)
    const failure = failureOf(readReply(request))

    request.end('{}')
    await until(() => zenodo.deposits().length === 1)
    request.destroy()

    expect(await failure).toBe('ECONNRESET')
    expect(zenodo.requests[0]?.status).toBeUndefined()
  })

  test('of a given time goes on normally afterwards', async () => {
    const gate = new Gate()
    await using zenodo = await startZenodo({ sleep: gate.sleep })
    zenodo.fault({ delayMs: 60_000 })
    gate.close()
    const answer = list(zenodo)
    await until(() => gate.heldCount === 1)

    gate.open()

    expect((await answer).status).toBe(200)
  })
})

describe('a changed answer', () => {
  test('tells a wrong checksum, and keeps telling it', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    zenodo.fault({ method: 'PUT', corruptChecksum: true })

    const { json } = await upload(zenodo, deposit, 'data.txt', 'content')

    const right = 'md5:9a0364b9e99bb480dd25e1f0284c8555'
    expect(json).toMatchObject({ checksum: expect.not.stringContaining(right) })
    expect(zenodo.deposit(deposit.id)?.files[0]?.checksum).toBe(
      (json as { checksum: string }).checksum,
    )
    expect((await upload(zenodo, deposit, 'data.txt', 'content')).json).toMatchObject({
      checksum: right,
    })
  })

  test('has its links lead elsewhere', async () => {
    await using zenodo = await startZenodo()
    const { path } = await createDeposit(zenodo)
    zenodo.fault({ rewriteLinks: (link) => link.replace(zenodo.url, 'https://evil.example') })

    const reply = await ask(zenodo, 'GET', path)

    expect(new URL((reply.json as { links: { bucket: string } }).links.bucket).host).toBe(
      'evil.example',
    )
    expect(toDeposit(reply).path).toBe(path)
  })
})

describe('a hook', () => {
  test('runs before the work, which then sees what it did', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createRecord(zenodo)
    const seen: string[] = []
    const edit = `${deposit.path}/actions/edit`
    zenodo.fault({
      method: 'GET',
      before: async ({ path, user }) => {
        seen.push(`${user ?? 'nobody'} ${path}`)
        await ask(zenodo, 'POST', edit)
      },
    })

    const { json } = await ask(zenodo, 'GET', deposit.path)

    expect(json).toMatchObject({ state: 'inprogress' })
    expect(seen).toEqual([`alice ${deposit.path}`])
  })
})
