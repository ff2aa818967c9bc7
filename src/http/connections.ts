import type { Readable } from 'node:stream'
import { Agent, EnvHttpProxyAgent, buildConnector, type Dispatcher } from 'undici'
import type { RawAnswer } from './answer.ts'
import type { Download } from './download.ts'
import { hearOut } from './hear-out.ts'
import { readProxy, type Proxy } from './proxy.ts'

export interface RawRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly origin: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array> | Buffer | string | undefined
  /** Gets the body of an answer below 300, whose text is then empty. */
  readonly take?: Download | undefined
}

export interface Connections {
  /** One request, one answer; redirects are not followed, cookies not kept. */
  send(request: RawRequest, signal: AbortSignal): Promise<RawAnswer>
  /** Cuts every connection. */
  close(): Promise<void>
  /** Whom requests go through; undefined if directly. */
  readonly proxy: Proxy | undefined
}

/** Answers are small JSON; a server that sends more than this is not Zenodo. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

const openConnection = buildConnector({ timeout: 30_000, allowH2: false })

/**
 * The server closes a connection after 5 s idle (docs/server.md#time-outs); leave before it does.
 * Never HTTP/2, where uploads would share one connection, and its fate.
 */
const SETTINGS: Agent.Options = {
  keepAliveTimeout: 4000,
  keepAliveMaxTimeout: 4000,
  headersTimeout: 0,
  bodyTimeout: 0,
  pipelining: 1,
  allowH2: false,
  connect(options, callback) {
    openConnection(options, (...[error, socket]) => {
      if (error) callback(error, null)
      else callback(null, hearOut(socket))
    })
  },
}

/** A pool of connections, through a proxy only where the environment names one. */
export function connect(env: Readonly<Record<string, string | undefined>>): Connections {
  const proxy = readProxy(env)
  const dispatcher = createDispatcher(proxy)
  return {
    proxy,
    async send({ origin, path, method, headers, body, take }, signal) {
      const response = await dispatcher.request({
        origin,
        path,
        method,
        headers,
        signal,
        // undici takes async iterables as bodies; its types only know streams.
        body: (body ?? null) as string | Buffer | Readable | null,
      })
      const { statusCode: status, body: answer } = response
      const isTaken = take !== undefined && status < 300
      if (isTaken) await take(answer)
      const read = isTaken ? { text: '' } : await readText(answer)
      return { status, headers: response.headers, ...read }
    },
    close: () => dispatcher.destroy(),
  }
}

function createDispatcher(proxy: Proxy | undefined): Dispatcher {
  if (proxy === undefined) return new Agent(SETTINGS)
  const { url, except } = proxy
  return new EnvHttpProxyAgent({ ...SETTINGS, httpProxy: '', httpsProxy: url, noProxy: except })
}

async function readText(
  body: AsyncIterable<Uint8Array>,
): Promise<Pick<RawAnswer, 'text' | 'isCut'>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) return { text: '', isCut: true }
    chunks.push(chunk)
  }
  return { text: Buffer.concat(chunks).toString('utf8') }
}
