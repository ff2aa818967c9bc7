import { describe, expect, test } from '@jest/globals'
import type { ServerResponse } from 'node:http'
import { findAssetNameProblem, listReleaseAssets } from '../../src/github/release-assets.ts'
import { answerJson } from '../http/support/scripted-server.ts'
import { never, sha256, startGitHub, type FakeAsset } from './support/fake-github.ts'

const CONTENT = Buffer.from('content of an asset')

const asset = (id: number, changes: Partial<FakeAsset> = {}): FakeAsset => ({
  id,
  name: `asset-${id}.zip`,
  content: CONTENT,
  ...changes,
})

describe('listReleaseAssets', () => {
  test('reads every page', async () => {
    const assets = Array.from({ length: 5 }, (_, index) => asset(index + 1))
    await using fake = await startGitHub({ assets, body: null, pageSize: 2 })
    await using github = fake.connect()

    const listed = await listReleaseAssets(github, { id: '7', tag: 'v1/β' }, never)

    expect(listed.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5'])
    expect(fake.api.requests.map(({ path }) => path)).toEqual([
      '/repos/owner/repo/releases/7/assets?per_page=100',
      '/repos/owner/repo/releases/7/assets?per_page=100&page=2',
      '/repos/owner/repo/releases/7/assets?per_page=100&page=3',
    ])
  })

  test('tells name, size and digest, and where GitHub has no digest', async () => {
    const assets = [asset(1), asset(2, { name: 'älter.csv', digest: null })]
    await using fake = await startGitHub({ assets, body: null })
    await using github = fake.connect()

    const listed = await listReleaseAssets(github, { id: '7' }, never)

    expect(listed).toEqual([
      { id: '1', name: 'asset-1.zip', sizeBytes: 19, sha256: sha256(CONTENT) },
      { id: '2', name: 'älter.csv', sizeBytes: 19, sha256: undefined },
    ])
  })

  test('finds the release of a tag, on GitHub Enterprise Server as well', async () => {
    const world = { assets: [asset(1), asset(2)], body: null, pageSize: 1, basePath: '/api/v3' }
    await using fake = await startGitHub(world)
    await using github = fake.connect()

    const listed = await listReleaseAssets(github, { tag: 'v1/β' }, never)

    expect(listed.map(({ id }) => id)).toEqual(['1', '2'])
    expect(fake.api.requests.every(({ path }) => path.startsWith('/api/v3/repos/'))).toBe(true)
  })

  test('says that a tag has no release', async () => {
    await using fake = await startGitHub({ assets: [], body: null })
    await using github = fake.connect()

    const listed = listReleaseAssets(github, { tag: 'v2' }, never)

    await expect(listed).rejects.toMatchObject({
      name: 'ApiError',
      message: 'The tag "v2" has no published release in owner/repo that this job can see.',
      hint: expect.stringMatching(
        /^Publish the release before .* "permissions: \{ contents: read }"/,
      ),
    })
  })

  test('says that neither a release nor a tag started the run', async () => {
    await using fake = await startGitHub({ assets: [], body: null })
    await using github = fake.connect()

    const listed = listReleaseAssets(github, {}, never)

    await expect(listed).rejects.toMatchObject({
      issues: [{ place: { input: 'release-assets' }, problem: expect.stringContaining('neither') }],
    })
  })

  test.each([
    [401, 'Bad credentials'],
    [403, 'Resource not accessible by integration'],
    [404, 'Not Found'],
  ])('names the permission that may be missing when GitHub answers %d', async (status, message) => {
    await using fake = await startGitHub({
      assets: [],
      body: null,
      intercept: (_, response) => {
        const headers = { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': '99999999999' }
        answerJson(response, status, { message }, headers)
        return true
      },
    })
    await using github = fake.connect()

    const listed = listReleaseAssets(github, { id: '7' }, never)

    await expect(listed).rejects.toMatchObject({
      name: 'ApiError',
      message: `GitHub did not let this job read the assets of the release: The server answered ${status} to GET /repos/owner/repo/releases/7/assets: ${message}.`,
      hint: expect.stringContaining('"permissions: { contents: read }"'),
    })
    expect(fake.api.requests).toHaveLength(1)
  })

  test('finds nothing in a private repository without the token', async () => {
    await using fake = await startGitHub({ assets: [asset(1)], body: null })
    await using github = fake.connect({ token: undefined })

    const listed = listReleaseAssets(github, { id: '7' }, never)

    await expect(listed).rejects.toThrow('The server answered 404')
    expect(fake.api.requests[0]?.headers).not.toHaveProperty('authorization')
  })

  test.each([
    ['the limit of an hour', refusal(403, 'API rate limit exceeded', resetIn(40)), 40_000],
    ['a secondary limit', refusal(403, 'You have exceeded a secondary rate limit'), 60_000],
    ['a limit with a wait', refusal(429, 'Slow down', { 'retry-after': '30' }), 30_000],
    ['a limit of longer than anybody waits', refusal(403, 'Rate limit', resetIn(3600)), 900_000],
    ['an outage', refusal(502, 'Bad gateway'), 0],
  ])('waits and asks again after %s', async (_, refuse, waitMs) => {
    let count = 0
    await using fake = await startGitHub({
      assets: [asset(1)],
      body: null,
      intercept: (_request, response) => {
        count += 1
        if (count === 1) refuse(response)
        return count === 1
      },
    })
    await using github = fake.connect()

    const listed = await listReleaseAssets(github, { id: '7' }, never)

    expect(listed).toHaveLength(1)
    // The limit is told in whole seconds of the calendar, so up to two may have passed.
    expect(fake.clock.now()).toBeGreaterThanOrEqual(Math.max(waitMs - 2000, 1))
    expect(fake.clock.now()).toBeLessThan(waitMs + 2000)
  })

  test.each([
    ['../../home/runner/.bashrc', 'has a name that leads into another folder'],
    ['a\\b.txt', 'has a name that leads into another folder'],
    ['..', 'has the name of a folder'],
    ['a\n::set-output name=doi::x', 'has a name with a character that is not safe in file names'],
  ])('refuses an asset with the name %j', async (name, problem) => {
    await using fake = await startGitHub({ assets: [asset(1), asset(2, { name })], body: null })
    await using github = fake.connect()

    const listed = listReleaseAssets(github, { id: '7' }, never)

    await expect(listed).rejects.toMatchObject({
      name: 'FileError',
      message: expect.stringMatching(
        new RegExp(`^The release asset "[^\\n]+" cannot be taken: it ${problem}\\.$`),
      ),
    })
  })

  test.each(['open', 'starter'])('refuses an asset in the state %s', async (state) => {
    await using fake = await startGitHub({ assets: [asset(1, { state })], body: null })
    await using github = fake.connect()

    const listed = listReleaseAssets(github, { id: '7' }, never)

    await expect(listed).rejects.toThrow('it was never uploaded completely.')
  })

  test('does not take the token to a next page elsewhere', async () => {
    await using fake = await startGitHub({
      assets: [],
      body: null,
      basePath: '/api/v3',
      intercept: (request, response) => {
        const link = `<http://${String(request.headers['host'])}/elsewhere?page=2>; rel="next"`
        answerJson(response, 200, [], { link })
        return true
      },
    })
    await using github = fake.connect()

    const listed = listReleaseAssets(github, { id: '7' }, never)

    await expect(listed).rejects.toMatchObject({
      name: 'ProtocolError',
      message: expect.stringContaining('a link that leads out of its API'),
    })
    expect(fake.api.requests).toHaveLength(1)
  })

  test.each([
    ['a list of something else', [{ login: 'someone' }]],
    ['an asset without a name', [{ id: 1, size: 3 }]],
  ])('does not take %s for assets', async (_, json) => {
    await using fake = await startGitHub({
      assets: [],
      body: null,
      intercept: (_request, response) => {
        answerJson(response, 200, json)
        return true
      },
    })
    await using github = fake.connect()

    const listed = listReleaseAssets(github, { id: '7' }, never)

    await expect(listed).rejects.toThrow('with an asset without id, name or size.')
  })
})

function refusal(status: number, message: string, headers: Record<string, string> = {}) {
  return (response: ServerResponse): void => answerJson(response, status, { message }, headers)
}

/** The headers that say when the limit of an hour is renewed. */
function resetIn(seconds: number): Record<string, string> {
  const reset = Math.ceil(Date.now() / 1000) + seconds
  return { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) }
}

describe('findAssetNameProblem', () => {
  test.each(['data.zip', 'ünïcode – 数据.csv', '.hidden', 'a..b', 'with space', 'a'.repeat(255)])(
    'accepts %j',
    (name) => {
      expect(findAssetNameProblem(name)).toBeUndefined()
    },
  )

  test.each([
    ['nothing', '', 'has no name'],
    ['this folder', '.', 'has the name of a folder'],
    ['a path', 'a/b', 'leads into another folder'],
    ['an absolute path', '/etc/passwd', 'leads into another folder'],
    ['a drive', 'C:evil', 'not safe'],
    ['a stream of a file', 'a.txt:hidden', 'not safe'],
    ['a NUL', 'a\u0000', 'not safe'],
    ['a control of the second range', 'a\u009b', 'not safe'],
    ['half a character', 'a\ud800', 'not valid Unicode'],
    ['256 bytes', 'ä'.repeat(128), 'longer than 255 bytes'],
  ])('refuses %s', (_, name, problem) => {
    expect(findAssetNameProblem(name)).toContain(problem)
  })
})
