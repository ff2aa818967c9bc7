import type { IncomingMessage, ServerResponse } from 'node:http'
import { md5 } from '../../support/md5.ts'
import { answerJson, startRawServer } from '../../http/support/scripted-server.ts'

export const BUCKET = { depositId: '12', path: '/api/files/bucket' }

/** What happens to one upload instead of being stored. */
export type Trouble = (upload: {
  readonly key: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Reads the rest and stores it, without answering. */
  readonly store: () => Promise<void>
}) => void | Promise<void>

export interface FakeBucket extends AsyncDisposable {
  readonly url: string
  /** Keys of the uploads that began, in their order. */
  readonly begun: readonly string[]
  /** Which uploads were under way when each began, itself included. */
  readonly together: readonly (readonly string[])[]
  readonly stored: ReadonlyMap<string, Buffer>
  /** How often the files were listed. */
  readonly lists: number
  /** Lets the next uploads of this key meet these troubles, one each. */
  fail(key: string, ...troubles: readonly Trouble[]): void
  /** Answers so many of the next lists with 502. */
  failLists(times: number): void
}

interface State {
  readonly begun: string[]
  readonly together: string[][]
  readonly underWay: Set<string>
  readonly stored: Map<string, Buffer>
  readonly troubles: Map<string, Trouble[]>
  lists: number
  failingLists: number
}

/** A bucket over a real socket. `work` is awaited before each answer: time in which uploads meet. */
export async function startBucket(
  work: (key: string) => Promise<void> = () => Promise.resolve(),
): Promise<FakeBucket> {
  const state: State = {
    begun: [],
    together: [],
    underWay: new Set(),
    stored: new Map(),
    troubles: new Map(),
    lists: 0,
    failingLists: 0,
  }
  const server = await startRawServer((request, response) =>
    request.method === 'PUT' ? put(state, { request, response, work }) : list(state, response),
  )
  return {
    url: server.url,
    begun: state.begun,
    together: state.together,
    stored: state.stored,
    get lists() {
      return state.lists
    },
    failLists: (times) => void (state.failingLists = times),
    fail: (key, ...troubles) => void state.troubles.set(key, [...troubles]),
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  }
}

async function put(
  state: State,
  exchange: {
    readonly request: IncomingMessage
    readonly response: ServerResponse
    readonly work: (key: string) => Promise<void>
  },
): Promise<void> {
  const { request, response, work } = exchange
  const key = decodeURIComponent(request.url?.split('/').at(-1) ?? '')
  state.begun.push(key)
  state.underWay.add(key)
  state.together.push([...state.underWay])
  response.on('close', () => state.underWay.delete(key))
  const store = async (): Promise<void> => {
    const bytes = await readAll(request)
    if (bytes !== undefined) state.stored.set(key, bytes)
  }
  const trouble = state.troubles.get(key)?.shift()
  if (trouble) {
    await trouble({ key, request, response, store })
    return
  }
  await store()
  const bytes = state.stored.get(key)
  if (bytes === undefined) return
  await work(key)
  state.underWay.delete(key)
  answerJson(response, 201, { key, size: bytes.length, checksum: md5(bytes) })
}

function list(state: State, response: ServerResponse): void {
  state.lists += 1
  if (state.failingLists > 0) {
    state.failingLists -= 1
    answerJson(response, 502, { status: 502, message: 'No.' })
    return
  }
  const files = [...state.stored].map(([key, bytes]) => ({
    id: key,
    filename: key,
    filesize: bytes.length,
    checksum: md5(bytes).replace('md5:', ''),
  }))
  answerJson(response, 200, files)
}

async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

/** Reads everything and answers. */
export const refuse =
  (status: number, message: string): Trouble =>
  ({ request, response }) => {
    request.resume().on('end', () => answerJson(response, status, { status, message }))
  }
