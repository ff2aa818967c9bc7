import { noSuchRoute, wrongMethod, type Answer } from './answer.ts'
import type { Handler } from './exchange.ts'

/** One line of the table of routes: `{name}` is one segment, `{name:path}` one or more. */
export interface Route {
  readonly method: string
  readonly pattern: string
  readonly handler: Handler
}

interface CompiledRoute extends Route {
  readonly regex: RegExp
}

/** What a request leads to: a handler, or an answer right away (OPTIONS). */
export type Match =
  | { readonly kind: 'handler'; readonly handler: Handler; readonly params: Record<string, string> }
  | { readonly kind: 'answer'; readonly answer: Answer }

function compile(route: Route): CompiledRoute {
  const source = route.pattern
    .replace(/[.]/g, '\\.')
    .replace(/\{(\w+):path\}/g, '(?<$1>.+?)')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  return { ...route, regex: new RegExp(`^${source}$`, 'su') }
}

/** Percent-decodes as the server's framework does: what is malformed stays as it is. */
export function decodePath(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    const bytes = Buffer.from(encoded.replaceAll('%', ''), 'hex')
    return bytes.toString('utf8')
  })
}

/** Finds the handler of a path; the first matching line of the table wins. */
export class Router {
  readonly #routes: readonly CompiledRoute[]

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map(compile)
  }

  find(method: string, path: string): Match {
    const decoded = decodePath(path)
    const hasDots = decoded.split('/').some((segment) => segment === '.' || segment === '..')
    const fitting = hasDots ? [] : this.#routes.filter(({ regex }) => regex.test(decoded))
    if (fitting.length === 0) throw noSuchRoute()
    if (method === 'OPTIONS') return { kind: 'answer', answer: toOptions(fitting) }
    const wanted = method === 'HEAD' ? 'GET' : method
    const route = fitting.find((candidate) => candidate.method === wanted)
    if (!route) throw wrongMethod()
    const params = { ...route.regex.exec(decoded)?.groups }
    return { kind: 'handler', handler: route.handler, params }
  }
}

function toOptions(routes: readonly Route[]): Answer {
  const methods = new Set(['OPTIONS', ...routes.map(({ method }) => method)])
  if (methods.has('GET')) methods.add('HEAD')
  const headers = { 'content-type': 'text/html; charset=utf-8', allow: [...methods].join(', ') }
  return { status: 200, headers, text: '' }
}
