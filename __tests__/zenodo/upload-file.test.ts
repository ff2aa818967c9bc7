import { describe, expect, test } from '@jest/globals'
import { FileError } from '../../src/errors.ts'
import { md5 } from '../support/md5.ts'
import type { Source } from '../../src/zenodo/upload-file.ts'
import { FakeClock } from '../http/support/fake-clock.ts'
import { answerJson } from '../http/support/scripted-server.ts'
import { createShortClock } from '../support/short-clock.ts'
import { refuse, startBucket, type Trouble } from './support/fake-bucket.ts'
import { createSource, createSources, upload } from './support/upload.ts'

describe('one upload', () => {
  test.each([
    ['spaces and signs', 'a b#c?d%e&f+g.csv', 'a%20b%23c%3Fd%25e%26f%2Bg.csv'],
    ['other scripts', '日本.csv', '%E6%97%A5%E6%9C%AC.csv'],
    ['the form of a command', '::set-output name=x::y', '%3A%3Aset-output%20name%3Dx%3A%3Ay'],
  ])('puts a key with %s into the address', async (_, key, encoded) => {
    let address: string | undefined
    await using bucket = await startBucket()
    bucket.fail(key, async ({ request, response, store }) => {
      address = request.url
      await store()
      const bytes = bucket.stored.get(key) ?? Buffer.alloc(0)
      answerJson(response, 201, { key, size: bytes.length, checksum: md5(bytes) })
    })

    const { error, done } = await upload(bucket, { additions: [createSource(key)] })

    expect(error).toBeUndefined()
    expect(done).toEqual([key])
    expect(address).toBe(`/api/files/bucket/${encoded}`)
  })

  test('opens the file again for each attempt, and counts its bytes once', async () => {
    await using bucket = await startBucket()
    bucket.fail('a', refuse(503, 'No.'), ({ request }) => void request.socket.resetAndDestroy())
    const source = createSource('a')

    const { error, counted } = await upload(bucket, { additions: [source] })

    expect(error).toBeUndefined()
    expect(source.opened).toBe(3)
    expect(counted).toBe(source.sizeBytes)
    expect(bucket.stored.get('a')?.equals(source.bytes)).toBe(true)
  })

  test('whose answer was lost is found, and not sent twice', async () => {
    await using bucket = await startBucket()
    bucket.fail('a', async ({ response, store }) => {
      await store()
      response.socket?.destroy()
    })
    const source = createSource('a')

    const { error, done, counted } = await upload(bucket, { additions: [source] })

    expect(error).toBeUndefined()
    expect(done).toEqual(['a'])
    expect(counted).toBe(source.sizeBytes)
    expect(bucket.begun).toEqual(['a'])
    expect(bucket.lists).toBe(1)
  })

  test('whose answer was lost is not sent again while nobody can look', async () => {
    await using bucket = await startBucket()
    bucket.fail('a', async ({ response, store }) => {
      await store()
      response.socket?.destroy()
    })
    bucket.failLists(9)

    const { error, done } = await upload(bucket, { additions: createSources('a') })

    expect(error).toBeUndefined()
    expect(done).toEqual(['a'])
    expect(bucket.begun).toEqual(['a'])
    expect(bucket.lists).toBe(10)
  })

  test('whose fate nobody can look into is neither sent again nor called lost', async () => {
    await using bucket = await startBucket()
    bucket.fail('a', ({ request }) => {
      request.resume().on('end', () => request.socket.resetAndDestroy())
    })
    bucket.failLists(Infinity)

    const { error } = await upload(bucket, { additions: createSources('a') })

    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^a was sent, and whether the server stored it could not be read\. .* 502 to GET .*files/,
      ),
    })
    expect(bucket.begun).toEqual(['a'])
  })

  test('that the server asks to wait for waits as long as asked, and once', async () => {
    const clock = new FakeClock()
    await using bucket = await startBucket()
    bucket.fail('a', ({ request, response }) => {
      request.resume().on('end', () => answerJson(response, 503, {}, { 'retry-after': '60' }))
    })

    const { error } = await upload(bucket, { additions: createSources('a') }, { clock })

    expect(error).toBeUndefined()
    expect(clock.now()).toBe(60_000)
  })

  test('counts as sent what the server must have read by then', async () => {
    let total = 0
    const totals: number[] = []
    await using bucket = await startBucket(() => {
      totals.push(total)
      return Promise.resolve()
    })
    const additions = [createSource('a', 3_000_000), createSource('b', 9_000_000)]

    await upload(bucket, { additions }, { onSent: (now) => (total = now), concurrency: 1 })

    expect(totals).toEqual([0, 3_000_000 + 9_000_000 - 4 * 1024 * 1024])
    expect(total).toBe(12_000_000)
  })

  test('whose answer was lost is sent again if the server holds other bytes', async () => {
    await using bucket = await startBucket()
    bucket.fail('a', async ({ response, store }) => {
      await store()
      bucket.stored.get('a')?.fill('z')
      response.socket?.destroy()
    })
    const source = createSource('a')

    const { error } = await upload(bucket, { replacements: [source] })

    expect(error).toBeUndefined()
    expect(bucket.begun).toEqual(['a', 'a'])
    expect(bucket.stored.get('a')?.equals(source.bytes)).toBe(true)
  })

  test('that never succeeds counts no byte as sent', async () => {
    await using bucket = await startBucket()
    const lost: Trouble = async ({ request, response }) => {
      request.resume()
      await new Promise((resolve) => request.on('end', resolve))
      response.socket?.destroy()
    }
    bucket.fail('a', lost, lost, lost, lost)

    const { error, counted } = await upload(bucket, { additions: createSources('a') })

    expect(error).toMatchObject({
      name: 'NetworkError',
      message: expect.stringMatching(/^a was not uploaded\. The connection broke during PUT /),
    })
    expect(counted).toBe(0)
    expect(bucket.begun).toHaveLength(4)
  })

  test.each([
    ['quota', 400, 'Bucket quota exceeded.', /larger quota/],
    ['size of one file', 400, 'Maximum file size exceeded.', /larger quota/],
    [
      'number of files',
      400,
      'Uploading selected files will result in exceeding the max amount per record.',
      /archive/,
    ],
    ['lock', 403, 'Bucket is locked for modifications.', /next version/],
  ])('says what to do about the server’s %s', async (_, status, message, hint) => {
    await using bucket = await startBucket()
    bucket.fail('a', refuse(status, message))

    const { error } = await upload(bucket, { additions: createSources('a') })

    expect(error).toMatchObject({
      name: 'ApiError',
      status,
      message: `a was not uploaded. The server answered ${status} to PUT /api/files/bucket/a: ${message}`,
      hint: expect.stringMatching(hint),
    })
    expect(bucket.begun).toHaveLength(1)
  })

  test.each([
    ['at once', 20_000_000, ''],
    ['and closes the connection', 20_000_000, 'close'],
  ])('hears a refusal that comes before 20 MB are read, %s', async (_, sizeBytes, connection) => {
    await using bucket = await startBucket()
    const early: Trouble = ({ response }) =>
      answerJson(
        response,
        400,
        { message: 'Bucket quota exceeded.' },
        connection === '' ? {} : { connection },
      )
    bucket.fail('a', early, early, early, early)
    const additions = [createSource('a', sizeBytes)]

    const { error } = await upload(bucket, { additions }, { clock: createShortClock() })

    expect(error).toMatchObject({ name: 'ApiError', status: 400 })
    expect(bucket.begun.length).toBeLessThanOrEqual(2)
  })

  test.each<[string, Trouble, number[]]>([
    ['a lost connection', ({ request }) => void request.socket.resetAndDestroy(), [375, 1000]],
    ['an answer', refuse(503, 'No.'), [375]],
  ])(
    'after %s waits for a refusal before it sends all, if there may be one',
    async (_, trouble, sleeps) => {
      const clock = new FakeClock()
      await using bucket = await startBucket()
      bucket.fail('a', trouble)

      await upload(bucket, { additions: createSources('a') }, { clock })

      expect(clock.sleeps).toEqual(sleeps)
    },
  )

  test('is repeated when another writer was faster', async () => {
    await using bucket = await startBucket()
    const conflict = refuse(400, 'Not a valid value.')
    bucket.fail('a', conflict, conflict)

    const { error } = await upload(bucket, { replacements: createSources('a') })

    expect(error).toBeUndefined()
    expect(bucket.begun).toHaveLength(3)
  })

  test.each([
    ['is repeated once', [refuse(403, 'No.')], undefined, 2],
    ['is believed the second time', [refuse(403, 'No.'), refuse(403, 'No.')], 403, 2],
  ])('that is forbidden %s', async (_, troubles, status, times) => {
    await using bucket = await startBucket()
    bucket.fail('a', ...troubles)

    const { error } = await upload(bucket, { additions: createSources('a') })

    if (status === undefined) expect(error).toBeUndefined()
    else expect(error).toMatchObject({ status })
    expect(bucket.begun).toHaveLength(times)
  })

  test('whose file fails is not repeated', async () => {
    await using bucket = await startBucket()
    const failure = new FileError('/data/a', 'a changed while it was being read.')
    const source = createSource('a')
    const broken: Source = {
      ...source,
      async *open() {
        yield await Promise.resolve(source.bytes.subarray(0, 10))
        throw failure
      },
    }

    const { error, counted } = await upload(bucket, { additions: [broken] })

    expect(error).toBe(failure)
    expect(counted).toBe(0)
    expect(bucket.stored.size).toBe(0)
    expect(bucket.begun.length).toBeLessThanOrEqual(1)
  })

  test('ends with the reason of an abort', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    await using bucket = await startBucket()
    bucket.fail('a', () => controller.abort(reason))

    const { error } = await upload(
      bucket,
      { additions: createSources('ab') },
      { concurrency: 1, signal: controller.signal },
    )

    expect(error).toBe(reason)
    expect(bucket.begun).toEqual(['a'])
  })

  test('ends with the reason of an abort while its checksum is still being computed', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    await using bucket = await startBucket()
    const source: Source = {
      ...createSource('a'),
      checksum() {
        setImmediate(() => controller.abort(reason))
        return new Promise(() => undefined)
      },
    }

    const { error } = await upload(bucket, { additions: [source] }, { signal: controller.signal })

    expect(error).toBe(reason)
    expect(bucket.stored.size).toBe(1)
  })
})

