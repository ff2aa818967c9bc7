import { toPrintable } from '../lib/printable.ts'
import type { Upload } from './body.ts'
import type { Download } from './download.ts'

/** One request. Paths are below the configured origin; the token goes nowhere else. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute path with query. */
  readonly path: string
  /** Sent as JSON; the server wants the content type without a charset (docs/server.md#content-type). */
  readonly json?: unknown
  readonly upload?: Upload
  readonly download?: Download
  readonly accept?: string
  /** Whether the same request may be sent again when its fate is unknown. A property of the call, not of the status. */
  readonly repeat: boolean
  /** Statuses below 400 are always fine; these as well. */
  readonly alsoFine?: readonly number[]
  /** The answer may be a redirect, which tells something; it is never followed. */
  readonly mayRedirect?: boolean
  /** 400 messages that mean another writer was faster (docs/server.md#conflicts), not that the request is wrong. */
  readonly conflicts?: readonly string[]
}

export interface Answer {
  readonly status: number
  readonly json: unknown
  /** Where a redirect points, as the server wrote it. */
  readonly location: string | undefined
  /** The `Link` header, which tells where the next page is. */
  readonly link: string | undefined
}

/** Method and path without the query: what errors may show. */
export const requestLineOf = ({ method, path }: Pick<Call, 'method' | 'path'>): string =>
  toPrintable(`${method} ${path.replace(/\?.*$/s, '')}`, 300)
