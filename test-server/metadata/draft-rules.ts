import { isObject, listAt, objectAt, present, textAt, type Json } from '../transport/json.ts'
import type { FieldError } from '../transport/answer.ts'
import { cleanCustomFields } from './custom-fields.ts'
import { judgeDate, toDay } from './dates.ts'
import { cleanHtml } from './html.ts'
import { cleanPeople } from './draft-people.ts'
import { Problems } from './problems.ts'
import { cleanText, lengthOf } from './text.ts'

const MISSING = 'Missing data for required field.'
const TOO_SHORT = 'Shorter than minimum length 3.'

/** A value as the draft keeps it, or undefined when it is dropped; says what was wrong. */
type Clean = (value: unknown, field: string, problems: Problems) => unknown

const asIs: Clean = (value) => value

const plain: Clean = (value) => (typeof value === 'string' ? cleanText(value) : undefined)

/** A text of at least three characters after cleaning. */
const atLeastThree =
  (clean: (text: string) => string): Clean =>
  (value, field, problems) => {
    const cleaned = typeof value === 'string' ? clean(value) : ''
    if (lengthOf(cleaned) >= 3) return cleaned
    problems.add(field, value === undefined ? MISSING : TOO_SHORT)
    return undefined
  }

const required =
  (clean: Clean): Clean =>
  (value, field, problems) => {
    if (value !== undefined) return clean(value, field, problems)
    problems.add(field, MISSING)
    return undefined
  }

const optional =
  (clean: Clean): Clean =>
  (value, field, problems) =>
    value === undefined || value === '' ? undefined : clean(value, field, problems)

const list =
  (clean: Clean): Clean =>
  (value, field, problems) => {
    if (!Array.isArray(value)) return undefined
    const items = value.map((item, index) => clean(item, `${field}.${index}`, problems))
    const kept = items.filter((item) => item !== undefined)
    return kept.length > 0 ? kept : undefined
  }

const resourceType: Clean = (value) => {
  const id = textAt(value, 'id')
  return id === undefined ? undefined : { id }
}

const date: Clean = (value, field, problems) => {
  const trimmed = typeof value === 'string' ? value.trim() : ''
  if (judgeDate(trimmed) !== 'invalid') return trimmed
  problems.add(field, value === undefined ? MISSING : 'Please provide a valid date or interval.')
  return undefined
}

const version: Clean = (value, field, problems) => {
  if (typeof value !== 'string') return undefined
  const cleaned = cleanText(value)
  if (cleaned === '' && value !== '') return undefined
  if (lengthOf(cleaned) <= 191) return cleaned
  problems.add(field, 'Longer than maximum length 191.')
  return undefined
}

const subject: Clean = (value, field, problems) => {
  if (textAt(value, 'id') !== undefined) return { id: textAt(value, 'id') }
  const text = textAt(value, 'subject')
  if (text === undefined) return undefined
  const cleaned = cleanText(text)
  const message = 'An existing id or a free text subject must be present.'
  if (cleaned === '') problems.add(`${field}.subjects`, message)
  return { subject: cleaned }
}

const reference: Clean = (value) => {
  const text = textAt(value, 'reference')
  return text === undefined ? undefined : { reference: cleanText(text) }
}

const describedDate: Clean = (value, field, problems) => {
  if (!isObject(value)) return undefined
  const { date: day, type, description } = value
  return present({
    date: date(day, `${field}.date`, problems),
    type: resourceType(type, field, problems),
    description: plain(description, field, problems),
  })
}

const additionalDescription: Clean = (value, field, problems) => {
  if (!isObject(value)) return undefined
  const { description, type } = value
  const cleaned = atLeastThree(cleanHtml)(description, `${field}.description`, problems)
  return present({ description: cleaned, type: resourceType(type, field, problems) })
}

/** Two echoed members can never be put back: the rehearsal's permanent false positives. */
const license: Clean = (value, field, problems) => {
  const id = textAt(value, 'id')
  if (id === undefined) return isObject(value) ? value : undefined
  const { title, description, link, icon } = isObject(value) ? value : {}
  if (icon !== undefined) problems.add(`${field}.icon`, 'Unknown field.')
  else if (title !== undefined || description !== undefined || link !== undefined) {
    const message =
      'Only an existing id or free text title/description/link is accepted, but not both cases at the same time'
    problems.add(`${field}.rights`, message)
  }
  return { id }
}

