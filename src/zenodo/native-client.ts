import { ApiError, type FieldError } from '../errors.ts'
import { parseFieldErrors } from '../http/answer.ts'
import { requestLineOf, type Answer, type Call } from '../http/call.ts'
import { isConflict, type Http } from '../http/http.ts'
import { pathOfLink } from '../http/link.ts'
import { asId, asList, asObject, asText, isObject, type JsonObject } from '../lib/json.ts'
import { oddAnswer } from './odd-answer.ts'
import { CONFLICT } from './conflict.ts'
import { idInRecordLink, isRecord, type RecordLookup } from './record.ts'

/** Zenodo answers its own form to plain JSON; this asks for InvenioRDM's (docs/server.md#native). */
const NATIVE = 'application/vnd.inveniordm.v1+json, application/json;q=0.9'

const at = (id: string, rest = ''): string => `/api/records/${encodeURIComponent(id)}${rest}`

/** All calls that are used here may be repeated: even the POSTs find their own work done. */
const nativeCall = (
  method: Call['method'],
  path: string,
  more: Pick<Call, 'json' | 'conflicts' | 'alsoFine'> = {},
): Call => ({ method, path, accept: NATIVE, repeat: true, ...more })

/** A file of a draft as the native list shows it, pending ones included. */
export interface DraftEntry {
  readonly key: string
  readonly completed: boolean
}

/** A request to include a record in a community. */
export interface CommunityRequest {
  readonly id: string
  readonly isOpen: boolean
  readonly link: string | undefined
}

/**
 * Calls of InvenioRDM's own API, for what the deposit API cannot do. A server without the route is no
 * error where a method says so. What is no answer of the instance is one: a page must not pass for
 * an empty draft, or for consent.
 */
export class NativeClient {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  /** The draft of the next version, the existing one if there is one, without files. Undefined where the server lacks the route. */
  async nextVersion(id: string, signal: AbortSignal): Promise<string | undefined> {
    const call = nativeCall('POST', at(id, '/versions'))
    const draft = await this.#askOptional(call, { what: 'published record', id, signal })
    return draft && idOf(draft, call)
  }

  /** Lets the server copy the previous version's files. 400 means that it did not, e.g. since the draft has files already: the list tells. */
  async importFiles(draftId: string, signal: AbortSignal): Promise<void> {
    const path = at(draftId, '/draft/actions/files-import')
    const call = nativeCall('POST', path, { conflicts: [CONFLICT] })
    try {
      await this.#http.request(call, signal)
    } catch (error) {
      const isRefused = error instanceof ApiError && error.status === 400
      if (!isRefused || isConflict(error, [CONFLICT])) throw error
    }
  }

  /** The draft in InvenioRDM's form, which keeps what the deposit API drops. Undefined where the server lacks the route. */
  async getDraft(id: string, signal: AbortSignal): Promise<JsonObject | undefined> {
    const call = nativeCall('GET', at(id, '/draft'))
    const draft = await this.#askOptional(call, { what: 'draft', id, signal })
    return draft && asDraft(draft, call)
  }

  /** Stores the draft and returns what would be refused at publish (docs/server.md#rehearsal). */
  async putDraft(
    id: string,
    draft: JsonObject,
    signal: AbortSignal,
  ): Promise<readonly FieldError[]> {
    const call = nativeCall('PUT', at(id, '/draft'), { json: draft, conflicts: [CONFLICT] })
    const { json } = await this.#http.request(call, signal)
    return parseFieldErrors(asDraft(json, call))
  }

  /** Every file entry of a draft, pending ones included. Undefined where the server lacks the route. */
  async listEntries(id: string, signal: AbortSignal): Promise<readonly DraftEntry[] | undefined> {
    const call = nativeCall('GET', at(id, '/draft/files'))
    const list = await this.#askOptional(call, { what: 'draft', id, signal })
    if (list === undefined) return undefined
    if (!Array.isArray(list['entries'])) throw oddAnswer(requestLineOf(call), 'list')
    return list['entries'].map((item) => {
      const entry = asObject(item)
      return { key: asText(entry['key']) ?? '', completed: entry['status'] !== 'pending' }
    })
  }

  /** Reserves the DOI of a draft and returns it; undefined if the draft has one already, or the server lacks the route. */
  async reserveDoi(id: string, signal: AbortSignal): Promise<string | undefined> {
    const call = nativeCall('POST', at(id, '/draft/pids/doi'), {
      alsoFine: [400, 403, 404, 405],
    })
    const { status, json } = await this.#http.request(call, signal)
    if (status >= 400) return undefined
    return asText(asObject(asObject(asObject(json)['pids'])['doi'])['identifier'])
  }

