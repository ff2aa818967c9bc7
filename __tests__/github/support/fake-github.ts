import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { createGitHub, type GitHub, type GitHubOptions } from '../../../src/github/github.ts'
import { FakeClock } from '../../http/support/fake-clock.ts'
import {
  answerJson,
  startScriptedServer,
  type Received,
  type Script,
  type ScriptedServer,
} from '../../http/support/scripted-server.ts'

export const TOKEN = 'ghs_token-of-the-test'

/** A signal that never aborts. */
export const never = new AbortController().signal

export interface FakeAsset {
  readonly id: number
  readonly name: string
  readonly content: Buffer
  /** As GitHub writes it; that of the content unless given. */
  readonly digest?: string | null
  readonly state?: string
}

/** What the fake holds. */
export interface World {
  readonly assets: readonly FakeAsset[]
  /** Notes of release 7, which has the tag `v1/β`. */
  body: string | null
  /** Assets on a page; 100 as asked for, unless given. */
  readonly pageSize?: number
  /** Path before `/repos`: GitHub Enterprise Server has `/api/v3`. */
  readonly basePath?: string
  /** Answers instead of the API, or leaves it to the API by returning false. */
  readonly intercept?: (request: Received, response: ServerResponse) => boolean
  /** What the storage server does with a request that is properly signed. */
  readonly serve?: (asset: FakeAsset, response: ServerResponse, count: number) => void
}

export interface FakeGitHub extends AsyncDisposable {
  readonly api: ScriptedServer
  /** Where the API sends readers of assets to: another origin. */
  readonly storage: ScriptedServer
  readonly clock: FakeClock
  /** Reaches the fake as the action reaches GitHub. */
  connect(options?: Partial<GitHubOptions>): GitHub
}

/** A GitHub with one private repository, `owner/repo`, over real sockets. */
export async function startGitHub(world: World): Promise<FakeGitHub> {
  const storage = await startScriptedServer(serveStorage(world))
  const api = await startScriptedServer(serveApi(world, storage.url))
  const clock = new FakeClock()
  return {
    api,
    storage,
    clock,
    connect: (options = {}) =>
      createGitHub({
        apiUrl: `${api.url}${world.basePath ?? ''}`,
        repository: 'owner/repo',
        token: TOKEN,
        userAgent: 'zenodo-deposit/test',
        retries: 3,
        clock,
        ...options,
      }),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]()
      await storage[Symbol.asyncDispose]()
    },
  }
}

export const sha256 = (content: Buffer): string =>
  createHash('sha256').update(content).digest('hex')

const signatureOf = (id: number): string => `signature-${id}`

function serveStorage({ assets, serve }: World): Script {
  let count = 0
  return ({ path, headers }, response) => {
    const url = new URL(path, 'http://storage')
    const asset = assets.find(({ id }) => url.pathname === `/store/${id}`)
    const isSigned = url.searchParams.get('sig') === signatureOf(asset?.id ?? 0)
    // Storage servers refuse requests with two kinds of authorization.
    if (asset === undefined || !isSigned || headers['authorization'] !== undefined) {
      response.writeHead(403).end()
      return
    }
    count += 1
    if (serve === undefined) response.end(asset.content)
    else serve(asset, response, count)
  }
}

/** The API's own answers, in the shapes of its documentation. */
function serveApi(world: World, storageUrl: string): Script {
  const base = `${world.basePath ?? ''}/repos/owner/repo/releases`
  return (request, response) => {
    if (world.intercept?.(request, response) === true) return
    const url = new URL(request.path, `http://${String(request.headers['host'])}`)
    const part = url.pathname.replace(base, '')
    if (request.headers['authorization'] !== `Bearer ${TOKEN}`) notFound(response)
    else if (part === '/7/assets') servePage(world, url, response)
    else if (part.startsWith('/assets/')) redirectToStorage(world, part, storageUrl, response)
    else if (part === '/7' || part === '/tags/v1%2F%CE%B2') serveRelease(world, request, response)
    else notFound(response)
  }
}

function notFound(response: ServerResponse): void {
  answerJson(response, 404, { message: 'Not Found', documentation_url: 'https://docs.github.com' })
}

function serveRelease(world: World, request: Received, response: ServerResponse): void {
  if (request.method === 'PATCH') {
    world.body = (JSON.parse(request.body.toString()) as { body: string }).body
  }
  answerJson(response, 200, { id: 7, tag_name: 'v1/β', body: world.body })
}

function servePage({ assets, pageSize = 100 }: World, url: URL, response: ServerResponse): void {
  const page = Number(url.searchParams.get('page') ?? '1')
  const size = Math.min(pageSize, Number(url.searchParams.get('per_page') ?? '30'))
  const here = `${url.origin}${url.pathname}?per_page=100`
  const links = [
    ...(page > 1 ? [`<${here}&page=${page - 1}>; rel="prev"`] : []),
    ...(page * size < assets.length ? [`<${here}&page=${page + 1}>; rel="next"`] : []),
    `<${here}&page=99>; rel="last"`,
  ]
  const listed = assets.slice((page - 1) * size, page * size).map(describeAsset)
  answerJson(response, 200, listed, { link: links.join(', ') })
}

function describeAsset(asset: FakeAsset): unknown {
  const { id, name, content, digest = `sha256:${sha256(content)}`, state = 'uploaded' } = asset
  return { id, name, size: content.length, digest, state, label: null }
}

function redirectToStorage(
  { assets }: World,
  part: string,
  storageUrl: string,
  response: ServerResponse,
): void {
  const asset = assets.find(({ id }) => part === `/assets/${id}`)
  if (asset === undefined) {
    notFound(response)
    return
  }
  const location = `${storageUrl}/store/${asset.id}?sig=${signatureOf(asset.id)}`
  response.writeHead(302, { location }).end()
}
