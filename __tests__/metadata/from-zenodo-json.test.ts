import { describe, expect, test } from '@jest/globals'
import { fromInlineText, fromZenodoJson } from '../../src/metadata/from-zenodo-json.ts'
import { detectKind, readSource } from '../../src/metadata/read-source.ts'

describe('fromZenodoJson', () => {
  test('reads the fields as they are', () => {
    const source = fromZenodoJson(
      '{"title": "T", "doi": "doi:10.1234/Foo"}',
      '.zenodo.json',
      'json',
    )

    expect(source.metadata).toEqual({ title: 'T', doi: 'doi:10.1234/Foo' })
    expect(source.findings).toEqual([])
    expect(source.dois).toEqual(['10.1234/Foo'])
  })

  test('takes the wrapper off and still knows the lines', () => {
    const text = '{\n  "metadata": {\n    "title": "T"\n  },\n  "id": 5\n}'

    const source = fromZenodoJson(text, 'a.json', 'json')

    expect(source.metadata).toEqual({ title: 'T' })
    expect(source.locate(['title'])).toEqual({
      field: 'title',
      place: { file: 'a.json', line: 3, column: 14 },
    })
    expect(source.findings).toEqual([
      {
        severity: 'warning',
        field: 'id',
        problem: 'id: stands beside "metadata" and is ignored; move it inside if it is meant.',
        place: { file: 'a.json', line: 5, column: 9 },
      },
    ])
  })

  test.each([
    'zenodo.schema.json',
    './schema/zenodo.schema.json',
    'https://example.org/zenodo-deposit/v1/schema/zenodo.schema.json',
  ])('passes over the address of its schema, %s', ($schema) => {
    const text = JSON.stringify({ $schema, title: 'T' })

    expect(fromZenodoJson(text, 'a.json', 'json').metadata).toEqual({ title: 'T' })
  })

  test('keeps the address of another schema, so that it is reported', () => {
    const $schema = 'https://zenodo.org/schemas/deposits/records/legacyrecord.json'

    const { metadata } = fromZenodoJson(JSON.stringify({ $schema }), 'a.json', 'json')

    expect(metadata).toEqual({ $schema })
  })

  test.each([
    ['a list', '[]'],
    ['a text', '"title"'],
    ['null', 'null'],
  ])('refuses %s', (_, text) => {
    const { metadata, findings } = fromZenodoJson(text, 'a.json', 'json')

    expect(metadata).toBeUndefined()
    expect(findings).toMatchObject([
      { severity: 'error', place: { file: 'a.json', line: 1, column: 1 } },
    ])
    expect(findings[0]?.problem).toMatch(/^Metadata must be an object/)
  })
})

describe('fromInlineText', () => {
  test('reads YAML with numbers as they are written', () => {
    const source = fromInlineText('version: 1.0\njournal_volume: 012\nkeywords: [2020]\n')

    expect(source.metadata).toEqual({ version: '1.0', journal_volume: '012', keywords: ['2020'] })
    expect(source.locate(['version'])).toEqual({
      field: 'version',
      place: { input: 'metadata', line: 1 },
    })
  })

  test('reads JSON as JSON', () => {
    expect(fromInlineText(' {"version": 1}').metadata).toEqual({ version: 1 })
  })
})

describe('detectKind', () => {
  test.each([
    ['.zenodo.json', '{"cff-version": "1.2.0"}', 'zenodo'],
    ['data/my.zenodo.json', '{}', 'zenodo'],
    ['CITATION.cff', 'title: T', 'citation'],
    ['sub/citation.CFF', 'title: T', 'citation'],
    ['codemeta.json', '{}', 'codemeta'],
    ['a.yaml', '# x\ncff-version: 1.2.0\n', 'citation'],
    ['a.json', '{"cff-version": "1.2.0"}', 'citation'],
    ['a.json', '{"@context": "https://w3id.org/codemeta/3.0"}', 'codemeta'],
    ['a.json', '{"@context": ["https://schema.org", "x"]}', 'codemeta'],
    ['a.json', '{"title": "About @context"}', 'zenodo'],
    ['metadata.yml', 'title: T', 'zenodo'],
  ])('takes %s with %j for %s', (file, text, kind) => {
    expect(detectKind(text, file)).toBe(kind)
  })
})

describe('readSource', () => {
  test.each<[string, string]>([
    ['metadata.yml', 'title: T\n'],
    ['metadata.json', '{"title": "T"}'],
    ['metadata', '{"title": "T"}'],
    ['.zenodo.json', '\ufeff{"title": "T"}'],
  ])('reads %s', (file, text) => {
    expect(readSource(text, file).metadata).toEqual({ title: 'T' })
  })

  test('does not take YAML in a file that must be JSON', () => {
    expect(readSource('title: T', '.zenodo.json').findings[0]?.problem).toContain('not valid JSON')
  })
})
