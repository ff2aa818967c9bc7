import { describe, expect, test } from '@jest/globals'
import { mkdir, readFile, readdir } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { downloadAsset } from '../../src/github/download-asset.ts'
import { listReleaseAssets } from '../../src/github/release-assets.ts'
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'
import { never, startGitHub, TOKEN, type FakeAsset, type World } from './support/fake-github.ts'

const CONTENT = Buffer.alloc(3_000_000, 'what the release has for the world, ')
const ASSET: FakeAsset = { id: 1, name: 'data.bin', content: CONTENT }

/** Lists and downloads the only asset as `data.bin` into the folder. */
async function download(
  folder: TemporaryFolder,
  world: Partial<World> = {},
  signal = never,
): Promise<{ readonly attempts: number; readonly sawToken: boolean }> {
  await using fake = await startGitHub({ assets: [ASSET], body: null, ...world })
  await using github = fake.connect()
  const [asset] = await listReleaseAssets(github, { id: '7' }, never)
  if (asset === undefined) throw new Error('The fake lists no asset.')
  await downloadAsset(github, asset, folder.at('data.bin'), signal)
  const { requests } = fake.storage
  return { attempts: requests.length, sawToken: JSON.stringify(requests).includes(TOKEN) }
}

/** Sends half of what it promises. */
function cutOff({ content }: FakeAsset, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': content.length })
  response.write(content.subarray(0, content.length / 2), () => response.destroy())
}

const corrupted = (content: Buffer): Buffer =>
  Buffer.concat([content.subarray(1), Buffer.from('x')])

