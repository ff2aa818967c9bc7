import { ApiError, type FieldError } from '../errors.ts'
import { parseFieldErrors } from '../http/answer.ts'
import type { Upload } from '../http/body.ts'
import { requestLineOf, type Answer, type Call } from '../http/call.ts'
import type { Http } from '../http/http.ts'
import { pathOfLink } from '../http/link.ts'
import { asId, asList, asObject, asText, type JsonObject } from '../lib/json.ts'
import { parseDeposit, type Deposit } from './deposit.ts'
import { oddAnswer } from './odd-answer.ts'
import { idInRecordLink, parseRecord, type RecordLookup } from './record.ts'
import { parseStoredFile, type StoredFile } from './stored-file.ts'

const DEPOSITS = '/api/deposit/depositions'
/** Zenodo answers its own form to plain JSON; this asks for InvenioRDM's (docs/server.md#native). */
const NATIVE = 'application/vnd.inveniordm.v1+json, application/json;q=0.9'

const at = (id: string, rest = ''): string => `${DEPOSITS}/${encodeURIComponent(id)}${rest}`
const native = (id: string, rest: string): string => `/api/records/${encodeURIComponent(id)}${rest}`

/** A call of the native API. All that are used here may be repeated: even the POSTs find their own work done. */
const nativeCall = (
  method: Call['method'],
  path: string,
  more: Pick<Call, 'json' | 'conflicts' | 'alsoFine'>,
): Call => ({ method, path, accept: NATIVE, repeat: true, ...more })

/** What parallel writers get for a request that is right in itself (docs/server.md#conflicts). */
const CONFLICT = 'Not a valid value.'

/** A file of a draft as the native list shows it, pending ones included. */
export interface DraftEntry {
  readonly key: string
  readonly completed: boolean
}

/**
 * One method per call of the server, no decisions. `repeat` says whether a call may be sent again
 * when its fate is unknown (docs/server.md#repeatable). Ids go into paths only after `encodeURIComponent`.
 */
export class Client {
  readonly http: Http

  constructor(http: Http) {
    this.http = http
  }

  /** Not repeatable: each one that arrives makes a deposit. */
  createDeposit(body: JsonObject, signal: AbortSignal): Promise<Deposit> {
    return this.#deposit({ method: 'POST', path: DEPOSITS, json: body, repeat: false }, signal)
  }

  getDeposit(id: string, signal: AbortSignal): Promise<Deposit> {
    return this.#deposit({ method: 'GET', path: at(id), repeat: true }, signal)
  }

