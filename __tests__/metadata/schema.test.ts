import { describe, expect, test } from '@jest/globals'
import { dereference, Validator, type Schema } from '@cfworker/json-schema'
import schema from '../../schema/zenodo.schema.json' with { type: 'json' }
import {
  CONTRIBUTOR_TYPES,
  DATE_TYPES,
  RELATIONS,
  UPLOAD_TYPES,
} from '../../src/metadata/vocabularies.ts'
import vocabularies from '../../src/metadata/vocabularies.json' with { type: 'json' }
import { BASE } from './support.ts'

const { properties, $defs } = schema
const LINKED_TYPES = [...vocabularies.resourceTypes, ...vocabularies.linkableTypes]

describe('zenodo.schema.json', () => {
  test('is a schema of the draft it names', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
    expect(() => dereference(schema as unknown as Schema)).not.toThrow()
  })

  test.each<[string, readonly string[], readonly string[]]>([
    ['upload types', properties.upload_type.enum, UPLOAD_TYPES],
    ['contributor types', $defs.contributor.properties.type.enum, CONTRIBUTOR_TYPES],
    ['relations', $defs.relatedIdentifier.properties.relation.enum, RELATIONS],
    ['linked types', $defs.relatedIdentifier.properties.resource_type.enum, LINKED_TYPES],
    ['date types', properties.dates.items.properties.type.enum, DATE_TYPES],
    ['publication types', properties.publication_type.enum, [...subtypes('publication'), 'thesis']],
    ['image types', properties.image_type.enum, subtypes('image')],
    ['software types', properties.software_type.enum, subtypes('software')],
  ])('lists the %s of the vocabulary', (_, listed, vocabulary) => {
    expect(listed).toEqual(vocabulary)
  })

  test('describes every field, so that editors can', () => {
    const undescribed = Object.entries(properties)
      .filter(([, part]) => part.description.length < 5)
      .map(([name]) => name)

    expect(undescribed).toEqual([])
    expect(Object.keys(properties)).toHaveLength(47)
  })

  test('lets an editor pass what is right, and complete by its address', () => {
    const validator = new Validator(schema as unknown as Schema, '2020-12')

    expect(validator.validate({ $schema: './zenodo.schema.json', ...BASE }).valid).toBe(true)
    expect(validator.validate({ ...BASE, licence: 'MIT' }).valid).toBe(false)
  })
})

function subtypes(type: string): readonly string[] {
  return UPLOAD_TYPES.filter((id) => id.startsWith(`${type}-`)).map((id) =>
    id.slice(type.length + 1),
  )
}
