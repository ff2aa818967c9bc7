import { once } from 'node:events'
import {
  type Agent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http'
import { text as readText } from 'node:stream/consumers'
import type { Zenodo } from '../../../test-server/server.ts'
import { isObject, objectAt, textAt, type Json } from '../../../test-server/transport/json.ts'

/** An answer, read to its end. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly json: unknown
}

interface Asked {
  /** A user of the server, or nobody. */
  readonly as?: string | undefined
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Buffer | string
  /** An object to be sent as JSON. */
  readonly json?: unknown
  readonly agent?: Agent
}

const OCTETS = { 'content-type': 'application/octet-stream' }

/** Opens a request whose body is yet to be written. */
export function openRequest(
  zenodo: Zenodo,
  method: string,
  path: string,
  { as = 'alice', headers = {}, agent }: Asked = {},
): ClientRequest {
  const { hostname, port } = new URL(zenodo.url)
  const token = zenodo.tokens[as]
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const all = { ...authorization, ...headers }
  return httpRequest({ method, hostname, port, path, headers: all, agent: agent ?? false })
}

/** The answer to an open request. */
export async function readReply(request: ClientRequest): Promise<Reply> {
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  const text = await readText(answer)
  const isJson = answer.headers['content-type']?.includes('json') ?? false
  const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined
  return { status: answer.statusCode ?? 0, headers: answer.headers, text, json }
}

/** Sends a request and reads the answer. */
export async function ask(
  zenodo: Zenodo,
  method: string,
  path: string,
  asked: Asked = {},
): Promise<Reply> {
  const body = asked.json === undefined ? asked.body : JSON.stringify(asked.json)
  const type = asked.json === undefined ? {} : { 'content-type': 'application/json' }
  const length = { 'content-length': Buffer.byteLength(body ?? '') }
  const headers = { ...type, ...length, ...asked.headers }
  const request = openRequest(zenodo, method, path, { ...asked, headers })
  const reply = readReply(request)
  request.end(body)
  return reply
}

export const METADATA: Json = {
  title: 'A test dataset',
  upload_type: 'dataset',
  creators: [{ name: 'Doe, Jane' }],
  publication_date: '2026-01-15',
}

/** A deposit of a test: its id, and the path of its bucket. */
export interface TestDeposit {
  readonly id: number
  readonly path: string
  readonly bucket: string
}

/** Reads what a test needs to know of a deposition. */
export function toDeposit({ json, text }: Reply): TestDeposit {
  const id = isObject(json) ? json['id'] : undefined
  const bucket = textAt(objectAt(json, 'links'), 'bucket')
  if (typeof id !== 'number' || bucket === undefined) throw new Error(`no deposition: ${text}`)
  return { id, path: `/api/deposit/depositions/${id}`, bucket: new URL(bucket).pathname }
}

/** Creates a deposit, ready to be published as soon as it has a file. */
export async function createDeposit(
  zenodo: Zenodo,
  metadata: Json = METADATA,
): Promise<TestDeposit> {
  return toDeposit(await ask(zenodo, 'POST', '/api/deposit/depositions', { json: { metadata } }))
}

/** Creates a deposit that was made with a bare `{}`: without any metadata. */
export async function createBareDeposit(zenodo: Zenodo): Promise<TestDeposit> {
  return toDeposit(await ask(zenodo, 'POST', '/api/deposit/depositions', { json: {} }))
}

export async function upload(
  zenodo: Zenodo,
  { bucket }: Pick<TestDeposit, 'bucket'>,
  key: string,
  body: Buffer | string = 'content',
): Promise<Reply> {
  return ask(zenodo, 'PUT', `${bucket}/${key}`, { headers: OCTETS, body })
}

export async function publish(zenodo: Zenodo, { path }: TestDeposit): Promise<Reply> {
  return ask(zenodo, 'POST', `${path}/actions/publish`)
}

/** A published deposit with one file, `data.txt`. */
export async function createRecord(zenodo: Zenodo): Promise<TestDeposit> {
  const deposit = await createDeposit(zenodo)
  await upload(zenodo, deposit, 'data.txt')
  await publish(zenodo, deposit)
  return deposit
}

/** An upload that has announced its length and sent a first part. */
export interface SlowUpload {
  readonly reply: Promise<Reply>
  /** Sends the rest. */
  finish(): void
  /** Breaks the connection. */
  giveUp(): void
}

/** Starts an upload and leaves it half sent. */
export function startUpload(
  zenodo: Zenodo,
  { bucket }: TestDeposit,
  key: string,
  content: { readonly first: string | Buffer; readonly rest: string | Buffer },
): SlowUpload {
  const { first, rest } = content
  const length = Buffer.byteLength(first) + Buffer.byteLength(rest)
  const headers = { ...OCTETS, 'content-length': length }
  const request = openRequest(zenodo, 'PUT', `${bucket}/${key}`, { headers })
  const reply = readReply(request)
  // A test that gives up does not look at the answer.
  reply.catch(() => undefined)
  request.write(first)
  return { reply, finish: () => request.end(rest), giveUp: () => request.destroy() }
}

/** Waits, turn by turn of the event loop, until something has happened. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

/** Waits until the server has begun to work on so many requests, with their bodies so far. */
export async function untilReceived(zenodo: Zenodo, count: number): Promise<void> {
  await until(() => zenodo.requests.length >= count)
  await until(() => zenodo.requests.every((request) => isRead(request)))
}

/** JSON bodies are read at once; those of uploads may wait. */
function isRead({ headers, bytesReceived, path }: Zenodo['requests'][number]): boolean {
  if (path.startsWith('/api/files/')) return true
  return (
    bytesReceived >= Number(headers['content-length'] ?? 0) || headers['content-type'] === undefined
  )
}

/** The work of a server held up until a test lets it go on. */
export class Gate {
  readonly #held: (() => void)[] = []
  #isOpen = true

  readonly sleep = async (): Promise<void> => {
    if (this.#isOpen) return
    await new Promise<void>((resolve) => this.#held.push(resolve))
  }

  /** Writes that are holding their locks now. */
  get heldCount(): number {
    return this.#held.length
  }

  close(): void {
    this.#isOpen = false
  }

  /** Lets one go on. */
  step(): void {
    this.#held.shift()?.()
  }

  /** Lets all go on, now and later. */
  open(): void {
    this.#isOpen = true
    for (const go of this.#held.splice(0)) go()
  }
}
