import type { Community } from '../state/community.ts'
import type { Deposit } from '../state/deposit.ts'
import {
  badRequest,
  crash,
  invalid,
  json,
  noContent,
  noSuchPid,
  notFound,
  Refusal,
  type FieldError,
} from '../transport/answer.ts'
import type { Exchange, Handler } from '../transport/exchange.ts'
import { isObject, listAt, objectAt, textAt, type Json } from '../transport/json.ts'
import { acceptJson, getOwnDraft, inKind } from './native-drafts.ts'
import { createRequest } from './publishing.ts'
import { toRequest } from './request-json.ts'
import { stamp } from './stamp.ts'

function toCommunity(exchange: Exchange, community: Community): Json {
  const { id, slug, title, created } = community
  return {
    id,
    created: stamp(created),
    updated: stamp(created),
    links: {
      self: exchange.link(`/api/communities/${id}`),
      self_html: exchange.link(`/communities/${slug}/`),
    },
    revision_id: 2,
    slug,
    metadata: { title },
    access: { visibility: 'public', member_policy: 'open', record_submission_policy: 'open' },
    custom_fields: {},
  }
}

export const createCommunity: Handler = async (exchange) => {
  const { world } = exchange
  acceptJson(exchange)
  const body = await exchange.readJson()
  if (!isObject(body)) throw crash()
  const owner = exchange.getUser()
  const slug = textAt(body, 'slug')
  const title = textAt(objectAt(body, 'metadata'), 'title')
  const missing = 'Missing data for required field.'
  const errors: readonly FieldError[] = [
    ...(slug === undefined ? [{ field: 'slug', messages: [missing] }] : []),
    ...(title === undefined ? [{ field: 'metadata.title', messages: [missing] }] : []),
  ]
  if (slug === undefined || title === undefined) throw invalid(...errors)
  if (world.communities.find(slug)) {
    throw invalid({ field: 'slug', messages: ['A community with this identifier already exists.'] })
  }
  const community = world.communities.add(slug, { title, owner, now: world.now() })
  return inKind(exchange, 201, () => toCommunity(exchange, community))
}

export const getCommunity: Handler = (exchange, { slug = '' }) => {
  acceptJson(exchange)
  const community = exchange.world.communities.find(slug)
  if (!community) throw noSuchPid()
  return inKind(exchange, 200, () => toCommunity(exchange, community))
}

const page = (hits: readonly Json[]): Json => ({
  hits: { hits, total: hits.length },
  aggregations: {},
  sortBy: 'newest',
})

/** Inclusion requests wait for ever here, so that no record is in a community. */
export const listRecordCommunities: Handler = (exchange, { id = '' }) => {
  acceptJson(exchange)
  exchange.world.getRecord(id)
  return inKind(exchange, 200, () => page([]))
}

export const listRequests: Handler = (exchange, { id = '' }) => {
  acceptJson(exchange)
  const deposit = exchange.world.getRecord(id)
  exchange.allowOnly(deposit.concept.owner)
  return json(200, page(deposit.requests.map((request) => toRequest(exchange, deposit, request))))
}

/** Asks for a published record to be included; fails only if no community is known. */
export const addToCommunities: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const body = await exchange.readJson()
  const deposit = world.getRecord(id)
  exchange.allowOnly(deposit.concept.owner)
  const wanted = listAt(body, 'communities').map((item) => textAt(item, 'id') ?? '')
  const unknown = wanted.filter((name) => !world.communities.find(name))
  const errors = unknown.map((name) => ({ community_id: name, message: 'Community not found.' }))
  const processed = wanted.flatMap((name) => include(exchange, deposit, name))
  if (processed.length === 0) throw new Refusal(json(400, { errors }))
  return json(200, { processed, ...(errors.length > 0 && { errors }) })
}

function include(exchange: Exchange, deposit: Deposit, name: string): readonly Json[] {
  const { world } = exchange
  const community = world.communities.find(name)
  if (!community) return []
  const details = { community: community.id, now: world.now() }
  const request = createRequest('community-inclusion', 'submitted', details)
  deposit.requests.push(request)
  const shown = toRequest(exchange, deposit, request)
  return [{ community_id: name, request: shown, request_id: request.id }]
}

export const getReview: Handler = (exchange, { id = '' }) => {
  acceptJson(exchange)
  const { deposit } = getOwnDraft(exchange, id)
  if (!deposit.review) throw notFound('Review for draft not found')
  return json(200, toRequest(exchange, deposit, deposit.review))
}

export const putReview: Handler = async (exchange, { id = '' }) => {
  const { world } = exchange
  acceptJson(exchange)
  const body = await exchange.readJson()
  const { deposit } = getOwnDraft(exchange, id)
  const name = textAt(objectAt(body, 'receiver'), 'community') ?? ''
  const community = world.communities.find(name)
  if (!community) throw badRequest('Invalid review: the receiver does not exist.')
  const type = textAt(body, 'type') ?? 'community-submission'
  const details = { community: community.id, now: world.now() }
  deposit.review = createRequest(type, 'created', details)
  return json(200, toRequest(exchange, deposit, deposit.review))
}

export const deleteReview: Handler = (exchange, { id = '' }) => {
  acceptJson(exchange)
  const { deposit } = getOwnDraft(exchange, id)
  if (!deposit.review) throw notFound('Review for draft not found')
  if (deposit.review.status === 'submitted') {
    throw badRequest('You cannot delete an open review.')
  }
  deposit.review = undefined
  return noContent()
}

/** Sends the draft to the community; from then on it can be neither published nor deleted. */
export const submitReview: Handler = async (exchange, { id = '' }) => {
  acceptJson(exchange)
  await exchange.readJson()
  const { deposit } = getOwnDraft(exchange, id)
  if (!deposit.review) throw notFound('Review for draft not found')
  deposit.review.status = 'submitted'
  return json(202, toRequest(exchange, deposit, deposit.review))
}
