import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it arrived, with the whole body. */
export interface Received {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface ScriptedServer extends AsyncDisposable {
  /** Origin, without a trailing slash. */
  readonly url: string
  /** In order of arrival; those whose body broke off are not among them. */
  readonly requests: readonly Received[]
}

/** Answers a request; not called for requests whose body breaks off. */
export type Script = (request: Received, response: ServerResponse) => void | Promise<void>

/** A server over a real socket that reads each request and answers as the test says. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: Received[] = []
  const server = await startRawServer(async (request, response) => {
    const body = await readBody(request)
    if (body === undefined) return
    const { method = '', url = '', headers } = request
    const received = { method, path: url, headers, body }
    requests.push(received)
    await script(received, response)
  })
  return { url: server.url, requests, [Symbol.asyncDispose]: server[Symbol.asyncDispose] }
}

/** The same for tests that want to answer before they have read. */
export async function startRawServer(
  listener: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    Promise.resolve(listener(request, response)).catch((error: unknown) => {
      response.destroy(error as Error)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

export function answerJson(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(json))
}

export function answerHtml(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
  response.end(html)
}
