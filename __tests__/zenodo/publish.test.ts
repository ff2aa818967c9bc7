import { describe, expect, test } from '@jest/globals'
import type { ServerResponse } from 'node:http'
import { Client } from '../../src/zenodo/client.ts'
import { publish } from '../../src/zenodo/publish.ts'
import type { Deposit } from '../../src/zenodo/deposit.ts'
import { FakeClock } from '../http/support/fake-clock.ts'
import { answerHtml, answerJson, startScriptedServer } from '../http/support/scripted-server.ts'
import { createTestHttp, never } from '../http/support/test-http.ts'

type State = 'unsubmitted' | 'inprogress' | 'done'

/** How the server answers a call: a status, a page with a status, or by closing the connection. */
type Reply = number | 'page' | 'close'

interface Script {
  /** Replies to the publish calls in turn; the last one again and again. */
  readonly publish: readonly Reply[]
  /** What a look shows: the state at this time after this many publish calls, or a failure. */
  readonly look: (nowMs: number, publishCalls: number) => State | Reply
}

interface Outcome {
  readonly deposit: Deposit | undefined
  readonly error: unknown
  readonly publishCalls: number
  readonly looks: number
  readonly doubts: readonly string[]
  readonly elapsedMs: number
}

const depositJson = (state: State): unknown => ({
  id: 12,
  conceptrecid: '11',
  state,
  submitted: state !== 'unsubmitted',
  doi: '10.5281/zenodo.12',
  metadata: {},
  links: {},
  files: [],
})

function reply(response: ServerResponse, how: Reply, json: unknown): void {
  if (how === 'close') response.socket?.destroy()
  else if (how === 'page') answerHtml(response, 200, '<p>Back soon</p>')
  else if (how === 504) answerHtml(response, 504, '<h1>504 Gateway Time-out</h1>')
  else answerJson(response, how, how < 400 ? json : { status: how, message: 'No.' })
}

/** Publishes deposit 12 of a server that answers as the script says. */
async function publishAgainst(
  script: Script,
  options: { signal?: AbortSignal; onDoubt?: () => void; retries?: number } = {},
): Promise<Outcome> {
  const clock = new FakeClock()
  const doubts: string[] = []
  let publishCalls = 0
  let looks = 0
  await using server = await startScriptedServer(({ method }, response) => {
    if (method === 'POST') {
      const how = script.publish[Math.min(publishCalls, script.publish.length - 1)] ?? 500
      publishCalls += 1
      reply(response, how, depositJson('done'))
      return
    }
    looks += 1
    const seen = script.look(clock.now(), publishCalls)
    if (typeof seen === 'number' || seen === 'page' || seen === 'close') reply(response, seen, {})
    else answerJson(response, 200, depositJson(seen))
  })
  await using http = createTestHttp(server.url, { clock, retries: options.retries ?? 2 })
  const told = (error: unknown): void => {
    doubts.push(error instanceof Error ? error.name : String(error))
    options.onDoubt?.()
  }
  const signal = options.signal ?? never
  const [settled] = await Promise.allSettled([
    publish(new Client(http), '12', { signal, onDoubt: told }),
  ])
  return {
    deposit: settled.status === 'fulfilled' ? settled.value : undefined,
    error: settled.status === 'rejected' ? settled.reason : undefined,
    publishCalls,
    looks,
    doubts,
    elapsedMs: clock.now(),
  }
}

