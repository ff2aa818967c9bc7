import { toLegacy } from '../metadata/to-legacy.ts'
import type { CommunityRequest, Deposit } from '../state/deposit.ts'
import type { Exchange } from '../transport/exchange.ts'
import { textAt, type Json } from '../transport/json.ts'
import { stamp } from './stamp.ts'

function toTitle({ type, status }: CommunityRequest, title: string): string {
  if (type === 'record-deletion') return `Deletion request for "${title}"`
  if (type === 'file-modification') return `File modification request for "${title}"`
  return status === 'created' ? '' : title
}

/** A request as the native API shows it. */
export function toRequest(exchange: Exchange, deposit: Deposit, request: CommunityRequest): Json {
  const { id, type, status, community, created } = request
  const { world } = exchange
  const source = deposit.draft ?? deposit.record
  const title = (source && textAt(toLegacy(source.stored), 'title')) ?? ''
  const isOpen = status === 'submitted'
  return {
    id,
    created: stamp(created),
    updated: stamp(created),
    created_by: { user: String(world.ownerNumber(deposit.concept.owner)) },
    links: {
      self: exchange.link(`/api/requests/${id}`),
      self_html: exchange.link(`/me/requests/${id}`),
    },
    type,
    title: toTitle(request, title),
    status,
    is_closed: !isOpen && status !== 'created',
    is_open: isOpen,
    is_expired: false,
    expires_at: null,
    receiver: community === undefined ? null : { community },
    topic: { record: String(deposit.id) },
    files: { enabled: true },
  }
}
