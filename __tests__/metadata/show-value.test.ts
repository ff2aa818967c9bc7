import { describe, expect, test } from '@jest/globals'
import { contrast, showValue } from '../../src/metadata/show-value.ts'

describe('showValue', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, ''],
    ['a text', 'River levels', 'River levels'],
    ['a text of several lines', 'one\n two', 'one two'],
    ['HTML', '<p>Levels of a <b>river</b>.</p>', 'Levels of a river.'],
    ['a number', 7, '7'],
    ['keywords', ['water', '', 'river'], 'water; river'],
    [
      'people',
      [{ name: 'Doe, Jane', affiliation: 'Uni', orcid: '' }, { name: 'Roe, R.' }],
      'Doe, Jane (Uni); Roe, R.',
    ],
    ['a link', [{ identifier: '10.1/a', relation: 'cites', scheme: 'doi' }], '10.1/a (cites)'],
    [
      'an object without a name',
      { start: '2026-01-01', end: '2026-02-01' },
      'start: 2026-01-01, end: 2026-02-01',
    ],
  ])('shows %s', (_, value, words) => {
    expect(showValue(value)).toBe(words)
  })
})

describe('contrast', () => {
  const long = 'a'.repeat(100)

  test.each<[string, string, string, readonly [string, string]]>([
    ['short texts as they are', 'one', 'two', ['one', 'two']],
    [
      'the beginning, if it differs',
      `x${long}`,
      `y${long}`,
      [`x${'a'.repeat(49)}…`, `y${'a'.repeat(49)}…`],
    ],
    [
      'the place where they differ',
      `${long}x`,
      `${long}y`,
      [`…${'a'.repeat(20)}x`, `…${'a'.repeat(20)}y`],
    ],
    [
      'what one of them has more',
      long,
      `${long}more`,
      [`…${'a'.repeat(20)}`, `…${'a'.repeat(20)}more`],
    ],
    ['nothing of a side that is not there', '', long, ['', `${'a'.repeat(50)}…`]],
  ])('shows %s', (_, one, other, shown) => {
    expect(contrast(one, other, 50)).toEqual(shown)
  })

  test('cuts between characters', () => {
    expect(contrast('😀'.repeat(60), '', 50)[0]).toBe(`${'😀'.repeat(50)}…`)
  })
})
