import type { Upload } from '../http/body.ts'
import { requestLineOf, type Call } from '../http/call.ts'
import type { Http } from '../http/http.ts'
import { pathOfLink } from '../http/link.ts'
import { asObject, asText, type JsonObject } from '../lib/json.ts'
import { CONFLICT, metadataConflicts } from './conflict.ts'
import { parseDeposit, type Deposit } from './deposit.ts'
import { NativeClient } from './native-client.ts'
import { oddAnswer } from './odd-answer.ts'
import { parseStoredFile, type StoredFile } from './stored-file.ts'

const DEPOSITS = '/api/deposit/depositions'
const at = (id: string, rest = ''): string => `${DEPOSITS}/${encodeURIComponent(id)}${rest}`

/**
 * One method per call of the server, no decisions. `repeat` says whether a call may be sent again
 * when its fate is unknown (docs/server.md#repeatable). Ids go into paths only after `encodeURIComponent`.
 */
export class Client {
  readonly http: Http
  readonly native: NativeClient

  constructor(http: Http) {
    this.http = http
    this.native = new NativeClient(http)
  }

  /** One attempt: each one that arrives makes a deposit, so open-draft.ts decides what to do after a failure. */
  async createDeposit(body: JsonObject, signal: AbortSignal): Promise<Deposit> {
    const call: Call = { method: 'POST', path: DEPOSITS, json: body, repeat: false }
    const { json } = await this.http.send(call, signal)
    return parseDeposit(json, requestLineOf(call))
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

  /** The id of the draft that the old call makes: the next version with the files of the latest; 400 if a draft with files is pending (docs/server.md#next-version). */
  async nextVersionLegacy(id: string, signal: AbortSignal): Promise<string> {
    const call: Call = { method: 'POST', path: at(id, '/actions/newversion'), repeat: false }
    const { json } = await this.http.request(call, signal)
    const draft = parseDeposit(json, requestLineOf(call))
    // The old Zenodo answered the record itself, with a link to the draft.
    const link = asText(asObject(asObject(json)['links'])['latest_draft'])
    if (link === undefined) return draft.id
    const path = pathOfLink(link, this.http.origin, requestLineOf(call))
    return /\/([\w-]{1,64})$/.exec(path)?.[1] ?? draft.id
  }

  async #deposit(call: Call, signal: AbortSignal): Promise<Deposit> {
    const { json } = await this.http.request(call, signal)
    return parseDeposit(json, requestLineOf(call))
  }
}

/** A page in place of a list must not pass for an empty one: a second deposit would be made, or every file sent again. */
function getList(json: unknown, call: Call): readonly unknown[] {
  if (Array.isArray(json)) return json
  throw oddAnswer(requestLineOf(call), 'list')
}