  /** Replaces all metadata; nothing is merged. */
  putMetadata(id: string, metadata: JsonObject, signal: AbortSignal): Promise<Deposit> {
    return this.#deposit(
      {
        method: 'PUT',
        path: at(id),
        json: { metadata },
        repeat: true,
        conflicts: metadataConflicts(metadata),
      },
      signal,
    )
  }

  /** From the search index, which lags; items have neither files nor bucket (docs/server.md#lists). */
  async findDeposits(query: string, signal: AbortSignal): Promise<readonly Deposit[]> {
    const search = new URLSearchParams({
      ...(query !== '' && { q: query }),
      size: '100',
      sort: 'newest',
      all_versions: 'true',
    })
    const call: Call = { method: 'GET', path: `${DEPOSITS}?${search.toString()}`, repeat: true }
    const { json } = await this.http.request(call, signal)
    return getList(json, call).map((item) => parseDeposit(item, requestLineOf(call)))
  }

  /** Whether the server knows the token: the list is refused to anybody else. */
  async isTokenValid(signal: AbortSignal): Promise<boolean> {
    const call: Call = {
      method: 'GET',
      path: `${DEPOSITS}?size=1`,
      repeat: true,
      alsoFine: [401, 403],
    }
    return (await this.http.request(call, signal)).status < 400
  }

  /** From the database, without lag. A pending entry makes the server answer 500 (docs/server.md#pending). */
  async listFiles(id: string, signal: AbortSignal): Promise<readonly StoredFile[]> {
    const call: Call = { method: 'GET', path: at(id, '/files'), repeat: true }
    const { json } = await this.http.request(call, signal)
    return getList(json, call).flatMap((item) => parseStoredFile(item) ?? [])
  }

  /** A file that is gone already is fine. */
  async deleteFile(id: string, fileId: string, signal: AbortSignal): Promise<void> {
    const path = at(id, `/files/${encodeURIComponent(fileId)}`)
    await this.http.request(
      { method: 'DELETE', path, repeat: true, alsoFine: [404], conflicts: [CONFLICT] },
      signal,
    )
  }

  /** One attempt: whoever sends files decides what to do after a failure. */
  async putFile(
    bucketPath: string,
    key: string,
    { upload, signal }: { readonly upload: Upload; readonly signal: AbortSignal },
  ): Promise<StoredFile> {
    const path = `${bucketPath}/${encodeURIComponent(key)}`
    const call: Call = { method: 'PUT', path, upload, repeat: true }
    const { json } = await this.http.send(call, signal)
    const stored = parseStoredFile(json)
    if (stored?.key === key) return stored
    throw oddAnswer(requestLineOf(call), 'file of this name')
  }

  /** Not repeatable: see publish.ts. */
  publish(id: string, signal: AbortSignal): Promise<Deposit> {
    return this.#deposit(
      { method: 'POST', path: at(id, '/actions/publish'), repeat: false },
      signal,
    )
  }

  /** Opens the metadata of a record; the same edit again if it is open already. */
  edit(id: string, signal: AbortSignal): Promise<Deposit> {
    return this.#deposit({ method: 'POST', path: at(id, '/actions/edit'), repeat: true }, signal)
  }

  /** Drops an open edit. On a draft that was never published it would delete the deposit: never call it there. */
  async discardEdit(id: string, signal: AbortSignal): Promise<void> {
    await this.http.request(
      { method: 'POST', path: at(id, '/actions/discard'), repeat: false, alsoFine: [404] },
      signal,
    )
  }

  /** The draft of the next version, the existing one if there is one, without files. Undefined where the server lacks the route. */
  async nextVersion(id: string, signal: AbortSignal): Promise<string | undefined> {
    const call = nativeCall('POST', native(id, '/versions'), { alsoFine: [404, 405] })
    const { status, json } = await this.http.request(call, signal)
    if (status < 400) return idOf(json, call)
    if (isMissingRoute(status, json)) return undefined
    throw noSuchRecord(call, id)
  }

  /** The old call: makes the next version with the files of the latest; 400 if a draft with files is pending (docs/server.md#next-version). */
  nextVersionLegacy(id: string, signal: AbortSignal): Promise<Deposit> {
    return this.#deposit(
      { method: 'POST', path: at(id, '/actions/newversion'), repeat: false },
      signal,
    )
  }

  /** Lets the server copy the previous version's files; 400 means that the draft has files already, as after a repeat. */
  async importFiles(draftId: string, signal: AbortSignal): Promise<void> {
    await this.http.request(
      nativeCall('POST', native(draftId, '/draft/actions/files-import'), { alsoFine: [400] }),
      signal,
    )
  }

  /** The draft in InvenioRDM's form, which keeps what the deposit API drops. Undefined where the server lacks the route. */
  async getNativeDraft(id: string, signal: AbortSignal): Promise<JsonObject | undefined> {
    const call = nativeCall('GET', native(id, '/draft'), { alsoFine: [404, 405] })
    const { status, json } = await this.http.request(call, signal)
    return status < 400 ? asObject(json) : undefined
  }

  /** Stores the draft and returns what would be refused at publish (docs/server.md#rehearsal). */
  async putNativeDraft(
    id: string,
    draft: JsonObject,
    signal: AbortSignal,
  ): Promise<readonly FieldError[]> {
    const call = nativeCall('PUT', native(id, '/draft'), { json: draft, conflicts: [CONFLICT] })
    return parseFieldErrors((await this.http.request(call, signal)).json)
  }

  /** Every file entry of a draft, pending ones included. Undefined where the server lacks the route. */
  async listEntries(id: string, signal: AbortSignal): Promise<readonly DraftEntry[] | undefined> {
    const call = nativeCall('GET', native(id, '/draft/files'), { alsoFine: [404, 405] })
    const { status, json } = await this.http.request(call, signal)
    if (status >= 400) return undefined
    return asList(asObject(json)['entries']).map((item) => {
      const entry = asObject(item)
      return { key: asText(entry['key']) ?? '', completed: entry['status'] !== 'pending' }
    })
  }

  /** Reserves the DOI of a draft and returns it; undefined if the draft has one already, or the server lacks the route. */
  async reserveDoi(id: string, signal: AbortSignal): Promise<string | undefined> {
    const call = nativeCall('POST', native(id, '/draft/pids/doi'), {
      alsoFine: [400, 403, 404, 405],
    })
    const { status, json } = await this.http.request(call, signal)
    if (status >= 400) return undefined
    return asText(asObject(asObject(asObject(json)['pids'])['doi'])['identifier'])
  }

  /** What anybody can see under this id; the token is sent, so that one's own restricted records are found as well. */
  async lookUpRecord(id: string, signal: AbortSignal): Promise<RecordLookup> {
    const call: Call = {
      method: 'GET',
      path: native(id, ''),
      repeat: true,
      mayRedirect: true,
      alsoFine: [403, 404, 410],
    }
    const answer = await this.http.request(call, signal)
    if (answer.status === 410) return { kind: 'deleted' }
    if (answer.status >= 400) return { kind: 'unknown' }
    if (answer.location !== undefined) {
      return { kind: 'concept', latestId: this.#redirectedId(answer, call) }
    }
    const record = parseRecord(answer.json)
    if (record !== undefined) return { kind: 'record', record }
    throw oddAnswer(requestLineOf(call), 'record')
  }

  /** The id of the latest version of the concept that `id` belongs to; undefined if nothing is published under it. */
  async latestVersion(id: string, signal: AbortSignal): Promise<string | undefined> {
    const call: Call = {
      method: 'GET',
      path: native(id, '/versions/latest'),
      repeat: true,
      mayRedirect: true,
      alsoFine: [403, 404, 405, 410],
    }
    const answer = await this.http.request(call, signal)
    if (answer.status >= 400) return undefined
    return answer.location === undefined
      ? parseRecord(answer.json)?.id
      : this.#redirectedId(answer, call)
  }

  /** Whether a community of this name exists. */
  async communityExists(slug: string, signal: AbortSignal): Promise<boolean> {
    const path = `/api/communities/${encodeURIComponent(slug)}`
    const call = nativeCall('GET', path, { alsoFine: [403, 404, 410] })
    const { status } = await this.http.request(call, signal)
    return status < 400 || status === 403
  }

  /** Whether the server knows this award (`funder::number`). */
  async awardExists(id: string, signal: AbortSignal): Promise<boolean> {
    const path = `/api/awards/${encodeURIComponent(id)}`
    const call = nativeCall('GET', path, { alsoFine: [403, 404, 410] })
    return (await this.http.request(call, signal)).status < 400
  }

  /** Requests that wait for somebody's decision about a record, e.g. its inclusion in a community. */
  async findRequests(recordId: string, signal: AbortSignal): Promise<readonly CommunityRequest[]> {
    const path = native(recordId, '/requests')
    const call = nativeCall('GET', path, { alsoFine: [403, 404, 405] })
    const { status, json } = await this.http.request(call, signal)
    if (status >= 400) return []
    return asList(asObject(asObject(json)['hits'])['hits']).map(parseRequest)
  }

  async #deposit(call: Call, signal: AbortSignal): Promise<Deposit> {
    const { json } = await this.http.request(call, signal)
    return parseDeposit(json, requestLineOf(call))
  }

  #redirectedId(answer: Answer, call: Call): string {
    const path = pathOfLink(answer.location ?? '', this.http.origin, requestLineOf(call))
    const id = idInRecordLink(path)
    if (id !== undefined) return id
    throw oddAnswer(requestLineOf(call), 'record')
  }
}

