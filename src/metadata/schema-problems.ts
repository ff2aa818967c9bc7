import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema'
import schema from '../../schema/zenodo.schema.json' with { type: 'json' }
import { isObject } from '../lib/json.ts'
import { isEmpty, type Metadata, type Path, type Problem } from './metadata.ts'
import { findMeant, nearest } from './suggest.ts'
import { oneOf, quote, toText } from './text.ts'

/** A part of the schema, with what it says to people (`x-…`, see the schema's description). */
type SchemaPart = Readonly<Record<string, unknown>>

const validator = new Validator(schema as unknown as Schema, '2020-12', false)

/** Fields of the metadata object. */
export const FIELDS: readonly string[] = Object.keys(schema.properties)

/** What the schema says against metadata in canonical form. A field that is missing at the top counts as a warning. */
export function findSchemaProblems(metadata: Metadata): readonly Problem[] {
  const { errors } = validator.validate(metadata)
  return errors.flatMap((unit) => toProblems(unit, metadata))
}

/** Keywords that tell of a problem; all others (`items`, `$ref`, …) only say that something inside has one. */
const TELLING = new Set([
  'type',
  'enum',
  'pattern',
  'minItems',
  'minLength',
  'minProperties',
  'maxLength',
])

function toProblems(unit: OutputUnit, metadata: Metadata): readonly Problem[] {
  const { keyword } = unit
  if (!TELLING.has(keyword) && keyword !== 'required' && keyword !== 'additionalProperties')
    return []
  const path = toSteps(unit.instanceLocation).map((step) =>
    /^\d+$/.test(step) ? Number(step) : step,
  )
  const part = findPart(toSteps(unit.keywordLocation).slice(0, -1))
  const value = valueAt(metadata, path)
  if (keyword === 'required') return toMissing(part, path, value)
  if (keyword === 'additionalProperties') return toUnknown(part, path, value)
  return [toProblem(keyword, part, path, value)]
}

function toProblem(keyword: string, part: SchemaPart, path: Path, value: unknown): Problem {
  const lost = part['x-lost']
  const isLost = Array.isArray(lost) && lost.includes(keyword)
  const problem =
    keyword === 'enum'
      ? describeChoice(part['enum'] as readonly string[], toText(value))
      : `${quote(value)} is not ${describeAccepted(part)}.`
  return isLost
    ? { severity: 'warning', path, problem: `${problem} Zenodo would drop it without a message.` }
    : { severity: 'error', path, problem }
}

/** Long vocabularies are told by their main entries: those without a hyphen. */
function describeChoice(accepted: readonly string[], value: string): string {
  const main = accepted.filter((id) => !id.includes('-'))
  const near = nearest(value, accepted)
  const question = near === undefined ? '' : ` Did you mean "${near}"?`
  return `${quote(value)} is not accepted.${question} Accepted: ${oneOf(main)}.`
}

function describeAccepted(part: SchemaPart): string {
  const words = part['x-accepts']
  if (typeof words === 'string') return words
  const types: readonly unknown[] = [part['type']].flat()
  return types.includes('string') ? 'text' : types.includes('array') ? 'a list' : 'an object'
}

function toMissing(part: SchemaPart, path: Path, value: unknown): readonly Problem[] {
  if (!isObject(value)) return []
  const required = part['required'] as readonly string[]
  const properties = part['properties'] as Readonly<Record<string, SchemaPart>>
  return required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({
      severity: path.length === 0 ? 'warning' : 'error',
      path: [...path, name],
      problem: `It is missing. ${describeMissing(properties[name])}`,
    }))
}

function describeMissing(part: SchemaPart | undefined): string {
  const choice = part?.['enum'] as readonly string[] | undefined
  if (choice !== undefined) return `Accepted: ${oneOf(choice.filter((id) => !id.includes('-')))}.`
  return `Give ${describeAccepted(part ?? {})}.`
}

function toUnknown(part: SchemaPart, path: Path, value: unknown): readonly Problem[] {
  if (!isObject(value)) return []
  const known = Object.keys(part['properties'] as SchemaPart)
  return Object.keys(value)
    .filter((name) => !known.includes(name) && !isEmpty(value[name]))
    .map((name) => {
      const meant = findMeant(name, known)
      const question = meant === undefined ? '' : ` Did you mean "${meant}"?`
      const problem = `Zenodo knows no field "${name}" here and would drop it without a message.${question}`
      return { severity: 'warning', path: [...path, name], problem, meant }
    })
}

/** The part of the schema at a location, through references. */
function findPart(steps: readonly string[]): SchemaPart {
  let part: unknown = schema
  for (const step of steps) {
    const next = (part as SchemaPart)[step]
    part = step === '$ref' ? findPart(toSteps(String(next))) : next
  }
  return part as SchemaPart
}

/** The steps of a JSON pointer in a URI fragment. */
function toSteps(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => decodeURI(step).replaceAll('~1', '/').replaceAll('~0', '~'))
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const step of path) value = (value as Readonly<Record<string | number, unknown>>)[step]
  return value
}
