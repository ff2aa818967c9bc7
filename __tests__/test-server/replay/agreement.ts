import { isObject, type Json } from '../../../test-server/transport/json.ts'
import { expand, type Case, type Observed } from './verdict.ts'

/** What is compared of a case, each for itself. */
export type Aspect = 'put' | 'echo' | 'rehearsal' | 'publish'

const byField = (errors: readonly unknown[]): readonly string[] =>
  errors.map((error) => JSON.stringify(error)).sort()

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

function sameOutcome(expected: Case['put'], got: Case['put'] | undefined): boolean {
  if (got?.status !== expected.status) return false
  if (expected.status !== 400) return true
  return (
    (expected.message ?? null) === (got.message ?? null) &&
    isSame(byField(expected.errors ?? []), byField(got.errors ?? []))
  )
}

/** All values of an object by their paths, as the verdicts write them: `creators[0].name`. */
function leaves(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item, index) => leaves(item, `${path}[${index}]`))
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, item]) =>
      leaves(item, path === '' ? key : `${path}.${key}`),
    )
  }
  return [[path, value]]
}

const isBelow = (path: string, parents: readonly string[]): boolean =>
  parents.some(
    (parent) =>
      path === parent || (/^[.[]/.test(path.slice(parent.length)) && path.startsWith(parent)),
  )

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || isSame(value, []) || isSame(value, {})

/** An echo that the verdicts only describe: `2 items for 1 sent`, `… (26 items)`. */
const isDescribed = (echo: unknown): boolean => JSON.stringify(echo).includes(' items')

function echoProblems(verdict: Case, echo: Json, id: number): readonly string[] {
  const { dropped = [], dropped_empty: emptied = [], altered = [], added = [] } = verdict
  const changed = [...altered, ...added].map(
    ({ field, echo: value }) => [field, field.endsWith('recid') ? id : expand(value, id)] as const,
  )
  const shown = new Map(leaves(echo))
  const alteredFields = changed.map(([field]) => field)
  const sent = leaves(expand(verdict.metadata, id))
  const kept = sent.filter(([path]) => !isBelow(path, [...dropped, ...emptied, ...alteredFields]))
  const expected = [
    ...kept.filter(([, value]) => !isEmpty(value)),
    ...changed
      .filter(([, value]) => !isDescribed(value))
      .flatMap(([field, value]) => leaves(value, field)),
  ]
  const wrong = expected.filter(([path, value]) => !isSame(shown.get(path), value))
  const gone = sent.filter(([path]) => isBelow(path, dropped) && !isEmpty(shown.get(path)))
  return [
    ...wrong.map(
      ([path, value]) =>
        `${path}: expected ${JSON.stringify(value)}, got ${JSON.stringify(shown.get(path))}`,
    ),
    ...gone.map(([path]) => `${path}: expected to be dropped`),
  ]
}

function sameRehearsal({ rehearsal = [] }: Case, got: Observed['rehearsal']): boolean {
  const isCrash = rehearsal.some((entry) => isObject(entry) && entry['status'] === 500)
  if (isCrash || got === 'crash') return isCrash && got === 'crash'
  return isSame(byField(rehearsal), byField(got ?? []))
}

/** Where a case was decided otherwise than by the real server, aspect by aspect. */
export function disagreements(verdict: Case, observed: Observed): ReadonlyMap<Aspect, string> {
  const found = new Map<Aspect, string>()
  const { put, echo, rehearsal, publish } = observed
  const note = (aspect: Aspect, expected: unknown, got: unknown): void => {
    found.set(aspect, `expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`)
  }
  if (!sameOutcome(verdict.put, put)) note('put', verdict.put, put)
  if (verdict.put.status !== 200 || !echo) return found
  const reserved = echo['prereserve_doi']
  const id = isObject(reserved) ? Number(reserved['recid']) : 0
  const problems = verdict.order_changed ? [] : echoProblems(verdict, echo, id)
  if (problems.length > 0) found.set('echo', problems.join('; '))
  if (!sameRehearsal(verdict, rehearsal)) note('rehearsal', verdict.rehearsal ?? [], rehearsal)
  if (verdict.publish && !sameOutcome(verdict.publish, publish)) {
    note('publish', verdict.publish, publish)
  }
  return found
}
