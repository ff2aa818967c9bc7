import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { expectNoToken, runAction } from '../support/run-action.ts'
import { METADATA } from '../support/workspace.ts'

const GITHUB_TOKEN = 'ghs_0123456789abcdefghij'
const EVENT = {
  name: 'release',
  ref: 'refs/tags/v1',
  payload: { release: { id: 7, tag_name: 'v1', prerelease: false } },
}

/** The part of GitHub's API that a release needs, with its storage at another origin. */
class FakeGitHub implements AsyncDisposable {
  readonly assets = new Map<string, Buffer>()
  readonly tokensAtStorage: (string | undefined)[] = []
  mayWrite = true
  notes = 'What is new\r\n'
  readonly #api: Server
  readonly #storage: Server

  private constructor(api: Server, storage: Server) {
    this.#api = api
    this.#storage = storage
  }

  static async start(): Promise<FakeGitHub> {
    const github = new FakeGitHub(createServer(), createServer())
    github.#api.on('request', (request, response) => {
      const json = (value: unknown): void => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
      }
      const path = (request.url ?? '')
        .replace(/^\/api\/v3\/repos\/octo\/toy\/releases\//, '')
        .replace(/\?.*$/, '')
      if (request.headers.authorization !== `Bearer ${GITHUB_TOKEN}`) {
        response
          .writeHead(404, { 'content-type': 'application/json' })
          .end('{"message":"Not Found"}')
      } else if (request.method === 'PATCH' && !github.mayWrite) {
        response
          .writeHead(403, { 'content-type': 'application/json' })
          .end('{"message":"Resource not accessible by integration"}')
      } else if (request.method === 'PATCH') {
        let text = ''
        request.on('data', (chunk: Buffer) => (text += chunk.toString()))
        request.on('end', () => {
          github.notes = (JSON.parse(text) as { body: string }).body
          json({ id: 7, body: github.notes })
        })
      } else if (path === '7') json({ id: 7, body: github.notes })
      else if (path === '7/assets') {
        json(
          [...github.assets].map(([name, content], id) => ({
            id,
            name,
            size: content.length,
            state: 'uploaded',
            digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
          })),
        )
      } else {
        const name = [...github.assets.keys()][Number(path.replace('assets/', ''))] ?? ''
        response.writeHead(302, { location: `${urlOf(github.#storage)}/${name}?signature=1` }).end()
      }
    })
    github.#storage.on('request', (request, response) => {
      github.tokensAtStorage.push(request.headers.authorization)
      response.end(github.assets.get((request.url ?? '').slice(1).replace(/\?.*$/, '')))
    })
    for (const server of [github.#api, github.#storage])
      await once(server.listen(0, '127.0.0.1'), 'listening')
    return github
  }

  get apiUrl(): string {
    return `${urlOf(this.#api)}/api/v3`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#api, this.#storage]) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const step = (
  zenodo: Zenodo,
  github: FakeGitHub,
  inputs: Readonly<Record<string, string>>,
  githubToken = GITHUB_TOKEN,
) =>
  runAction({
    event: EVENT,
    githubToken,
    env: { GITHUB_API_URL: github.apiUrl },
    files: { '.zenodo.json': JSON.stringify(METADATA), 'a.csv': 'a\n' },
    inputs: { token: zenodo.tokens['alice'] ?? '', 'server-url': zenodo.url, ...inputs },
  })

describe('a release', () => {
  test('gives its assets, gets the badge once, and its token goes nowhere else', async () => {
    await using zenodo = await startZenodo()
    await using github = await FakeGitHub.start()
    github.assets.set('app.tar.gz', Buffer.from('binary'))
    const inputs = {
      files: 'a.csv',
      'release-assets': 'true',
      'update-release-notes': 'true',
      publish: 'true',
    }

    const first = await step(zenodo, github, inputs)
    const second = await step(zenodo, github, inputs)

    expect([first, second].map(({ exitCode, stdout }) => (exitCode === 0 ? '' : stdout))).toEqual([
      '',
      '',
    ])
    expect(zenodo.deposits().map(({ files }) => files.map(({ key }) => key).toSorted())).toEqual([
      ['a.csv', 'app.tar.gz'],
    ])
    expect(second.outputs['state']).toBe('unchanged')
    expect(github.notes.match(/zenodo-deposit:start/g)).toHaveLength(1)
    expect(github.notes).toContain(first.outputs['badge-markdown'] ?? 'no badge')
    expect(github.notes.startsWith('What is new\r\n')).toBe(true)
    expect(github.tokensAtStorage).toEqual([undefined, undefined])
    expect(JSON.stringify(zenodo.requests)).not.toContain(GITHUB_TOKEN)
    expectNoToken(first, GITHUB_TOKEN)
  })

  test('that the token may not read is told with the permission to add, before anything is written', async () => {
    await using zenodo = await startZenodo()
    await using github = await FakeGitHub.start()

    const result = await step(
      zenodo,
      github,
      { files: 'a.csv', 'release-assets': 'true' },
      'ghs_other',
    )

    expect(result.exitCode).toBe(1)
    expect(result.stdout).toMatch(/contents: read/)
    expect(zenodo.requests).toEqual([])
  })

  test.each([
    ['stops the run before anything is written', {}, 1],
    ['is fine where a warning is wanted', { 'if-no-files-found': 'warn' }, 0],
  ])('without assets %s', async (_, more, exitCode) => {
    await using zenodo = await startZenodo()
    await using github = await FakeGitHub.start()

    const result = await step(zenodo, github, {
      files: 'a.csv',
      'release-assets': 'true',
      ...more,
    })

    expect(result.exitCode).toBe(exitCode)
    expect(result.stdout).toMatch(/The release has no assets/)
    expect(zenodo.deposits()).toHaveLength(exitCode === 0 ? 1 : 0)
  })

  test('without assets, where that is fine, leaves the files of the draft alone', async () => {
    await using zenodo = await startZenodo()
    await using github = await FakeGitHub.start()
    await step(zenodo, github, { files: 'a.csv' })

    const { exitCode, stdout } = await step(zenodo, github, {
      'release-assets': 'true',
      'if-no-files-found': 'warn',
    })

    expect(exitCode === 0 ? '' : stdout).toBe('')
    expect(zenodo.deposits().map(({ files }) => files.map(({ key }) => key))).toEqual([['a.csv']])
  })

  test('whose notes may not be written is published all the same, and that is said', async () => {
    await using zenodo = await startZenodo()
    await using github = await FakeGitHub.start()
    github.mayWrite = false

    const { exitCode, stdout, outputs, summary } = await step(zenodo, github, {
      files: 'a.csv',
      'update-release-notes': 'true',
      publish: 'true',
    })

    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/::error::The record is published; only its badge .*contents: write/)
    expect(outputs['published']).toBe('true')
    expect(summary).toContain(outputs['badge-markdown'] ?? 'no badge')
    expect(summary).toContain(`deposit-id: '${outputs['concept-id'] ?? ''}'`)
  })

  test('with an empty asset is refused with advice that helps', async () => {
    await using zenodo = await startZenodo()
    await using github = await FakeGitHub.start()
    github.assets.set('e.bin', Buffer.alloc(0))

    const { stdout } = await step(zenodo, github, { 'release-assets': 'true' })

    expect(stdout).toMatch(/the release asset e\.bin is empty.*Delete it from the release/)
    expect(stdout).not.toMatch(/Exclude it/)
    expect(zenodo.requests).toEqual([])
  })

  test('with too many assets is refused before any is fetched', async () => {
    await using zenodo = await startZenodo()
    await using github = await FakeGitHub.start()
    for (let n = 0; n < 100; n += 1) github.assets.set(`a${n}.bin`, Buffer.from('x'))

    const result = await step(zenodo, github, { files: 'a.csv', 'release-assets': 'true' })

    expect(result.exitCode).toBe(1)
    expect(result.stdout).toMatch(/101 files are too many.*leave some of them out/)
    expect(github.tokensAtStorage).toEqual([])
    expect(zenodo.requests).toEqual([])
  })

  test('gives an asset whose name no file system takes with more', async () => {
    await using zenodo = await startZenodo()
    await using github = await FakeGitHub.start()
    const name = `${'a'.repeat(251)}.bin`
    github.assets.set(name, Buffer.from('x'))

    const result = await step(zenodo, github, { 'release-assets': 'true' })

    expect(result.exitCode === 0 ? '' : result.stdout).toBe('')
    expect(zenodo.deposits().flatMap(({ files }) => files.map(({ key }) => key))).toEqual([name])
  })

  test('whose notes have no room for the badge stops the run before anything is written', async () => {
    await using zenodo = await startZenodo()
    await using github = await FakeGitHub.start()
    github.notes = 'x'.repeat(124_800)

    const result = await step(zenodo, github, {
      files: 'a.csv',
      'update-release-notes': 'true',
      publish: 'true',
    })

    expect(result.exitCode).toBe(1)
    expect(result.stdout).toMatch(/124800 characters .* no room for the badge. Shorten them by 300/)
    expect(zenodo.requests).toEqual([])
  })

  test('is needed, or the step says so', async () => {
    const result = await runAction({
      files: { 'a.csv': 'a' },
      inputs: { token: 't0k3n', files: 'a.csv', 'release-assets': 'true' },
    })

    expect(result.exitCode).toBe(1)
    expect(result.stdout).toMatch(/release-assets needs a release/)
  })
})
