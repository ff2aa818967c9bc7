import { isObject } from '../../../test-server/transport/json.ts'
import { toNormalForm, type Names } from './normal-form.ts'
import type { RecordedAnswer, Step } from './sequence.ts'

/** An answer as it came over the wire. */
export interface ReceivedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  readonly json: unknown
}

const FILE =
  'key status size checksum mimetype transfer.type links.self links.content links.commit'.split(' ')

/** Of native answers only what a deposit client reads is compared; `*` is any index. */
const READ = [
  'status message location errors id recid conceptrecid doi conceptdoi state submitted title',
  'parent.id is_draft is_published is_open type slug versions metadata.title',
  'metadata.publication_date metadata.version metadata.resource_type.id',
  'metadata.resource_type.type pids.doi.identifier pids.doi.provider access.record access.files',
  'enabled order default_preview files.enabled files.count hits.total hits.hits.*.id',
  'hits.hits.*.slug hits.hits.*.type hits.hits.*.status links.self links.self_html links.latest',
  'links.latest_html links.files links.versions',
  ...FILE.flatMap((path) => [path, `files.*.${path}`, `entries.*.${path}`]),
]
  .join(' ')
  .split(' ')
  .map((path) => path.split('.'))

const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0

/** The parts of a value that lie on one of the paths. */
function pick(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value
  const below = (key: string): readonly (readonly string[])[] =>
    paths.filter(([head]) => head === key).map((path) => path.slice(1))
  if (Array.isArray(value)) {
    return below('*').length > 0 ? value.map((item) => pick(item, below('*'))) : undefined
  }
  if (!isObject(value)) return undefined
  const kept = Object.entries(value).map(([key, item]) => [key, pick(item, below(key))] as const)
  return Object.fromEntries(kept.filter(([, item]) => item !== undefined && !isEmpty(item)))
}

function normalHeaders({ headers }: ReceivedAnswer, names: Names): Record<string, string> {
  const result: Record<string, string> = {}
  const type = headers['content-type']
  if (type !== undefined) result['content-type'] = type.toLowerCase().replace(/\s*;\s*/g, ';')
  if (headers['location'] !== undefined) {
    result['location'] = String(toNormalForm(headers['location'], names))
  }
  return result
}

const comesFromRouter = ({ status, json }: ReceivedAnswer): boolean =>
  status === 405 ||
  (status === 404 && isObject(json) && String(json['message']).startsWith('The requested URL'))

function normalJson(step: Step, answer: ReceivedAnswer, names: Names): unknown {
  const { path } = step.request
  const isLegacy = /^\/api\/(?:deposit|files)\//.test(path) || path.startsWith('{bucket')
  const kept = isLegacy ? answer.json : (pick(answer.json, READ) ?? null)
  const normal = toNormalForm(kept, names)
  if (!isObject(normal)) return normal
  if ('hits' in normal) delete normal['links']
  return comesFromRouter(answer) ? { ...normal, message: '{any}' } : normal
}

/** The form in which a received answer is compared with a recorded one. */
export function toComparable(step: Step, answer: ReceivedAnswer, names: Names): RecordedAnswer {
  const { status, json, text } = answer
  // A server error has no agreed form, and 204 no body.
  if (status >= 500 || status === 204) return { status }
  const headers = normalHeaders(answer, names)
  const withHeaders = { status, ...(Object.keys(headers).length > 0 && { headers }) }
  if (json !== undefined) return { ...withHeaders, json: normalJson(step, answer, names) }
  if (text === '') return withHeaders
  const isPage = headers['content-type']?.includes('html') ?? false
  return { ...withHeaders, text: isPage ? '{html}' : String(toNormalForm(text, names)) }
}

function isIgnored(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const full = /^(?:json|text|headers|status)/.test(pattern) ? pattern : `json.${pattern}`
    const parts = path.split('.')
    return full.split('.').every((part, index) => part === '*' || part === parts[index])
  })
}

function differences(expected: unknown, got: unknown, path: string): readonly string[] {
  if (expected === '{any}' && typeof got === 'string') return []
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    return expected.flatMap((item, index) => differences(item, got[index], `${path}.${index}`))
  }
  if (isObject(expected) && isObject(got)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)])
    return [...keys].flatMap((key) => differences(expected[key], got[key], `${path}.${key}`))
  }
  const show = (value: unknown): string => JSON.stringify({ value })
  const [a, b] = [show(expected), show(got)]
  return a === b ? [] : [`${path.slice(1)}: expected ${a}, got ${b}`]
}

/** Where a received answer differs from the recorded one. */
export function compareAnswers(step: Step, got: RecordedAnswer): readonly string[] {
  const { response, ignore = [] } = step
  if (response.status !== got.status) {
    return [`status: expected ${response.status}, got ${got.status} ${JSON.stringify(got.json)}`]
  }
  const all = differences(response, got, '')
  return all.filter((line) => !isIgnored(line.slice(0, line.indexOf(':')), ignore))
}
