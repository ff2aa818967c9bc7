import { describe, expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { alignColumns, toLines, toTerminal } from '../../../scripts/demo/terminal-markdown.ts'

describe('toTerminal', () => {
  test.each([
    ['a heading', '## Published', 'Published'],
    ['marks', '**State**: `draft`', 'State: draft'],
    ['a link', '[the record](https://a.org/1)', 'the record (https://a.org/1)'],
    ['a link that shows its address', '[https://a.org](https://a.org)', 'https://a.org'],
    [
      'a linked badge',
      '[![DOI](https://a.org/b.svg)](https://doi.org/1)',
      'DOI (https://doi.org/1)',
    ],
    ['escapes', 'a\\_b\\|c \\<i>', 'a_b|c <i>'],
    ['entities, undone once', '&amp;lt; &lt;b&gt;', '&lt; <b>'],
    ['entities by number', 'sites&#46;csv', 'sites.csv'],
    ['tags', '<details><summary>12 files</summary>', '12 files'],
    ['many empty lines', 'a\n\n\n\nb', 'a\n\nb'],
  ])('shows %s', (_, markdown, text) => {
    expect(stripVTControlCharacters(toTerminal(markdown))).toBe(text)
  })

  test('pads the columns of a table and drops its rule', () => {
    const markdown = '| File | Size |\n| --- | ---: |\n| a\\|b.csv | 1 kB |\n| c | 10 kB |'

    const lines = toTerminal(markdown).split('\n')

    expect(lines).toEqual(['  File     Size', '  a|b.csv  1 kB', '  c        10 kB'])
  })
})

describe('toLines', () => {
  test.each([
    ['text', '10.5281/zenodo.1', ['10.5281/zenodo.1']],
    ['a list', '[{"key":"a"},{"key":"b"}]', ['[ {"key":"a"}', ', {"key":"b"} ]']],
    ['an empty list', '[]', ['[]']],
    ['what only begins like a list', '[![DOI](a)](b)', ['[![DOI](a)](b)']],
  ])('shows %s', (_, value, lines) => {
    expect(toLines(value)).toEqual(lines)
  })
})

describe('alignColumns', () => {
  test('leaves no spaces at the end of a row', () => {
    expect(alignColumns([['doi'], ['state', 'draft']])).toEqual(['doi', 'state  draft'])
  })
})
