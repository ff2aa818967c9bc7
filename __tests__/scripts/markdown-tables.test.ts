import { describe, expect, test } from '@jest/globals'
import { inputsTable, outputsTable, replaceBetween } from '../../scripts/markdown-tables.ts'

const ACTION = {
  inputs: {
    token: { description: 'Access token. Required.' },
    'existing-files': { description: 'One of `replace` | `keep`.\n', default: 'replace' },
  },
  outputs: { doi: { description: 'DOI of\n  this version.' } },
  runs: { using: 'node24', main: 'dist/index.js' },
}

describe('inputsTable', () => {
  test('has a row per input, with bars escaped and text on one line', () => {
    const lines = inputsTable(ACTION).split('\n')

    expect(lines.slice(2)).toEqual([
      '| `token` |  | Access token. Required. |',
      '| `existing-files` | `replace` | One of `replace` \\| `keep`. |',
    ])
  })
})

describe('outputsTable', () => {
  test('has a row per output', () => {
    expect(outputsTable(ACTION)).toContain('| `doi` | DOI of this version. |')
  })
})

describe('replaceBetween', () => {
  test('leaves what is outside the markers alone', () => {
    const page = 'before\n<!-- inputs -->\nold\n<!-- /inputs -->\nafter'

    const changed = replaceBetween(page, 'inputs', 'new')

    expect(changed).toBe('before\n<!-- inputs -->\n\nnew\n\n<!-- /inputs -->\nafter')
  })

  test.each([
    ['no marker', 'text'],
    ['no end', '<!-- inputs --> text'],
    ['the end first', '<!-- /inputs --> <!-- inputs -->'],
  ])('refuses a page with %s', (_, page) => {
    expect(() => replaceBetween(page, 'inputs', '')).toThrow('<!-- inputs --> … <!-- /inputs -->')
  })
})
