import { isObject } from '../lib/json.ts'
import { toDoi } from './identifiers.ts'
import { toField, type Finding, type Metadata, type Path } from './metadata.ts'
import { parseText, type ParsedText } from './parse-text.ts'
import type { Origin, Source } from './source.ts'
import { quote } from './text.ts'

/** Keys beside `metadata` that mean something to the deposit API, or to nobody. */
const WRAPPER = 'metadata'

/** Metadata in the deposit's own form: `.zenodo.json`, with or without the `metadata` wrapper, or the same in YAML. */
export function fromZenodoJson(text: string, file: string, format: 'json' | 'yaml'): Source {
  return fromParsed(parseText(text, format), file, (spot) => ({ file, ...spot }))
}

/** The `metadata` input: YAML or JSON. */
export function fromInlineText(text: string): Source {
  const format = text.trimStart().startsWith('{') ? 'json' : 'yaml'
  const toPlace: ToPlace = ({ line }) => ({ input: 'metadata', line })
  const source = fromParsed(parseText(text, format), 'input metadata', toPlace)
  return { ...source, locate: (path) => withoutLineOfAbsent(source, path) }
}

/** In a file an absent field is shown where it could be added; in an input there is nothing to show. */
function withoutLineOfAbsent(source: Source, path: Path): Origin {
  const { field, place } = source.locate(path)
  return Object.hasOwn(source.metadata ?? {}, String(path[0]))
    ? { field, place }
    : { field, place: { input: 'metadata' } }
}

type ToPlace = (spot: { line: number; column: number }) => Origin['place']

function fromParsed(parsed: ParsedText, name: string, toPlace: ToPlace): Source {
  const { value } = parsed
  const base: Path = isWrapped(value) ? [WRAPPER] : []
  const locate = (path: Path): Origin => ({
    field: toField(path),
    place: toPlace(parsed.spotOf([...base, ...path])),
  })
  const fields = isWrapped(value) ? value[WRAPPER] : value
  const metadata = isObject(fields) ? withoutSchema(fields) : undefined
  const findings = [
    ...parsed.problems.map(({ problem, spot }) => toFinding('', problem, toPlace(spot))),
    ...(parsed.problems.length === 0 && metadata === undefined ? [noObject(fields, locate)] : []),
    ...(isWrapped(value) ? findBesideWrapper(value, parsed, toPlace) : []),
  ]
  const doi = toDoi(typeof metadata?.['doi'] === 'string' ? metadata['doi'] : '')
  return { name, metadata, findings, dois: doi === undefined ? [] : [doi], locate }
}

function isWrapped(value: unknown): value is { readonly metadata: Metadata } {
  return isObject(value) && isObject(value[WRAPPER]) && !('title' in value)
}

/** `$schema` is for editors. Only this project's own is passed over in silence; another one is an unknown field. */
function withoutSchema(metadata: Metadata): Metadata {
  const { $schema: schema, ...rest } = metadata
  const isOurs = typeof schema === 'string' && /(^|\/)zenodo\.schema\.json([?#]|$)/.test(schema)
  return isOurs ? rest : metadata
}

function noObject(value: unknown, locate: (path: Path) => Origin): Finding {
  const isPath = typeof value === 'string' && /^\S+\.(json|cff|ya?ml)$/i.test(value)
  const meant = isPath ? ` To name a file, write metadata-file: ${value}.` : ''
  const problem = `Metadata must be an object with fields such as "title", not ${quote(value)}.${meant}`
  return toFinding('', problem, locate([]).place)
}

function findBesideWrapper(
  value: Readonly<Record<string, unknown>>,
  parsed: ParsedText,
  toPlace: ToPlace,
): readonly Finding[] {
  return Object.keys(value)
    .filter((key) => key !== WRAPPER && key !== '$schema')
    .map((key) => ({
      severity: 'warning',
      field: key,
      problem: `${key}: stands beside "metadata" and is ignored; move it inside if it is meant.`,
      place: toPlace(parsed.spotOf([key])),
    }))
}

function toFinding(field: string, problem: string, place: Origin['place']): Finding {
  return { severity: 'error', field, problem, place }
}
