import { describe, expect, test } from '@jest/globals'
import { parseText } from '../../src/metadata/parse-text.ts'

describe('parseText', () => {
  test('reads JSON with the place of each value', () => {
    const text = '{\n  "title": "T",\n  "creators": [\n    { "name": "A" }\n  ]\n}'

    const parsed = parseText(text, 'json')

    expect(parsed.value).toEqual({ title: 'T', creators: [{ name: 'A' }] })
    expect(parsed.problems).toEqual([])
    expect(parsed.spotOf(['title'])).toEqual({ line: 2, column: 12 })
    expect(parsed.spotOf(['creators'])).toEqual({ line: 3, column: 15 })
    expect(parsed.spotOf(['creators', 0, 'name'])).toEqual({ line: 4, column: 15 })
  })

  test('places what is absent at the nearest value around it', () => {
    const parsed = parseText('{\n  "creators": [\n    {}\n  ]\n}', 'json')

    expect(parsed.spotOf(['creators', 0, 'orcid'])).toEqual({ line: 3, column: 5 })
    expect(parsed.spotOf(['license'])).toEqual({ line: 1, column: 1 })
  })

  test('places YAML blocks at their keys', () => {
    const text = 'title: T\nauthors:\n  - name: A\n    orcid: x\nempty:\n'

    const parsed = parseText(text, 'yaml')

    expect(parsed.spotOf(['authors'])).toEqual({ line: 2, column: 1 })
    expect(parsed.spotOf(['authors', 0, 'orcid'])).toEqual({ line: 4, column: 12 })
    expect(parsed.spotOf(['empty'])).toEqual({ line: 5, column: 1 })
  })

  test('leaves numbers in YAML as they are written, and those in JSON as numbers', () => {
    expect(parseText('version: 1.0\nissue: 007', 'yaml').value).toEqual({
      version: '1.0',
      issue: '007',
    })
    expect(parseText('{"version": 1.0}', 'json').value).toEqual({ version: 1 })
  })

  test.each<[string, string]>([
    ['comments', 'a: 1 # one\n# two\n'],
    ['an anchor and its alias', 'b: &x 1\na: *x\n'],
    ['quotes', '"a": \'1\'\n'],
    ['several line ends', 'a: "1"\r\n'],
    ['a byte order mark', '\ufeffa: "1"\n'],
    ['a document mark', '---\na: "1"\n...\n'],
  ])('reads YAML with %s', (_, text) => {
    expect(parseText(text, 'yaml')).toMatchObject({ value: { a: '1' }, problems: [] })
  })

  test('reads JSON with a byte order mark and tabs', () => {
    expect(parseText('\ufeff{\n\t"a":\t"1"\n}', 'json')).toMatchObject({
      value: { a: '1' },
      problems: [],
    })
  })

  test.each<[string, string, { line: number; column: number }, string]>([
    ['a comma too many', '{\n  "a": 1,\n}', { line: 2, column: 9 }, 'nothing follows this comma'],
    [
      'a comma too few',
      '{\n  "a": 1\n  "b": 2\n}',
      { line: 2, column: 8 },
      'a comma is missing after this',
    ],
    ['a comment', '{\n  // why\n  "a": 1\n}', { line: 2, column: 3 }, 'property name'],
    ['single quotes', "{\n  'a': 1\n}", { line: 2, column: 3 }, 'property name'],
    ['a word', '{\n  "a": tru\n}', { line: 2, column: 11 }, 'JSON'],
    [
      'a comma too many in a list',
      '{\n  "a": [1,],\n  "b": 1\n}',
      { line: 2, column: 10 },
      'nothing follows this comma',
    ],
    ['two values', '{}\n{}', { line: 2, column: 1 }, 'non-whitespace'],
    ['a cut file', '{\n  "a": [1,', { line: 2, column: 11 }, 'JSON'],
    ['a cut text', '{\n  "a": "b', { line: 2, column: 10 }, 'Unterminated string'],
    ['nothing', '', { line: 1, column: 1 }, 'JSON'],
    ['words', 'title: T', { line: 1, column: 2 }, 'JSON'],
    ['a line end in a text', '{"a": "b\nc"}', { line: 1, column: 9 }, 'control character'],
  ])('says where JSON breaks: %s', (_, text, spot, words) => {
    const { value, problems } = parseText(text, 'json')

    expect(value).toBeUndefined()
    expect(problems).toHaveLength(1)
    expect(problems[0]?.spot).toEqual(spot)
    expect(problems[0]?.problem).toMatch(/^This is not valid JSON: /)
    expect(problems[0]?.problem).toContain(words)
  })

  test.each<[string, string, number]>([
    ['an open bracket', 'a: [1, 2\nb: 3', 2],
    ['a tab for indentation', 'a:\n\tb: 1', 2],
    ['an open quote', 'a: "b\nc: d\n', 1],
    ['an open quote of the other kind', "a: b\nc: 'd\ne: f\n", 2],
    ['two documents', 'a: 1\n---\nb: 2', 2],
  ])('says where YAML breaks: %s', (_, text, line) => {
    const { value, problems } = parseText(text, 'yaml')

    expect(value).toBeUndefined()
    expect(problems[0]?.problem).toMatch(/^This is not valid YAML: /)
    expect(problems[0]?.spot.line).toBe(line)
  })

  test.each<[string, string, number, RegExp]>([
    ['a line that is indented too far', 'a: 1\nb: 2\n  c: 3\n', 3, /indented further/],
    ['a list item that is indented too far', 'a:\n- b: 1\n  - c: 2\n', 3, /indented further/],
    ['a colon in a text', 'a: 1\nb: c: d\n', 2, /needs quotes/],
    ['a tab', 'a: 1\n\tb: 2\n', 2, /begins with a tab/],
    ['a text that begins with a sign', 'a: 1\nb: @c\n', 2, /Put the text in quotes/],
  ])('says in plain words what is wrong with %s, once', (_, text, line, words) => {
    const { problems } = parseText(text, 'yaml')

    expect(problems).toEqual([
      { problem: expect.stringMatching(words), spot: expect.objectContaining({ line }) as unknown },
    ])
  })

  test.each<['json' | 'yaml', string, string]>([
    ['json', '{\n  "a": 1,\n  "a": 2\n}', '"a"'],
    ['yaml', 'b: 0\na: 1\na: 2\n', 'a'],
    ['yaml', "b: 0\n'a b': 1\n'a b': 2\n", "'a b'"],
  ])('refuses a key given twice in %s, and names it', (format, text, key) => {
    const { problems } = parseText(text, format)

    const problem = `The key ${key} is given twice.`
    expect(problems).toMatchObject([{ problem, spot: { line: 3 } }])
  })

  test('takes a key named __proto__ for data', () => {
    const { value } = parseText('{"__proto__": {"polluted": true}, "constructor": 1}', 'json')

    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test.each<[string, string, 'json' | 'yaml', string]>([
    ['aliases of aliases', billionLaughs(), 'yaml', 'more than 100,000 values'],
    ['an alias of what is around it', 'a: &x\n  b: *x\n', 'yaml', 'nested too deeply'],
    ['a hundred thousand brackets', '['.repeat(100_000), 'yaml', 'nested too deeply'],
    [
      'as many brackets, closed',
      `${'['.repeat(9999)}${']'.repeat(9999)}`,
      'json',
      'nested too deeply',
    ],
    [
      'two hundred thousand values',
      `[${'1,'.repeat(200_000)}1]`,
      'json',
      'more than 100,000 values',
    ],
    ['ten million characters', ' '.repeat(10_000_001), 'yaml', '10 million characters'],
  ])('gives up on %s', (_, text, format, words) => {
    const { value, problems } = parseText(text, format)

    expect(value).toBeUndefined()
    expect(problems[0]?.problem).toContain(words)
  })
})

function billionLaughs(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < 10; level += 1) {
    const aliases = Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')
    lines.push(`a${level}: &a${level} [${aliases}]`)
  }
  return lines.join('\n')
}
