import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { problemsOf, setStage } from './support/deposit-stage.ts'

describe('a name finds its deposit', () => {
  const names = (origin: string, id: string, concept: string): readonly string[] => [
    id,
    concept,
    `10.5281/zenodo.${id}`,
    `10.5281/zenodo.${concept}`,
    `doi:10.5281/zenodo.${id}`,
    `https://doi.org/10.5281/zenodo.${concept}`,
    `${origin}/records/${id}`,
    `${origin}/record/${id}`,
    `${origin}/deposit/${id}`,
    `${origin}/uploads/${id}`,
    `${origin}/doi/10.5281/zenodo.${id}`,
    `${origin}/api/records/${id}`,
    `${origin}/api/deposit/depositions/${id}`,
    `${origin}/badge/DOI/10.5281/zenodo.${id}.svg`,
  ]

  test('of a published record in any way it can be written', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const { url } = stage.zenodo

    for (const name of names(url, first['deposit-id'] ?? '', first['concept-id'] ?? '')) {
      const { outputs, error } = await stage.run({ 'deposit-id': name, files: 'data/*' })
      expect({ name, error }).toEqual({ name, error: undefined })
      expect({ name, state: outputs.state, id: outputs['deposit-id'] }).toEqual({
        name,
        state: 'unchanged',
        id: first['deposit-id'],
      })
    }
  })

  test('of a draft by its id, its concept id, its reserved DOI and its address', async () => {
    await using stage = await setStage()
    const { outputs: draft } = await stage.run({ files: 'data/a.csv' })
    const id = draft['deposit-id'] ?? ''

    for (const name of [
      id,
      draft['concept-id'] ?? '',
      draft.doi ?? '',
      `${stage.zenodo.url}/deposit/${id}`,
    ]) {
      const { outputs, error } = await stage.run({ 'deposit-id': name, files: 'data/*' })
      expect({ name, error, id: outputs['deposit-id'] }).toEqual({ name, error: undefined, id })
    }
    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test('of an older version, and means the latest', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'changed\n')
    const second = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '2',
    })
    expect(second.error).toBeUndefined()

    const third = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '2',
    })

    expect(third.outputs).toMatchObject({
      state: 'unchanged',
      'deposit-id': second.outputs['deposit-id'],
    })
  })

  test.each([
    ['nothing', '99999999', /knows no deposit 99999999/],
    ['a DOI of another repository', '10.1234/foo', /may have been made elsewhere/],
  ])('or a sentence: %s', async (_, name, sentence) => {
    await using stage = await setStage()

    const end = await stage.run({ 'deposit-id': name, files: 'data/*' })

    expect(problemsOf(end)).toMatch(sentence)
    expect(stage.writesSince(0)).toEqual([])
  })

  test("or a sentence: somebody else's, draft or record", async () => {
    await using stage = await setStage()
    const bob = { token: stage.zenodo.tokens['bob'] ?? '' }
    const draft = await stage.run({ files: 'data/*' }, bob)
    const record = await stage.publishFirst(bob)
    const from = stage.zenodo.requests.length

    for (const id of [draft.outputs['deposit-id'], record['deposit-id'], record['concept-id']]) {
      const end = await stage.run({ 'deposit-id': id ?? '', files: 'data/*' })
      expect(problemsOf(end)).toMatch(/belongs to another account/)
    }
    expect(stage.writesSince(from)).toEqual([])
  })

  test('or a sentence: a token that the server does not know', async () => {
    await using stage = await setStage()
    const { outputs } = await stage.run({ files: 'data/*' })

    for (const inputs of [
      { files: 'data/*' },
      { files: 'data/*', 'deposit-id': outputs['deposit-id'] ?? '' },
    ]) {
      const end = await stage.run(inputs, { token: 'wrong' })
      expect(problemsOf(end)).toMatch(/does not accept this token/)
    }
  })
})

describe('the token', () => {
  test('is not sent to a bucket at another origin', async () => {
    await using stage = await setStage()
    await using stranger = await startZenodo()
    stage.zenodo.fault({
      times: Infinity,
      rewriteLinks: (link) =>
        link.replace(/^http:\/\/[^/]+\/api\/files/, `${stranger.url}/api/files`),
    })

    const { error } = await stage.run({ files: 'data/*' })

    expect(error).toMatchObject({ name: 'ProtocolError' })
    expect(stranger.requests).toEqual([])
  })

  test('does not follow a redirect', async () => {
    await using stage = await setStage()
    await using stranger = await startZenodo()
    stage.zenodo.fault({
      method: 'PUT',
      path: '/api/files/*/*',
      times: Infinity,
      redirect: `${stranger.url}/x`,
    })

    const { error } = await stage.run({ files: 'data/*' })

    expect(error).toMatchObject({ name: 'ProtocolError' })
    expect(String(error)).toMatch(/redirected PUT .* and a request with the token is not followed/)
    expect(stranger.requests).toEqual([])
  })
})

describe('a server that repeats the token', () => {
  test('is not repeated', async () => {
    await using stage = await setStage()
    const token = stage.zenodo.tokens['alice'] ?? ''
    const message = `bad ${token}`
    stage.zenodo.fault({
      method: 'PUT',
      path: '/api/files/*/*',
      times: Infinity,
      answer: { status: 400, json: { status: 400, message } },
    })

    const { error, log } = await stage.run({ files: 'data/*' })

    expect(String(error)).toContain('bad ***')
    expect([String(error), ...log].join('\n')).not.toContain(token)
  })
})
