import { describe, expect, test } from '@jest/globals'
import { hasMark, isMarkOf } from '../../src/lib/mark.ts'

const REPOSITORY = 'https://github.com/owner/repo'
const MARK = `${REPOSITORY}/tree/v1.0`

describe('hasMark', () => {
  test.each([
    ['the mark', [{ identifier: MARK, relation: 'isSupplementTo' }], true],
    [
      'the mark among others',
      [{ identifier: 'x' }, { identifier: MARK, relation: 'isSupplementTo' }],
      true,
    ],
    ['another relation to the same address', [{ identifier: MARK, relation: 'cites' }], false],
    ['a mark that begins alike', [{ identifier: `${MARK}.1` }], false],
    ['no list', undefined, false],
    ['a list of other things', [null, MARK, { identifier: [MARK] }], false],
  ])('judges %s', (_, related, verdict) => {
    expect(hasMark({ related_identifiers: related }, MARK)).toBe(verdict)
  })
})

describe('isMarkOf', () => {
  test.each([
    ['a tag', '/tree/v2', 'isSupplementTo', true],
    ['a run', '/actions/runs/12', 'isSupplementTo', true],
    ['a page of the repository', '/releases', 'isSupplementTo', false],
    ['a repository whose name begins alike', '2/tree/v2', 'isSupplementTo', false],
    ['a tag in another relation', '/tree/v2', 'isDerivedFrom', false],
  ])('judges %s', (_, path, relation, verdict) => {
    expect(isMarkOf({ identifier: REPOSITORY + path, relation }, REPOSITORY)).toBe(verdict)
  })
})
