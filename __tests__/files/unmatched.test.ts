import { describe, expect, test } from '@jest/globals'
import { findNotation } from '../../src/files/unmatched.ts'

describe('findNotation', () => {
  test.each([
    ['- data/*.csv', /without a dash/],
    ['[data/*.csv, docs/*.md]', /not a list in brackets/],
    ['"data/*.csv"', /without quotes/],
    ["'data/*.csv'", /without quotes/],
    ['data/*.{csv,md}', /Braces are not understood/],
    ['data/*.csv, README.md', /without commas/],
    ['data/*.csv,README.md', /without commas/],
    ['/data/**', /leave it out/],
  ])('knows what is meant by %s', (text, hint) => {
    expect(findNotation(text)).toMatch(hint)
  })

  test.each(['data/*.csv', 'data/[ab].csv', 'a-b.csv', "it's.csv", '//server/data/*', 'a b.csv'])(
    'has nothing to say about %s',
    (text) => {
      expect(findNotation(text)).toBeUndefined()
    },
  )
})
