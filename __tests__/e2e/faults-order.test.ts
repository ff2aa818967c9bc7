import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { realClock } from '../../src/lib/clock.ts'
import { startSlowLink } from '../support/slow-proxy.ts'
import { createDataFiles, TransferStage } from '../support/transfer-stage.ts'

/** How many uploads were open at the same moment, at most. */
function watchUploads(stage: TransferStage): { readonly most: number } {
  const seen = { most: 0 }
  stage.zenodo.fault({
    method: 'PUT',
    path: '/api/files/*/*',
    times: Infinity,
    async before() {
      const open = stage.puts.filter(({ status }) => status === undefined).length
      seen.most = Math.max(seen.most, open)
      await setTimeout(10)
    },
  })
  return seen
}

describe('what the server takes one at a time', () => {
  test('is sent one at a time: replacements and removals, with eight at once asked', async () => {
    await using files = await createDataFiles(12, 2000)
    await using stage = await TransferStage.open(files, { workMs: 5 })
    const strict = { concurrency: '8', retries: '0' }
    expect((await stage.run(strict)).error).toBeUndefined()
    const from = stage.zenodo.requests.length

    for (const key of files.keys) await files.folder.write(`data/${key}`, randomBytes(3000))
    const replaced = await stage.run(strict)
    const removed = await stage.run({ ...strict, files: 'data/f0.bin' })

    expect([replaced.error, removed.error]).toEqual([undefined, undefined])
    expect(replaced.outputs).toMatchObject({ 'uploaded-count': '12' })
    expect(removed.outputs).toMatchObject({ 'kept-count': '1', 'removed-count': '11' })
    const refused = stage.zenodo.requests.slice(from).filter(({ status = 0 }) => status >= 400)
    expect(refused).toEqual([])
    stage.expectSettled()
  })

  test('new small files go together, large ones one by one', async () => {
    await using small = await createDataFiles(12, 2000)
    await using large = await createDataFiles(3, 24e6)
    await using smallStage = await TransferStage.open(small)
    await using largeStage = await TransferStage.open(large)
    const smallSeen = watchUploads(smallStage)
    const largeSeen = watchUploads(largeStage)

    await smallStage.run({ concurrency: '8' }, { stallMs: 10_000 })
    await largeStage.run({ concurrency: '8' }, { stallMs: 10_000 })

    expect([smallSeen.most, largeSeen.most]).toEqual([8, 1])
    expect([smallStage.storedRight.length, largeStage.storedRight.length]).toEqual([12, 3])
  })
})

describe('time', () => {
  test('an upload that moves may take longer than a stall', async () => {
    await using files = await createDataFiles(1, 24e6)
    await using link = await startSlowLink(8e6)
    await using stage = await TransferStage.open(files, { baseUrl: link.url })
    link.leadTo(stage.zenodo.url)

    const { error } = await stage.run({ 'server-url': link.url }, { stallMs: 2000 })

    expect(error).toBeUndefined()
    expect(stage.puts).toHaveLength(1)
    expect(stage.storedRight).toEqual(files.keys)
  })

  test('a server that has a large file may take longer than a stall to answer', async () => {
    await using files = await createDataFiles(1, 48e6)
    // The server works for 0.9 s on what it has; 48 MB let the client wait for 2.4 s and the stall.
    await using stage: TransferStage = await TransferStage.open(files, {
      sleep: (delayMs) => setTimeout(stage.puts.length > 0 ? 900 : delayMs),
    })

    const { error } = await stage.run()

    expect(error).toBeUndefined()
    expect(stage.puts).toHaveLength(1)
    expect(stage.storedRight).toEqual(files.keys)
  })
})

test('an upload that was given up and takes effect later is found when the next attempt is refused', async () => {
  await using files = await createDataFiles(1, 2000)
  const firstAnswer = Promise.withResolvers<undefined>()
  await using stage: TransferStage = await TransferStage.open(files, {
    sleep: (delayMs) => (stage.puts.length > 0 ? firstAnswer.promise : setTimeout(delayMs)),
  })
  // The second attempt waits for the lock that the first one holds in the server.
  stage.zenodo.fault({ method: 'PUT', path: '/api/files/*/*', skip: 1, before: finishFirst })
  async function finishFirst(): Promise<void> {
    await setTimeout(0)
    void setTimeout(20).then(() => firstAnswer.resolve(undefined))
  }

  const { error } = await stage.run()

  expect(error).toBeUndefined()
  expect(stage.puts.map(({ status }) => status)).toEqual([undefined, 400])
  expect(stage.storedRight).toEqual(files.keys)
})

describe('a cancelled job', () => {
  const REASON = new Error('cancelled')

  test.each([
    ['while an upload stalls', { stallAfterBytes: 1000 }],
    ['while the answer does not come', { stallBeforeAnswer: true }],
    [
      'while the server asked for a pause',
      { answer: { status: 429, html: 'slow down', headers: { 'retry-after': '600' } } },
    ],
  ] as const)(
    'stops at once %s, and leaves no connection open',
    async (_, fault) => {
      await using files = await createDataFiles(4, 200e3)
      await using stage = await TransferStage.open(files)
      const cancel = new AbortController()
      const strike = stage.zenodo.fault({
        method: 'PUT',
        path: '/api/files/*/*',
        times: Infinity,
        ...fault,
      })

      // Nothing but the cancellation ends this run within the time of the test.
      const patient = { clock: realClock, stallMs: 120_000, signal: cancel.signal }
      const run = stage.run({ concurrency: '4' }, patient)
      while (strike.hits < 4) await setTimeout(5)
      await setTimeout(20)
      cancel.abort(REASON)
      const { error } = await run

      expect(error).toBe(REASON)
      stage.expectSettled()
    },
    10_000,
  )
})

test('a 403 directly after a successful upload is repeated once, a second one is not', async () => {
  await using files = await createDataFiles(2, 24e6)
  const forbidden = {
    answer: { status: 403, json: { status: 403, message: 'Permission denied.' } },
  }

  await using once = await TransferStage.open(files)
  once.strike(forbidden, 1, ['f1.bin'])
  const repeated = await once.run()
  await using twice = await TransferStage.open(files)
  twice.strike(forbidden, 2, ['f1.bin'])
  const refused = await twice.run()

  expect(repeated.error).toBeUndefined()
  expect(once.storedRight).toEqual(files.keys)
  expect(refused.error).toMatchObject({
    name: 'ApiError',
    message: expect.stringMatching(/f1.bin.*403/),
  })
  expect(twice.puts).toHaveLength(3)
})