describe('what the server stored', () => {
  /** Stores, and reports this in place of what it stored. */
  const report =
    (wrong: Record<string, unknown>): Trouble =>
    async ({ key, response, store }) => {
      await store()
      answerJson(response, 201, { key, size: 1000, checksum: `md5:${'0'.repeat(32)}`, ...wrong })
    }

  test('with another checksum is sent again', async () => {
    await using bucket = await startBucket()
    bucket.fail('a', report({}))

    const { error, counted } = await upload(bucket, { additions: createSources('a') })

    expect(error).toBeUndefined()
    expect(bucket.begun).toHaveLength(2)
    expect(counted).toBe(1000)
  })

  test('with another checksum every time is an error that names both', async () => {
    await using bucket = await startBucket()
    bucket.fail('a', report({}), report({}), report({}), report({}))
    const source = createSource('a')

    const { error } = await upload(bucket, { additions: [source] })

    expect(error).toMatchObject({
      name: 'ChecksumError',
      key: 'a',
      sent: md5(source.bytes),
      stored: `md5:${'0'.repeat(32)}`,
    })
    expect(bucket.begun).toHaveLength(4)
  })

  test('is not compared when nobody wants it compared', async () => {
    await using bucket = await startBucket()
    bucket.fail('a', report({}))
    const source: Source = {
      ...createSource('a'),
      checksum: () => Promise.reject(new Error('nobody asked')),
    }

    const { error } = await upload(bucket, { additions: [source] }, { verify: false })

    expect(error).toBeUndefined()
    expect(bucket.begun).toHaveLength(1)
  })

  test('with another size is an error even then', async () => {
    await using bucket = await startBucket()
    const short = report({ size: 999 })
    bucket.fail('a', short, short, short, short)

    const { error } = await upload(bucket, { additions: createSources('a') }, { verify: false })

    expect(error).toMatchObject({ name: 'ChecksumError', sent: '1000 bytes', stored: '999 bytes' })
  })

  test.each([
    ['another name', { key: 'b' }],
    ['no checksum', { checksum: undefined }],
    ['no size', { size: undefined }],
  ])('under %s is looked up in the list, and not sent again', async (_, wrong) => {
    await using bucket = await startBucket()
    bucket.fail('a', report(wrong))

    const { error } = await upload(bucket, { additions: createSources('a') })

    expect(error).toBeUndefined()
    expect(bucket.begun).toHaveLength(1)
  })
})
