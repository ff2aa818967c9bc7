import type { IncomingMessage } from 'node:http'
import { notUnderstood } from './answer.ts'
import type { Exchange, ReceivedRequest } from './exchange.ts'

/** A request as it arrived, with the name of the user whose token it carries. */
export function toReceived(
  request: IncomingMessage,
  tokens: Readonly<Record<string, string>>,
): ReceivedRequest {
  const { method = 'GET', url = '/', headers } = request
  const [path = '/', ...rest] = url.split('?')
  const query = rest.join('?')
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  const token = bearer ?? new URLSearchParams(query).get('access_token')
  const user = Object.keys(tokens).find((name) => tokens[name] === token)
  const flat = Object.entries(headers).map(([name, value]) => [name, value?.toString()])
  return {
    method,
    path,
    query,
    headers: Object.fromEntries(flat) as Record<string, string | undefined>,
    user,
    body: undefined,
    bytesReceived: 0,
    status: undefined,
  }
}

/** By what a caller is known to the rate limiter: never by its token. */
export function identify(
  { received, user }: Exchange,
  address = '',
): ['guest' | 'user' | 'search', string] {
  const caller = `${address} ${received.headers['user-agent'] ?? ''}`
  if (received.path === '/api/records' && received.method === 'GET') return ['search', caller]
  return [user === undefined ? 'guest' : 'user', caller]
}

const SAFE = ['GET', 'HEAD', 'OPTIONS']

/** A cookie jar and a bad token together make a request look forged: 400, not 403. */
export function refuseForged({ received, user }: Exchange): void {
  const { cookie } = received.headers
  if (cookie === undefined || user !== undefined || SAFE.includes(received.method)) return
  const hasToken = /(?:^|;\s*)csrftoken=/.test(cookie)
  throw notUnderstood(hasToken ? 'CSRF token missing or incorrect.' : 'CSRF cookie not set.')
}