const alternateIdentifiers: Clean = (value, field, problems) => {
  if (!Array.isArray(value)) return undefined
  const keys = value.map(
    (item) => `${textAt(item, 'scheme') ?? ''} ${textAt(item, 'identifier') ?? ''}`,
  )
  if (new Set(keys).size === keys.length) return value.length > 0 ? value : undefined
  problems.add(field, 'Duplicate identifiers are not allowed.')
  return undefined
}

const relatedIdentifier: Clean = (value, field, problems) => {
  if (!isObject(value)) return undefined
  const { identifier, scheme, relation_type: relation, resource_type: type } = value
  return present({
    identifier,
    scheme,
    relation_type: resourceType(relation, field, problems),
    resource_type: resourceType(type, field, problems),
  })
}

const locations: Clean = (value, field, problems) => {
  const features = listAt(value, 'features')
    .filter(isObject)
    .map((feature) => {
      const { geometry, place, description } = feature
      const texts = {
        place: plain(place, field, problems),
        description: plain(description, field, problems),
      }
      return present({ geometry, ...texts })
    })
  return features.length > 0 ? { features } : undefined
}

/** The fields of a draft in the order of the native JSON, and what becomes of each. */
const FIELDS: Readonly<Record<string, Clean>> = {
  resource_type: (value, field, problems) =>
    required(resourceType)(resourceType(value, field, problems), field, problems),
  creators: cleanPeople('creators'),
  title: atLeastThree(cleanText),
  publisher: plain,
  publication_date: required(date),
  subjects: list(subject),
  contributors: cleanPeople('contributors'),
  dates: list(describedDate),
  languages: list(resourceType),
  identifiers: alternateIdentifiers,
  related_identifiers: list(relatedIdentifier),
  version,
  rights: list(license),
  description: optional(atLeastThree(cleanHtml)),
  additional_descriptions: list(additionalDescription),
  locations,
  funding: asIs,
  references: list(reference),
  additional_titles: asIs,
  copyright: plain,
  formats: asIs,
  sizes: asIs,
}

/** A draft's metadata after its rules, and what they found. */
export interface Cleaned {
  readonly metadata: Json
  readonly customFields: Json
  readonly access: Json
  readonly errors: readonly FieldError[]
}

/**
 * Applies the rules of a draft: what is wrong is dropped or kept as it is, and noted. The same
 * rules, applied to what was kept, tell what publishing refuses.
 */
export function applyDraftRules(
  input: { readonly metadata: Json; readonly customFields: Json; readonly access: Json },
  today: Date,
): Cleaned {
  const problems = new Problems()
  const cleaned = Object.entries(FIELDS).map(
    ([key, clean]) => [key, clean(input.metadata[key], `metadata.${key}`, problems)] as const,
  )
  for (const key of Object.keys(input.metadata)) {
    if (!(key in FIELDS)) problems.add(`metadata.${key}`, 'Unknown field.')
  }
  checkEmbargo(input.access, today, problems)
  return {
    metadata: present(Object.fromEntries(cleaned)),
    customFields: cleanCustomFields(input.customFields),
    access: input.access,
    errors: problems.errors,
  }
}

/** The day after today is the first that counts as future. */
function checkEmbargo(access: Json, today: Date, problems: Problems): void {
  const embargo = objectAt(access, 'embargo')
  if (embargo['active'] !== true) return
  const until = textAt(embargo, 'until')
  if (until !== undefined && until > toDay(today)) return
  problems.add('access.embargo.until', 'Embargo end date must be set to a future date.')
}

/** What lacks for registering the DOI. */
export function checkPublisher({ publisher }: Json): readonly FieldError[] {
  if (publisher !== undefined && publisher !== '') return []
  const messages = ['Missing publisher field required for DOI registration.']
  return [{ field: 'metadata.publisher', messages }]
}
