import { notUnderstood } from './answer.ts'
import type { Exchange } from './exchange.ts'

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
