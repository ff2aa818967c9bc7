import { createHash } from 'node:crypto'
import { Agent } from 'node:http'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { idsOf } from './support/replies.ts'
import { ask, createDeposit, publish, startUpload, toDeposit, upload } from './support/talk.ts'

const LIST = '/api/deposit/depositions'

describe('options', () => {
  test('contents above the limit are counted and checked, but not kept', async () => {
    await using zenodo = await startZenodo({ keepBytes: 10 })
    const deposit = await createDeposit(zenodo)
    const large = Buffer.alloc(200_000, 'x')

    await upload(zenodo, deposit, 'small', '0123456789')
    await upload(zenodo, deposit, 'large', large)

    const checksum = `md5:${createHash('md5').update(large).digest('hex')}`
    expect(zenodo.deposit(deposit.id)?.files).toMatchObject([
      { key: 'small', content: Buffer.from('0123456789') },
      { key: 'large', size: 200_000, checksum, content: undefined },
    ])
    expect((await ask(zenodo, 'GET', `${deposit.bucket}/large`)).status).toBe(503)
  })

  test('contents can be kept on disk, and are served from there', async () => {
    const keepIn = await mkdtemp(join(tmpdir(), 'zenodo-'))
    try {
      await using zenodo = await startZenodo({ keepIn, keepBytes: 1 })
      const deposit = await createDeposit(zenodo)

      await upload(zenodo, deposit, 'data.txt', 'content')

      const [file = ''] = await readdir(keepIn)
      expect(await readFile(join(keepIn, file), 'utf8')).toBe('content')
      expect((await ask(zenodo, 'GET', `${deposit.bucket}/data.txt`)).text).toBe('content')
    } finally {
      await rm(keepIn, { recursive: true })
    }
  })

  test('links start with the given base address', async () => {
    await using zenodo = await startZenodo({ baseUrl: 'https://zenodo.example' })

    const { json } = await ask(zenodo, 'POST', LIST, { json: {} })

    expect(json).toMatchObject({
      links: { self: expect.stringMatching(/^https:\/\/zenodo\.example\/api/) },
    })
  })

  test('lists answer from the past for as long as the index lags', async () => {
    await using zenodo = await startZenodo({ indexLagMs: 60_000 })
    const { id, path } = await createDeposit(zenodo)

    const listed = await ask(zenodo, 'GET', LIST)

    expect(idsOf(listed)).toEqual([])
    expect((await ask(zenodo, 'GET', path)).json).toMatchObject({ id })
  })

  test('the rate limit is told always, and kept when it is set', async () => {
    await using free = await startZenodo()
    await using strict = await startZenodo({ rateLimit: { limit: 2, windowMs: 60_000 } })
    const headers = { 'user-agent': 'test/1' }

    const told = await ask(free, 'GET', LIST, { headers })
    const replies = [1, 2, 3].map(() => ask(strict, 'GET', LIST, { headers }))

    expect(told.headers).toMatchObject({
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '999',
      'retry-after': '60',
    })
    const statuses = (await Promise.all(replies)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 200, 429])
    const refused = await ask(strict, 'GET', LIST, { headers })
    expect(refused).toMatchObject({ status: 429, json: { message: '2 per 1 minute', status: 429 } })
    const other = await ask(strict, 'GET', LIST, { headers: { 'user-agent': 'other/1' } })
    expect(other.status).toBe(200)
  })

  test('the quota is checked before the body is read, and releases what is replaced', async () => {
    await using zenodo = await startZenodo({ quotaBytes: 10 })
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'a', '123456')

    const tooMuch = startUpload(zenodo, deposit, 'b', { first: '1', rest: 'never sent' })
    const refused = await tooMuch.reply
    const replaced = await upload(zenodo, deposit, 'a', '1234567890')

    expect(refused).toMatchObject({ status: 400, json: { message: 'Bucket quota exceeded.' } })
    expect(replaced.status).toBe(201)
    tooMuch.giveUp()
  })

  test('inherited files do not count for the quota of a new version', async () => {
    await using zenodo = await startZenodo({ quotaBytes: 10 })
    const first = await createDeposit(zenodo)
    await upload(zenodo, first, 'a', '12345678')
    await publish(zenodo, first)
    const second = toDeposit(await ask(zenodo, 'POST', `${first.path}/actions/newversion`))

    const added = await upload(zenodo, second, 'b', '12345678')

    expect(added.status).toBe(201)
  })

  test('idle connections are closed after the keep-alive time', async () => {
    await using zenodo = await startZenodo({ keepAliveMs: 20 })
    const agent = new Agent({ keepAlive: true })
    await ask(zenodo, 'GET', LIST, { agent })
    const [sockets = []] = Object.values(agent.freeSockets)

    await Promise.all(sockets.map((socket) => once(socket, 'close')))

    expect(Object.values(agent.freeSockets)).toEqual([])
    agent.destroy()
  })
})
