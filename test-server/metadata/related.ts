import { crash } from '../transport/answer.ts'
import { isObject, type Json } from '../transport/json.ts'
import { recognise } from './identifiers.ts'
import type { Problems } from './problems.ts'
import { isTruthy } from './python.ts'

const FIELD = 'metadata.related_identifiers'
const ALTERNATE = 'isAlternateIdentifier'

/** Related identifiers, and those that are alternate identifiers of the record itself. */
export interface RelatedIdentifiers {
  readonly related: readonly Json[]
  readonly alternate: readonly Json[]
}

function readIdentifier(item: Json, problems: Problems): Json | undefined {
  const { identifier } = item
  if (identifier === undefined) throw crash()
  if (typeof identifier !== 'string') {
    const message = identifier === null ? 'Field may not be null.' : 'Not a valid string.'
    problems.add(`${FIELD}.identifier`, message)
    return undefined
  }
  const recognised = recognise(identifier)
  if (!recognised) problems.add(`${FIELD}.scheme`, 'No valid scheme recognized for identifier.')
  return recognised && { ...recognised }
}

function readRelation(item: Json, index: number, problems: Problems): string | undefined {
  const { relation } = item
  if (relation === undefined || relation === null) throw crash()
  if (typeof relation === 'string') return relation.trim()
  problems.add(`${FIELD}.${index}.relation`, 'relation must be a string')
  return undefined
}

function readItem(item: Json, index: number, problems: Problems): Json | undefined {
  const relation = readRelation(item, index, problems)
  const identifier = readIdentifier(item, problems)
  if (relation === undefined || !identifier) return undefined
  if (relation === ALTERNATE) return identifier
  const { resource_type: type } = item
  const resourceType = isTruthy(type) ? { resource_type: { id: type } } : {}
  return { ...identifier, relation_type: { id: relation.toLowerCase() }, ...resourceType }
}

/** Reads the list; one bad entry refuses the whole request. */
export function readRelated(value: unknown, problems: Problems): RelatedIdentifiers {
  const none = { related: [], alternate: [] }
  if (value === undefined) return none
  if (!Array.isArray(value)) {
    problems.add(FIELD, 'related_identifiers must be a list')
    return none
  }
  const items = value.flatMap((item: unknown, index) => {
    if (isObject(item)) return [readItem(item, index, problems) ?? {}]
    problems.add(`${FIELD}.${index}`, 'Each related identifier must be an object')
    return []
  })
  return {
    related: items.filter((item) => 'relation_type' in item),
    alternate: items.filter((item) => !('relation_type' in item)),
  }
}
