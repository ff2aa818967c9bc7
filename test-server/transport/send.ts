import type { ServerResponse } from 'node:http'
import { isObject } from './json.ts'
import type { Answer } from './answer.ts'
import { gatewayPage, html, json } from './answer.ts'
import type { Fault } from './faults.ts'

/** The answer a fault puts in place of the work, if it does. */
export function toScriptedAnswer(fault: Fault | undefined): Answer | undefined {
  if (fault?.redirect !== undefined) {
    const { redirect, status = 302 } = fault
    return { ...html(status, 'Redirecting'), headers: { location: redirect } }
  }
  if (!fault?.answer) return undefined
  const { status, headers = {}, json: value, html: page } = fault.answer
  if (page !== undefined) return withHeaders(html(status, page), headers)
  if (value !== undefined) return withHeaders(json(status, value), headers)
  return withHeaders({ status }, headers)
}

export function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

/** What a fault makes of a finished answer: undefined means that none is sent. */
export function distort(answer: Answer, fault: Fault | undefined): Answer | undefined {
  if (fault?.loseAnswer === '504') return gatewayPage(504, 'Gateway Time-out')
  if (fault?.loseAnswer === 'close') return undefined
  if (!fault?.rewriteLinks || answer.json === undefined) return answer
  return { ...answer, json: rewriteLinks(answer.json, fault.rewriteLinks, false) }
}

function rewriteLinks(value: unknown, rewrite: (link: string) => string, isLink: boolean): unknown {
  if (typeof value === 'string') return isLink ? rewrite(value) : value
  if (Array.isArray(value)) return value.map((item) => rewriteLinks(item, rewrite, isLink))
  if (!isObject(value)) return value
  const entries = Object.entries(value)
  return Object.fromEntries(
    entries.map(([key, item]) => [key, rewriteLinks(item, rewrite, isLink || key === 'links')]),
  )
}

/** Writes an answer; resolves when its last byte was handed over or the client has gone. */
export async function send(response: ServerResponse, answer: Answer): Promise<void> {
  const body = answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json)
  const length = answer.stream?.size ?? Buffer.byteLength(body)
  const hasBody = answer.status !== 204 && answer.status !== 304
  const lengthHeader = hasBody ? { 'content-length': String(length) } : {}
  response.writeHead(answer.status, { ...answer.headers, ...lengthHeader })
  const sent = new Promise<void>((resolve) => response.on('close', resolve))
  if (!hasBody || response.req.method === 'HEAD') response.end()
  else if (!answer.stream) response.end(body)
  else if (Buffer.isBuffer(answer.stream.source)) response.end(answer.stream.source)
  else answer.stream.source.on('error', () => response.destroy()).pipe(response)
  await sent
}
