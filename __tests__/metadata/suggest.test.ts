import { describe, expect, test } from '@jest/globals'
import { findMeant, nearest } from '../../src/metadata/suggest.ts'
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

describe('findMeant', () => {
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
  ])('takes %s for %s', (name, meant) => {
    expect(findMeant(name, FIELDS)).toBe(meant)
  })

  test.each(['foo', 'constructor', '_comment'])('guesses nothing for %s', (name) => {
    expect(findMeant(name, FIELDS)).toBeUndefined()
  })
})
