import { describe, expect, test } from '@jest/globals'
import { parseFileCommands } from './file-commands.ts'

describe('parseFileCommands', () => {
  test.each([
    ['an empty file', '', {}],
    ['a line', 'doi=10.5281/zenodo.1\n', { doi: '10.5281/zenodo.1' }],
    ['a value with both marks', 'url=https://a/?b=c<<d\n', { url: 'https://a/?b=c<<d' }],
    ['a block', 'files<<E\n[\n]\nE\n', { files: '[\n]' }],
    ['an empty block', 'doi<<E\nE\n', { doi: '' }],
    ['a block whose value looks like a line', 'a<<E\nb=c\nE\n', { a: 'b=c' }],
    ['a name given twice', 'a=1\na=2\n', { a: '2' }],
  ])('reads %s', (_, text, values) => {
    expect(parseFileCommands(text)).toEqual(values)
  })

  test.each([
    ['a line without a mark', 'doi\n'],
    ['a line without a name', '=x\n'],
    ['a block that does not end', 'a<<E\nb\n'],
    ['a block without a delimiter', 'a<<\nb\n'],
  ])('refuses %s', (_, text) => {
    expect(() => parseFileCommands(text)).toThrow(/delimiter|format/)
  })
})
