import { search } from '../search/search.ts'
import type { Deposit } from '../state/deposit.ts'
import type { IndexedVersion } from '../state/world.ts'
import { json, type Answer } from '../transport/answer.ts'
import type { Exchange, Handler } from '../transport/exchange.ts'
import type { Json } from '../transport/json.ts'
import { toDeposition } from './deposition-json.ts'
import { acceptJson, inKind } from './native-drafts.ts'
import { toNative, type Side } from './native-json.ts'
import { toZenodo } from './zenodo-json.ts'

/** The version as it was when it was indexed. */
const asIndexed = ({ deposit, draft, record, isPublished }: IndexedVersion): Deposit => ({
  ...deposit,
  draft,
  record: record ?? (isPublished ? deposit.record : undefined),
})

function ownVersions({ world }: Exchange, user: string): readonly IndexedVersion[] {
  return world.ownIndex.visible().filter(({ deposit }) => deposit.concept.owner === user)
}

/** A bare array: no total, no next page, no buckets, and no files of drafts. */
export const listDepositions: Handler = (exchange) => {
  const { world } = exchange
  exchange.accept('application/json')
  const { page } = search(exchange, world, ownVersions(exchange, exchange.getUser()))
  return json(
    200,
    page.map((version) => toDeposition(world, asIndexed(version), 'listed')),
  )
}

function toHits(exchange: Exchange, versions: readonly IndexedVersion[]): Answer {
  const { world, received } = exchange
  const { page, total } = search(exchange, world, versions)
  const sideOf = ({ draft }: IndexedVersion): Side => (draft ? 'draft' : 'record')
  const hits = (show: typeof toNative | typeof toZenodo): Json => ({
    hits: { hits: page.map((hit) => show(world, asIndexed(hit), sideOf(hit))), total },
    links: { self: exchange.link(`${received.path}?${received.query}`) },
    sortBy: exchange.query.get('sort') ?? 'bestmatch',
  })
  return inKind(
    exchange,
    200,
    () => hits(toNative),
    () => hits(toZenodo),
  )
}

export const listUserRecords: Handler = (exchange) => {
  acceptJson(exchange)
  return toHits(exchange, ownVersions(exchange, exchange.getUser()))
}

export const searchRecords: Handler = (exchange) => {
  acceptJson(exchange)
  return toHits(exchange, exchange.world.publicIndex.visible())
}

/** All published versions of the concept of a record. */
export const listVersions: Handler = (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const { concept } = world.getRecord(id)
  exchange.query.set('all_versions', 'true')
  const versions = world.publicIndex.visible()
  return toHits(
    exchange,
    versions.filter(({ deposit }) => deposit.concept === concept),
  )
}
