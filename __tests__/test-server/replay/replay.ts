import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import type { Zenodo } from '../../../test-server/server.ts'
import { isObject } from '../../../test-server/transport/json.ts'
import { compareAnswers, toComparable, type ReceivedAnswer } from './comparable.ts'
import { valueAt } from './normal-form.ts'
import type { Sequence, Step } from './sequence.ts'

/** A step whose answer differs, and how. */
export interface Difference {
  readonly step: string
  readonly lines: readonly string[]
}

/** Puts variables into a recorded value; `"{id:number}"` alone becomes a number. */
function fill(value: unknown, variables: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, variables))
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, item]) => [
      String(fill(key, variables)),
      fill(item, variables),
    ])
    return Object.fromEntries(entries) as unknown
  }
  if (typeof value !== 'string') return value
  const number = variables.get(/^\{(\w+):number\}$/.exec(value)?.[1] ?? '')
  if (number !== undefined) return Number(number)
  return value.replace(/\{([a-z]\w*)\}/gi, (all, name: string) => variables.get(name) ?? all)
}

function toBytes(body: unknown, variables: ReadonlyMap<string, string>): Buffer | undefined {
  if (body === undefined) return undefined
  if (isObject(body) && typeof body['bytes'] === 'number') {
    return Buffer.alloc(body['bytes'], String(body['fill']))
  }
  if (isObject(body) && 'base64' in body) return Buffer.from(String(body['base64']), 'base64')
  const filled = fill(body, variables)
  return Buffer.from(typeof filled === 'string' ? filled : JSON.stringify(filled))
}

function parse(text: string, type: string | undefined): unknown {
  if (!type?.includes('json')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sends exactly what was recorded: no header but Content-Length is invented. */
async function ask(
  zenodo: Zenodo,
  step: Step,
  variables: ReadonlyMap<string, string>,
): Promise<ReceivedAnswer> {
  const { method, path, headers = {}, body, chunked = false } = step.request
  const { as = 'alice' } = step
  const bytes = toBytes(body, variables)
  const all = fill(headers, variables) as Record<string, string>
  if (as !== 'nobody') all['authorization'] = `Bearer ${zenodo.tokens[as] ?? 'no-such-token'}`
  if (chunked) all['transfer-encoding'] = 'chunked'
  else if (bytes || method !== 'GET') all['content-length'] = String(bytes?.length ?? 0)
  const { hostname, port } = new URL(zenodo.url)
  const target = String(fill(path, variables))
  const request = httpRequest({ method, hostname, port, path: target, headers: all, agent: false })
  request.end(bytes)
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  const text = await readText(answer)
  const json = parse(text, answer.headers['content-type'])
  return { status: answer.statusCode ?? 0, headers: toPlain(answer), text, json }
}

function toPlain({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value?.toString()]),
  )
}

function save(step: Step, answer: ReceivedAnswer, variables: Map<string, string>): void {
  for (const [name, path] of Object.entries(step.save ?? {})) {
    const value = valueAt(answer.json, path)
    if (typeof value === 'number') variables.set(name, String(value))
    if (typeof value !== 'string') continue
    variables.set(name, /^https?:/.test(value) ? new URL(value).pathname : value)
  }
}

async function askRepeatedly(
  zenodo: Zenodo,
  step: Step,
  variables: ReadonlyMap<string, string>,
): Promise<ReceivedAnswer> {
  const { repeat = 1 } = step
  let answer = await ask(zenodo, step, new Map([...variables, ['n', '0']]))
  for (let n = 1; n < repeat && answer.status < 400; n += 1) {
    answer = await ask(zenodo, step, new Map([...variables, ['n', String(n)]]))
  }
  return answer
}

/** Asks a server what a sequence asked the real one; tells where the answers differ. */
export async function replay(
  zenodo: Zenodo,
  sequence: Sequence,
  today: string,
): Promise<readonly Difference[]> {
  const variables = new Map([
    ['run', 'runword'],
    ['alice_token', zenodo.tokens['alice'] ?? ''],
  ])
  const found: Difference[] = []
  for (const [index, step] of sequence.steps.entries()) {
    const answer = await askRepeatedly(zenodo, step, variables)
    save(step, answer, variables)
    const tokens = Object.values(zenodo.tokens)
    const names = { origin: zenodo.url, tokens, variables, today }
    const lines = compareAnswers(step, toComparable(step, answer, names))
    if (lines.length > 0) found.push({ step: `${index + 1} ${step.note}`, lines })
  }
  return found
}
