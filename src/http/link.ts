import { ProtocolError } from '../errors.ts'
import { toPrintable } from '../lib/printable.ts'

/** A link in the answer to `requestLine`, as a path below the configured origin; a link to anywhere else is an error. */
export function pathOfLink(link: string, origin: string, requestLine: string): string {
  const url = URL.canParse(link, origin) ? new URL(link, origin) : undefined
  const isBare = url?.username === '' && url.password === ''
  if (url?.origin === origin && isBare) return `${url.pathname}${url.search}`
  const odd =
    url !== undefined && !isBare
      ? 'a link with a user or password in it.'
      : `a link to another origin: ${toPrintable(url?.origin ?? link, 200)} instead of ${origin}.`
  throw new ProtocolError(requestLine, `The server answered ${requestLine} with ${odd}`, {
    hint: 'The token was not sent there. Check server-url: it must be the address the instance itself uses in its links.',
  })
}
