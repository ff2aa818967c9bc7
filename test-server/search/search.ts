import type { IndexedVersion, World } from '../state/world.ts'
import { badRequest, invalid } from '../transport/answer.ts'
import type { Exchange } from '../transport/exchange.ts'
import { matches, toFields } from './matching.ts'
import { parseQuery } from './query.ts'

/** A page of what was found, and how much there is. */
export interface Found {
  readonly page: readonly IndexedVersion[]
  readonly total: number
}

const DEFAULT_SIZE = 25
const MAX_RESULTS = 10_000

function readNumber(exchange: Exchange, name: string, fallback: number): number {
  const text = exchange.query.get(name)
  if (text === null) return fallback
  if (!/^-?\d+$/.test(text)) throw invalid({ field: name, messages: ['Not a valid integer.'] })
  const number = Number(text)
  if (number >= 1) return number
  throw invalid({ field: name, messages: ['Must be greater than or equal to 1.'] })
}

function readPage(exchange: Exchange): { page: number; size: number } {
  const size = readNumber(exchange, 'size', DEFAULT_SIZE)
  const page = readNumber(exchange, 'page', 1)
  const max = exchange.user === undefined ? 25 : 100
  if (size > max) {
    const hint =
      max === 25 ? ' Please use authenticated requests to increase the limit to 100.' : ''
    const messages = [`Page size cannot be greater than ${max}.${hint}`]
    throw invalid({ field: 'size', messages })
  }
  if (page * size > MAX_RESULTS) throw badRequest('Invalid querystring parameters.')
  return { page, size }
}

type Order = (a: IndexedVersion, b: IndexedVersion) => number

const created = ({ draft, record, deposit }: IndexedVersion): number =>
  ((draft ?? record)?.created.getTime() ?? 0) * 1e6 + deposit.id

const newest: Order = (a, b) => created(b) - created(a)
const oldest: Order = (a, b) => created(a) - created(b)
const mostRecent: Order = (a, b) =>
  b.modified.getTime() - a.modified.getTime() || b.deposit.id - a.deposit.id

/** This server weighs nothing: drafts come first, then all in the order of indexing. */
const ORDERS: Readonly<Record<string, Order>> = {
  bestmatch: (a, b) => Number(!a.draft) - Number(!b.draft),
  newest,
  oldest,
  version: (a, b) => b.deposit.index - a.deposit.index,
  mostrecent: mostRecent,
  'updated-desc': mostRecent,
  'updated-asc': (a, b) => mostRecent(b, a),
  mostviewed: newest,
  mostdownloaded: newest,
}

function readOrder(exchange: Exchange): Order {
  const given = exchange.query.get('sort')
  const hasQuery = (exchange.query.get('q') ?? '') !== ''
  const name = given ?? (hasQuery ? 'bestmatch' : 'newest')
  const order = ORDERS[name.replace(/^-/, '')]
  if (!order) throw invalid({ field: '_schema', messages: [`Invalid sort option '${name}'.`] })
  return name.startsWith('-') ? (a, b) => order(b, a) : order
}

const isTrue = (text: string | null): boolean =>
  text !== null && ['1', 'true', 'True', 'yes', ''].includes(text)

const wantsAllVersions = ({ query }: Exchange): boolean =>
  isTrue(query.get('all_versions')) || isTrue(query.get('allversions'))

/** Of each concept only the latest of the versions that the index knows. */
function latestOnly(versions: readonly IndexedVersion[]): ReadonlySet<IndexedVersion> {
  const latest = new Map<number, IndexedVersion>()
  for (const version of versions) {
    const { concept, index } = version.deposit
    if (index >= (latest.get(concept.id)?.deposit.index ?? 0)) latest.set(concept.id, version)
  }
  return new Set(latest.values())
}

/** Searches versions as the request's parameters say; unknown ones are ignored, `status` too. */
export function search(
  exchange: Exchange,
  world: World,
  versions: readonly IndexedVersion[],
): Found {
  const { page, size } = readPage(exchange)
  const order = readOrder(exchange)
  const query = parseQuery(exchange.query.get('q') ?? '')
  const latest = latestOnly(versions)
  const candidates = wantsAllVersions(exchange) ? versions : [...latest]
  const found = candidates.filter((version) =>
    matches(query, toFields(world, version, latest.has(version))),
  )
  const sorted = found.toSorted(order)
  return { page: sorted.slice((page - 1) * size, page * size), total: found.length }
}
