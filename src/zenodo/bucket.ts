import { ProtocolError } from '../errors.ts'
import { pathOfLink } from '../http/link.ts'
import type { Deposit } from './deposit.ts'

/** Where files of this draft go; a bucket at another origin is refused. */
export function bucketPath({ id, bucketLink }: Deposit, origin: string): string {
  const requestLine = `GET /api/deposit/depositions/${id}`
  if (bucketLink !== undefined) return pathOfLink(bucketLink, origin, requestLine)
  throw new ProtocolError(
    requestLine,
    `The server names no bucket for the files of deposit ${id}.`,
    { hint: 'Check that server-url is a Zenodo instance, and that the deposit shows files there.' },
  )
}