describe('downloadAsset', () => {
  test('follows the API to its storage, which never sees the token', async () => {
    await using folder = await createTemporaryFolder()

    const { attempts, sawToken } = await download(folder)

    expect((await readFile(folder.at('data.bin'))).equals(CONTENT)).toBe(true)
    expect(await readdir(folder.path)).toEqual(['data.bin'])
    expect(attempts).toBe(1)
    expect(sawToken).toBe(false)
  })

  test('takes the bytes from the API itself when it does not send elsewhere', async () => {
    await using folder = await createTemporaryFolder()

    const { attempts } = await download(folder, {
      intercept: ({ path, headers }, response) => {
        if (!path.endsWith('/assets/1') || headers['accept'] !== 'application/octet-stream')
          return false
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(CONTENT)
        return true
      },
    })

    expect((await readFile(folder.at('data.bin'))).equals(CONTENT)).toBe(true)
    expect(attempts).toBe(0)
  })

  test('stays below the base path of GitHub Enterprise Server, outside of which nothing gets the token', async () => {
    await using folder = await createTemporaryFolder()
    const seen: (string | undefined)[] = []

    await download(folder, {
      basePath: '/api/v3',
      intercept: ({ path, headers }, response) => {
        if (path === '/_storage/1') {
          seen.push(headers['authorization'] as string | undefined)
          response.end(CONTENT)
          return true
        }
        if (path !== '/api/v3/repos/owner/repo/releases/assets/1') return false
        response.writeHead(302, { location: '/_storage/1' }).end()
        return true
      },
    })

    expect((await readFile(folder.at('data.bin'))).equals(CONTENT)).toBe(true)
    expect(seen).toEqual([undefined])
  })

  test('keeps the token on the way to a repository that was renamed', async () => {
    await using folder = await createTemporaryFolder()

    await download(folder, {
      basePath: '/api/v3',
      intercept: ({ path, headers }, response) => {
        if (path.startsWith('/api/v3/repositories/5/')) {
          const isAllowed = headers['authorization'] === `Bearer ${TOKEN}`
          response.writeHead(isAllowed ? 200 : 404).end(isAllowed ? CONTENT : '')
          return true
        }
        if (!path.endsWith('/assets/1')) return false
        const location = `http://${String(headers['host'])}/api/v3/repositories/5/releases/assets/1`
        response.writeHead(301, { location }).end()
        return true
      },
    })

    expect((await readFile(folder.at('data.bin'))).equals(CONTENT)).toBe(true)
  })

  test.each<[string, (asset: FakeAsset, response: ServerResponse) => void]>([
    ['breaks off', cutOff],
    ['comes too short', ({ content }, response) => response.end(content.subarray(1))],
    ['comes too long', ({ content }, response) => response.end(Buffer.concat([content, content]))],
    ['comes with other bytes', ({ content }, response) => response.end(corrupted(content))],
    ['meets an outage', (_, response) => response.writeHead(503).end()],
  ])('begins again at the API when the download %s', async (_, fail) => {
    await using folder = await createTemporaryFolder()
    let fromApi = 0

    const { attempts } = await download(folder, {
      intercept: ({ path }) => {
        if (path.endsWith('/assets/1')) fromApi += 1
        return false
      },
      serve: (asset, response, count) => {
        if (count < 3) fail(asset, response)
        else response.end(asset.content)
      },
    })

    expect((await readFile(folder.at('data.bin'))).equals(CONTENT)).toBe(true)
    expect(attempts).toBe(3)
    expect(fromApi).toBe(3)
  })

  test.each([
    [
      'other bytes',
      corrupted(CONTENT),
      /^Of the release asset "data\.bin" came other bytes than announced: sha256 [0-9a-f]{64} instead of [0-9a-f]{64}\.$/,
    ],
    ['fewer bytes', CONTENT.subarray(1e6), /came 2\.0\d? MB instead of 3\.0\d? MB\.$/],
    ['more bytes', Buffer.concat([CONTENT, CONTENT]), /came more than the announced 3\.0\d? MB\.$/],
  ])('leaves nothing behind when it gets %s each time', async (_, content, message) => {
    await using folder = await createTemporaryFolder()

    const failed = download(folder, { serve: (_asset, response) => response.end(content) })

    await expect(failed).rejects.toThrow(message)
    expect(await readdir(folder.path)).toEqual([])
  })

  test('takes an asset without a digest by its size', async () => {
    await using folder = await createTemporaryFolder()

    await download(folder, { assets: [{ ...ASSET, digest: null }] })

    expect((await readFile(folder.at('data.bin'))).equals(CONTENT)).toBe(true)
  })

  test('takes an empty asset', async () => {
    await using folder = await createTemporaryFolder()

    await download(folder, { assets: [{ ...ASSET, content: Buffer.alloc(0) }] })

    expect(await readFile(folder.at('data.bin'), 'utf8')).toBe('')
  })

  test.each([
    [
      'to another host without encryption',
      'http://storage.example.org/1?sig=s',
      'a redirect to http://storage.example.org, without encryption.',
    ],
    ['to a file', 'file:///etc/passwd', 'without encryption.'],
    ['nowhere', undefined, '302 and no place to go.'],
    ['in a circle', '/repos/owner/repo/releases/assets/1', 'more than 5 redirects.'],
  ])('does not follow a redirect %s', async (_, location, message) => {
    await using folder = await createTemporaryFolder()

    const failed = download(folder, {
      intercept: ({ path }, response) => {
        if (!path.endsWith('/assets/1')) return false
        response.writeHead(302, location === undefined ? {} : { location }).end()
        return true
      },
    })

    await expect(failed).rejects.toMatchObject({
      name: 'ProtocolError',
      message: expect.stringContaining(message),
    })
    expect(await readdir(folder.path)).toEqual([])
  })

  test('says without the signature in the address that the storage refuses', async () => {
    await using folder = await createTemporaryFolder()

    const failed = download(folder, { serve: (_, response) => response.writeHead(403).end() })

    await expect(failed).rejects.toMatchObject({
      name: 'ApiError',
      message: expect.not.stringContaining('signature'),
    })
  })

  test('gives up a download in which nothing moves', async () => {
    await using folder = await createTemporaryFolder()
    await using fake = await startGitHub({
      assets: [ASSET],
      body: null,
      serve: (_, response) => response.write(CONTENT.subarray(0, 1000)),
    })
    await using github = fake.connect({ stallMs: 40, retries: 1 })
    const asset = { id: '1', name: 'data.bin', sizeBytes: CONTENT.length, sha256: undefined }

    const failed = downloadAsset(github, asset, folder.at('data.bin'), never)

    await expect(failed).rejects.toThrow('Nothing moved')
    expect(fake.storage.requests).toHaveLength(2)
    expect(await readdir(folder.path)).toEqual([])
  })

  test('ends with the reason of an abort, and leaves nothing behind', async () => {
    await using folder = await createTemporaryFolder()
    const abort = new AbortController()
    const reason = new Error('cancelled by the test')
    const serve = (_: FakeAsset, response: ServerResponse): void => {
      response.write(CONTENT.subarray(0, 1000), () => setImmediate(() => abort.abort(reason)))
    }

    const aborted = download(folder, { serve }, abort.signal)

    await expect(aborted).rejects.toBe(reason)
    expect(await readdir(folder.path)).toEqual([])
  })

  test('names the asset and the place when the file cannot be written', async () => {
    await using folder = await createTemporaryFolder()
    await mkdir(folder.at('data.bin'))

    const failed = download(folder)

    await expect(failed).rejects.toMatchObject({
      name: 'FileError',
      path: folder.at('data.bin'),
      message: expect.stringMatching(/^The release asset "data\.bin" cannot be written to "/),
    })
    expect(await readdir(folder.path)).toEqual(['data.bin'])
  })
})