describe('publish', () => {
  test('returns the deposit as it reads afterwards', async () => {
    const outcome = await publishAgainst({ publish: [202], look: () => 'done' })

    expect(outcome).toMatchObject({
      deposit: { id: '12', state: 'record', doi: '10.5281/zenodo.12' },
      publishCalls: 1,
      looks: 1,
      doubts: [],
    })
  })

  test.each<[string, Reply, string]>([
    ['a gateway that lost patience', 504, 'ApiError'],
    ['a connection that was lost', 'close', 'NetworkError'],
    ['an internal error', 500, 'ApiError'],
    ['a page where a deposit should be', 'page', 'ProtocolError'],
    ['a second call that came too late', 404, 'ApiError'],
  ])('believes what it sees after %s', async (_, answer, name) => {
    const outcome = await publishAgainst({ publish: [answer], look: () => 'done' })

    expect(outcome).toMatchObject({
      deposit: { state: 'record' },
      publishCalls: 1,
      doubts: [name],
    })
  })

  test('keeps looking while the server finishes what its gateway gave up on', async () => {
    const outcome = await publishAgainst({
      publish: [504],
      look: (nowMs) => (nowMs >= 12_000 ? 'done' : 'unsubmitted'),
    })

    expect(outcome).toMatchObject({ deposit: { state: 'record' }, publishCalls: 1 })
    expect(outcome.looks).toBeGreaterThan(3)
  })

  test('finds out for minutes', async () => {
    const outcome = await publishAgainst({
      publish: [504, 500],
      look: (nowMs) => (nowMs >= 200_000 ? 'done' : 'unsubmitted'),
    })

    expect(outcome).toMatchObject({ deposit: { state: 'record' }, publishCalls: 3 })
  })

  test('publishes again what is still a draft after a while', async () => {
    const outcome = await publishAgainst({
      publish: [503, 202],
      look: (_, calls) => (calls >= 2 ? 'done' : 'unsubmitted'),
    })

    expect(outcome).toMatchObject({
      deposit: { state: 'record' },
      publishCalls: 2,
      doubts: ['ApiError'],
    })
    expect(outcome.elapsedMs).toBe(15_000)
  })

  test('takes the 404 of a repeated call for the success of the one before', async () => {
    const outcome = await publishAgainst({
      publish: ['close', 404],
      look: (_, calls) => (calls >= 2 ? 'done' : 'unsubmitted'),
    })

    expect(outcome).toMatchObject({
      deposit: { state: 'record' },
      publishCalls: 2,
      doubts: ['NetworkError', 'ApiError'],
    })
  })

  test.each<[string, Reply]>([
    ['an error', 503],
    ['a page', 'page'],
    ['a lost connection', 'close'],
    ['a refusal', 403],
  ])('learns nothing from a look that gives %s, and looks again', async (_, failure) => {
    let hasFailed = false
    const outcome = await publishAgainst({
      publish: [504],
      look: (nowMs) => {
        if (hasFailed && nowMs > 2000) return 'done'
        hasFailed = true
        return failure
      },
    })

    expect(outcome).toMatchObject({ deposit: { state: 'record' }, publishCalls: 1 })
  })

  test('does not take an open edit for the record it will become', async () => {
    const outcome = await publishAgainst({
      publish: [504],
      look: (nowMs) => (nowMs >= 5000 ? 'done' : 'inprogress'),
    })

    expect(outcome).toMatchObject({ deposit: { state: 'record' }, publishCalls: 1 })
    expect(outcome.elapsedMs).toBeGreaterThanOrEqual(5000)
  })

  test.each([400, 403, 409, 413])('passes on a refusal of %d as it came', async (status) => {
    const outcome = await publishAgainst({ publish: [status], look: () => 'unsubmitted' })

    expect(outcome).toMatchObject({
      error: { name: 'ApiError', status },
      publishCalls: 1,
      looks: 0,
      doubts: [],
    })
  })

  test.each([400, 403])(
    'does not take the %d of a second call for the fate of the first',
    async (status) => {
      const outcome = await publishAgainst({
        publish: [504, status],
        look: (nowMs) => (nowMs >= 40_000 ? 'done' : 'unsubmitted'),
      })

      expect(outcome).toMatchObject({ deposit: { state: 'record' }, publishCalls: 2 })
    },
  )

  test('asks for no second call where there are no retries, and looks as long', async () => {
    const outcome = await publishAgainst(
      { publish: [504], look: () => 'unsubmitted' },
      { retries: 0 },
    )

    expect(outcome).toMatchObject({ error: { name: 'DoubtfulPublishError' }, publishCalls: 1 })
    expect(outcome.elapsedMs).toBeGreaterThan(120_000)
  })

  test('waits out a rate limit, which is no doubt', async () => {
    const outcome = await publishAgainst({ publish: [429, 202], look: () => 'done' })

    expect(outcome).toMatchObject({ deposit: { state: 'record' }, publishCalls: 2, doubts: [] })
  })

  test.each<[string, Reply, State | Reply, number]>([
    ['no answer comes and it stays a draft', 'close', 'unsubmitted', 3],
    ['the answer is yes and it stays a draft', 202, 'unsubmitted', 3],
    ['every look fails, and asks no second time', 504, 503, 1],
    ['every look fails although the answer was yes', 202, 503, 1],
  ])('says that it does not know when %s', async (_, answer, seen, calls) => {
    const outcome = await publishAgainst({ publish: [answer], look: () => seen })

    expect(outcome).toMatchObject({
      error: {
        name: 'DoubtfulPublishError',
        depositId: '12',
        message: expect.stringContaining('Whether deposit 12 is published could not be found out'),
        hint: expect.stringContaining('deposit-id: 12'),
      },
      publishCalls: calls,
    })
    expect(outcome.elapsedMs).toBeGreaterThan(120_000)
    expect(outcome.elapsedMs).toBeLessThan(600_000)
  })

  test.each<[string, Reply]>([
    ['a rate limit that does not end', 429],
    ['a redirect', 302],
  ])('passes on %s, since nothing was done', async (_, status) => {
    const outcome = await publishAgainst({ publish: [status], look: () => 'unsubmitted' })

    expect(outcome).toMatchObject({
      error: { message: expect.stringContaining('/actions/publish') },
      looks: 0,
      doubts: [],
    })
    expect(outcome.error).not.toMatchObject({ name: 'DoubtfulPublishError' })
  })

  test.each([404, 410])('says at once that a draft is gone that reads as %d', async (status) => {
    const outcome = await publishAgainst({ publish: [404], look: () => status })

    expect(outcome).toMatchObject({
      error: { name: 'ApiError', message: expect.stringContaining('it is gone') },
      publishCalls: 1,
      looks: 1,
    })
  })

  test.each<[string, State | Reply, string]>([
    ['read as a draft', 'unsubmitted', 'it read as a draft. The server answered 504 to POST'],
    ['could not be read', 503, 'it could not be read. The server answered 504 to POST'],
  ])('says of a deposit that it %s', async (_, seen, words) => {
    const outcome = await publishAgainst({ publish: [504], look: () => seen })

    expect(outcome.error).toMatchObject({ message: expect.stringContaining(words) })
  })

  test('keeps the cause of the doubt', async () => {
    const outcome = await publishAgainst({ publish: [504], look: () => 'unsubmitted' })

    expect(outcome.error).toMatchObject({ cause: { name: 'ApiError', status: 504 } })
  })

  test('stops looking at an abort, with its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')

    const outcome = await publishAgainst(
      { publish: ['close'], look: () => 'unsubmitted' },
      { signal: controller.signal, onDoubt: () => controller.abort(reason) },
    )

    expect(outcome).toMatchObject({ error: reason, publishCalls: 1 })
  })

  test('stops waiting for its answer at an abort, and neither repeats nor looks', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    let calls = 0
    await using server = await startScriptedServer(() => {
      calls += 1
      controller.abort(reason)
    })
    await using http = createTestHttp(server.url)

    const published = publish(new Client(http), '12', {
      signal: controller.signal,
      onDoubt: () => undefined,
    })

    await expect(published).rejects.toBe(reason)
    expect(calls).toBe(1)
  })
})