/** A request to include a record in a community. */
export interface CommunityRequest {
  readonly id: string
  readonly isOpen: boolean
  readonly link: string | undefined
}

function parseRequest(json: unknown): CommunityRequest {
  const request = asObject(json)
  return {
    id: asId(request['id']) ?? '',
    isOpen: request['is_open'] !== false,
    link: asText(asObject(request['links'])['self_html']),
  }
}

/** Parallel writers get the draft's own resource type back as "invalid" (docs/server.md#conflicts). */
function metadataConflicts(metadata: JsonObject): readonly string[] {
  const type = asText(metadata['upload_type'])
  const subtype = asText(metadata[`${type ?? ''}_type`])
  const ids = [type, subtype === undefined ? undefined : `${type ?? ''}-${subtype}`]
  return [CONFLICT, ...ids.flatMap((id) => (id === undefined ? [] : `Invalid value ${id}.`))]
}

/** A page in place of a list must not pass for an empty one: a second deposit would be made, or every file sent again. */
function getList(json: unknown, call: Call): readonly unknown[] {
  if (Array.isArray(json)) return json
  throw oddAnswer(requestLineOf(call), 'list')
}

function idOf(json: unknown, call: Call): string {
  const id = asId(asObject(json)['id'])
  if (id !== undefined && /^[\w-]{1,64}$/.test(id)) return id
  throw oddAnswer(requestLineOf(call), 'record')
}

/** The router's words for an address it does not know; a record it does not know sounds different. */
const isMissingRoute = (status: number, json: unknown): boolean =>
  status === 405 || !/persistent identifier/i.test(asText(asObject(json)['message']) ?? '')

const noSuchRecord = (call: Call, id: string): ApiError =>
  new ApiError(`The server knows no published record ${id}.`, {
    status: 404,
    requestLine: requestLineOf(call),
    fieldErrors: [],
  })
