import { describe, expect, test } from '@jest/globals'
import { describeUnknownField, nearest } from '../../src/metadata/suggest.ts'
import { UPLOAD_TYPES } from '../../src/metadata/vocabularies.ts'

const FIELDS = ['title', 'creators', 'upload_type', 'license', 'related_identifiers', 'keywords']

describe('nearest', () => {
  test.each([
    ['Dataset', 'dataset'],
    ['datasset', 'dataset'],
    ['sofware', 'software'],
    ['article', 'publication-article'],
    ['Physical Object', 'physicalobject'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, UPLOAD_TYPES)).toBe(meant)
  })

  test.each(['nonsense', 'x', '', 'code'])('guesses nothing for %j', (word) => {
    expect(nearest(word, UPLOAD_TYPES)).toBeUndefined()
  })
})

describe('describeUnknownField', () => {
  test.each([
    ['titel', 'title'],
    ['Title', 'title'],
    ['authors', 'creators'],
    ['licence', 'license'],
    ['uploadType', 'upload_type'],
    ['resource_type', 'upload_type'],
    ['related_identifier', 'related_identifiers'],
    ['keyword', 'keywords'],
    ['tags', 'keywords'],
  ])('asks whether %s is meant to be %s', (name, meant) => {
    expect(describeUnknownField(name, FIELDS)).toBe(
      `Zenodo knows no field "${name}" here and would drop it without a message. Did you mean "${meant}"?`,
    )
  })

  test.each(['foo', 'constructor', '_comment'])('asks nothing about %s', (name) => {
    expect(describeUnknownField(name, FIELDS)).not.toContain('Did you mean')
  })
})