  /** What anybody can see under this id; the token is sent, so that one's own restricted records are found as well. */
  async lookUpRecord(id: string, signal: AbortSignal): Promise<RecordLookup> {
    const call: Call = {
      method: 'GET',
      path: at(id),
      repeat: true,
      mayRedirect: true,
      alsoFine: [403, 404, 410],
    }
    const answer = await this.#http.request(call, signal)
    if (answer.status === 410) return { kind: 'deleted' }
    if (answer.status >= 400) return { kind: 'unknown' }
    if (answer.location !== undefined) {
      return { kind: 'concept', latestId: this.#redirectedId(answer, call) }
    }
    if (isRecord(answer.json)) return { kind: 'record' }
    throw oddAnswer(requestLineOf(call), 'record')
  }

  /** The id of the latest version of the concept that `id` belongs to; undefined if nothing is published under it. */
  async latestVersion(id: string, signal: AbortSignal): Promise<string | undefined> {
    const call: Call = {
      method: 'GET',
      path: at(id, '/versions/latest'),
      repeat: true,
      mayRedirect: true,
      alsoFine: [403, 404, 405, 410],
    }
    const answer = await this.#http.request(call, signal)
    if (answer.status >= 400) return undefined
    if (answer.location !== undefined) return this.#redirectedId(answer, call)
    return idOf(answer.json, call)
  }

  /** Whether a community of this name exists. */
  async communityExists(slug: string, signal: AbortSignal): Promise<boolean> {
    const path = `/api/communities/${encodeURIComponent(slug)}`
    const call = nativeCall('GET', path, { alsoFine: [403, 404, 410] })
    const { status, json } = await this.#http.request(call, signal)
    return status === 403 || isThing(status, json, call)
  }

  /** Whether the server knows this award (`funder::number`). */
  async awardExists(id: string, signal: AbortSignal): Promise<boolean> {
    const path = `/api/awards/${encodeURIComponent(id)}`
    const call = nativeCall('GET', path, { alsoFine: [404, 410] })
    const { status, json } = await this.#http.request(call, signal)
    return isThing(status, json, call)
  }

  /** Requests that wait for somebody's decision about a record, e.g. its inclusion in a community. */
  async findRequests(recordId: string, signal: AbortSignal): Promise<readonly CommunityRequest[]> {
    const call = nativeCall('GET', at(recordId, '/requests'), { alsoFine: [403, 404, 405] })
    const { status, json } = await this.#http.request(call, signal)
    if (status >= 400) return []
    return asList(asObject(asObject(json)['hits'])['hits']).map(parseRequest)
  }

  /** An object from the server; undefined if it lacks the route. A thing that it does not know is an error. */
  async #askOptional(
    call: Call,
    { what, id, signal }: { readonly what: string; readonly id: string; signal: AbortSignal },
  ): Promise<JsonObject | undefined> {
    const { status, json } = await this.#http.request({ ...call, alsoFine: [404, 405] }, signal)
    if (status < 400) {
      if (isObject(json)) return json
      throw oddAnswer(requestLineOf(call), what)
    }
    if (isMissingRoute(status, json)) return undefined
    throw new ApiError(`The server knows no ${what} ${id}.`, {
      status,
      requestLine: requestLineOf(call),
      fieldErrors: [],
    })
  }

  #redirectedId(answer: Answer, call: Call): string {
    const path = pathOfLink(answer.location ?? '', this.#http.origin, requestLineOf(call))
    const id = idInRecordLink(path)
    if (id !== undefined) return id
    throw oddAnswer(requestLineOf(call), 'record')
  }
}

/** The router's words for an address it does not know; a record it does not know sounds different. */
const isMissingRoute = (status: number, json: unknown): boolean =>
  status === 405 || !/persistent identifier/i.test(asText(asObject(json)['message']) ?? '')

/** Whether what was asked for is there. */
function isThing(status: number, json: unknown, call: Call): boolean {
  if (status < 400 && !isObject(json)) throw oddAnswer(requestLineOf(call), 'answer of Zenodo')
  return status < 400
}

function asDraft(json: unknown, call: Call): JsonObject {
  if (isObject(json) && isObject(json['metadata'])) return json
  throw oddAnswer(requestLineOf(call), 'draft')
}

function idOf(json: unknown, call: Call): string {
  const id = asId(asObject(json)['id'])
  if (id !== undefined && /^[\w-]{1,64}$/.test(id)) return id
  throw oddAnswer(requestLineOf(call), 'record')
}

function parseRequest(json: unknown): CommunityRequest {
  const request = asObject(json)
  return {
    id: asId(request['id']) ?? '',
    isOpen: request['is_open'] !== false,
    link: asText(asObject(request['links'])['self_html']),
  }
}
