import { parseAllDocuments } from 'yaml'
import type { ActionDefinition } from '../runner/action-definition.ts'

type Mapping = Readonly<Record<string, unknown>>

const OUTPUT_OF_A_STEP = /\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g

/** What is wrong with a piece of YAML, in sentences: its syntax, and how its steps use the action. */
export function findWorkflowProblems(yaml: string, action: ActionDefinition): string[] {
  const documents = parseAllDocuments(yaml)
  const errors = documents.flatMap((document) => document.errors.map(({ message }) => message))
  if (errors.length > 0) return errors
  const steps = documents.flatMap((document) => findSteps(document.toJS() as unknown))
  return [
    ...steps.flatMap((step) => findUnknownInputs(step, action)),
    ...findUnknownOutputs(yaml, steps, action),
  ]
}

/** The parser's complaint about a piece of JSON, if it has one. */
export function findJsonProblems(json: string): string[] {
  try {
    JSON.parse(json)
    return []
  } catch (error) {
    return [String(error)]
  }
}

/** Mappings, however deep, that use this action: by its name, or as `./`. */
export function findSteps(value: unknown): Mapping[] {
  if (Array.isArray(value)) return value.flatMap(findSteps)
  if (!isMapping(value)) return []
  const { uses } = value
  const isOurs = typeof uses === 'string' && /^\.\/$|\/zenodo-deposit@/.test(uses)
  return [...(isOurs ? [value] : []), ...Object.values(value).flatMap(findSteps)]
}

function findUnknownInputs(step: Mapping, action: ActionDefinition): string[] {
  const given = isMapping(step['with']) ? Object.keys(step['with']) : []
  const unknown = given.filter((name) => !(name in action.inputs))
  return unknown.map((name) => `action.yml has no input "${name}"`)
}

function findUnknownOutputs(yaml: string, steps: Mapping[], action: ActionDefinition): string[] {
  const ids = new Set(steps.map(({ id }) => id))
  const used = [...yaml.matchAll(OUTPUT_OF_A_STEP)]
  return used.flatMap(([, id, name = '']) =>
    ids.has(id) && !(name in action.outputs) ? [`action.yml has no output "${name}"`] : [],
  )
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
