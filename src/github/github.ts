import { InputError, ProtocolError } from '../errors.ts'
import { requestLineOf, type Answer, type Call } from '../http/call.ts'
import { createHttp, type Http, type HttpOptions } from '../http/http.ts'
import { isProtected } from '../lib/is-protected.ts'
import { toPrintable } from '../lib/printable.ts'
import { delayFor, explain, type Purpose } from './refusal.ts'

/** GitHub's API for one repository; what is not listed is as in `HttpOptions`. */
export interface GitHubOptions extends Omit<HttpOptions, 'origin'> {
  /** `GITHUB_API_URL`: `https://api.github.com`, or `https://HOST/api/v3` on GitHub Enterprise Server. */
  readonly apiUrl: string
  /** `OWNER/REPO`. */
  readonly repository: string
}

/** The token goes below the API's own address and nowhere else. */
export interface GitHub extends AsyncDisposable {
  readonly repository: string
  readonly origin: string
  /** Absolute path of something of the repository, such as `/releases/1`. */
  pathOf(part: string): string
  /** A link of the API as a path of calls; undefined if it leads elsewhere. */
  findPath(link: string): string | undefined
  /** Sends a call once. */
  send(call: Call, signal: AbortSignal): Promise<Answer>
  /** Sends a call, again where that may help. Refusals tell what `purpose` needs. */
  request(call: Call, purpose: Purpose, signal: AbortSignal): Promise<Answer>
  /** Runs `attempt` until it succeeds, or more attempts are no use. */
  repeat<T>(attempt: () => Promise<T>, purpose: Purpose, signal: AbortSignal): Promise<T>
  /** A connection to another server, without the token. */
  connect(origin: string): Http
}

/** Reaches GitHub's API. Throws an InputError where the token would travel in the clear. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { clock, repository } = options
  const api = parseApiUrl(options.apiUrl)
  const basePath = api.pathname.replace(/\/$/, '')
  const http = createHttp({ ...options, origin: api.origin, setting: 'GITHUB_API_URL' })

  async function repeat<T>(
    attempt: () => Promise<T>,
    purpose: Purpose,
    signal: AbortSignal,
  ): Promise<T> {
    const delay = (error: unknown, count: number) => delayFor(error, count, clock)
    try {
      return await http.repeat(attempt, signal, delay)
    } catch (error) {
      throw explain(error, purpose)
    }
  }

  return {
    repository,
    origin: api.origin,
    send: (call, signal) => http.send(call, signal),
    repeat,
    pathOf: (part) => `${basePath}/repos/${repository}${part}`,
    request: (call, purpose, signal) => repeat(() => http.send(call, signal), purpose, signal),
    findPath(link) {
      const url = URL.parse(link, api.href)
      const isInside = url?.origin === api.origin && url.pathname.startsWith(`${basePath}/`)
      return isInside ? `${url.pathname}${url.search}` : undefined
    },
    connect: (origin) =>
      createHttp({ ...options, origin, setting: 'GITHUB_API_URL', token: undefined }),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  }
}

function parseApiUrl(apiUrl: string): URL {
  const url = URL.parse(apiUrl)
  if (url !== null && isProtected(url) && url.username === '' && url.password === '') return url
  const problem = `GITHUB_API_URL is "${toPrintable(apiUrl, 200)}", and the token is sent to https addresses only.`
  throw new InputError([{ place: { input: 'github-token' }, problem }])
}

/** GitHub shows a hundred things on a page; nothing that is read here has ten thousand. */
const MAX_PAGES = 100

/** Every page of a list, as the `Link` headers string them together. */
export async function* readPages(
  github: GitHub,
  firstPath: string,
  purpose: Purpose,
  signal: AbortSignal,
): AsyncGenerator<readonly unknown[]> {
  let path: string | undefined = firstPath
  for (let count = 1; path !== undefined; count += 1) {
    const call: Call = { method: 'GET', path, accept: JSON_TYPE, repeat: true }
    if (count > MAX_PAGES) throw oddAnswer(call, `a list of more than ${MAX_PAGES} pages`)
    const { json, link } = await github.request(call, purpose, signal)
    // A page in place of a list must not pass for an empty one.
    if (!Array.isArray(json)) throw oddAnswer(call, 'something that is no list')
    yield json
    const next = findNextLink(link)
    path = next === undefined ? undefined : github.findPath(next)
    if (next !== undefined && path === undefined) throw strayLink(call, next)
  }
}

/** How GitHub's JSON is asked for. */
export const JSON_TYPE = 'application/vnd.github+json'

function findNextLink(header: string | undefined): string | undefined {
  return /<([^<>]*)>\s*;[^<]*\brel="?next"?/.exec(header ?? '')?.[1]
}

function oddAnswer(call: Call, what: string): ProtocolError {
  return new ProtocolError(
    requestLineOf(call),
    `GitHub answered ${requestLineOf(call)} with ${what}.`,
    { hint: 'Check that GITHUB_API_URL is the address of GitHub’s API, and try again.' },
  )
}

function strayLink(call: Call, link: string): ProtocolError {
  const origin = toPrintable(URL.parse(link)?.origin ?? link, 200)
  return new ProtocolError(
    requestLineOf(call),
    `GitHub answered ${requestLineOf(call)} with a link that leads out of its API: ${origin}. The token was not sent there.`,
  )
}
