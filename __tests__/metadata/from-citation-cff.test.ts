import { describe, expect, test } from '@jest/globals'
import { fromCitationCff } from '../../src/metadata/from-citation-cff.ts'

const read = (text: string) => fromCitationCff(text, 'CITATION.cff')
const fieldsOf = (text: string) => read(text).metadata ?? {}

describe('fromCitationCff', () => {
  test('makes software of a small file', () => {
    const text = `cff-version: 1.2.0
message: Please cite it.
title: My Software
authors:
  - family-names: Doe
    given-names: Jane
`

    expect(fieldsOf(text)).toEqual({
      title: 'My Software',
      upload_type: 'software',
      creators: [{ name: 'Doe, Jane' }],
    })
  })

  test.each<[string, string, string]>([
    ['family and given names', '{family-names: Doe, given-names: Jane Q.}', 'Doe, Jane Q.'],
    [
      'a particle',
      '{family-names: Berg, given-names: Anna, name-particle: van der}',
      'van der Berg, Anna',
    ],
    ['a suffix', '{family-names: Smith, given-names: John, name-suffix: Jr.}', 'Smith Jr., John'],
    [
      'both',
      '{family-names: B, given-names: A, name-particle: de, name-suffix: III}',
      'de B III, A',
    ],
    ['a family name alone', '{family-names: Plato}', 'Plato'],
    ['a given name alone', '{given-names: Cher}', 'Cher'],
    ['an alias alone', '{alias: jdoe}', 'jdoe'],
    ['an entity', '{name: The Research Software project}', 'The Research Software project'],
    ['a name that is a number', '{family-names: 42}', '42'],
  ])('names people by %s', (_, author, name) => {
    expect(fieldsOf(`authors: [${author}]`)['creators']).toEqual([{ name }])
  })

  test.each([
    ['of the file', 'keyword: [a]', 'keyword', /^keyword: .*Did you mean "keywords"\?$/],
    ['of a person', 'authors: [{family-name: Doe}]', 'authors.0.family-name', /"family-names"/],
    ['that is like no other', 'funding: x', 'funding', /is left out\.$/],
  ])('warns of a field %s that the format does not have', (_, text, field, problem) => {
    expect(read(text).findings).toMatchObject([
      { severity: 'warning', field, problem: expect.stringMatching(problem) },
    ])
  })

  test('keeps affiliation and the bare ORCID iD', () => {
    const text = `authors:
  - family-names: Doe
    orcid: https://orcid.org/0000-0002-1825-0097
    affiliation: CERN
    email: jane@example.org
`

    expect(fieldsOf(text)['creators']).toEqual([
      { name: 'Doe', affiliation: 'CERN', orcid: '0000-0002-1825-0097' },
    ])
  })

  test('makes contributors of contacts', () => {
    expect(fieldsOf('contact: [{family-names: Roe}]')['contributors']).toEqual([
      { name: 'Roe', type: 'ContactPerson' },
    ])
  })

  test('takes version, date, keywords and type as they are written', () => {
    const text = 'version: 1.0\ndate-released: 2021-08-11\nkeywords: [a, 2020]\ntype: dataset\n'

    expect(fieldsOf(text)).toEqual({
      version: '1.0',
      publication_date: '2021-08-11',
      keywords: ['a', '2020'],
      upload_type: 'dataset',
    })
  })

  test('makes HTML of the abstract', () => {
    const text = 'abstract: |\n  Some *text* on List<String>.\n\n  - item\n'

    expect(fieldsOf(text)['description']).toBe(
      '<p>Some <em>text</em> on List&lt;String&gt;.</p>\n<ul>\n<li>item</li>\n</ul>',
    )
  })

  test.each([
    ['Apache-2.0', 'apache-2.0'],
    ['MIT', 'mit'],
    ['GPL-3.0-or-later', 'gpl-3.0-or-later'],
    ['CC-BY-4.0', 'cc-by-4.0'],
    ['GPL-3.0+', 'gpl-3.0-or-later'],
  ])('knows the licence %s', (license, id) => {
    expect(fieldsOf(`license: ${license}`)['license']).toBe(id)
  })

  test('takes the first of several licences, with a warning at the list', () => {
    const { metadata, findings } = read('title: T\nlicense:\n  - MIT\n  - Apache-2.0\n')

    expect(metadata?.['license']).toBe('mit')
    expect(findings).toMatchObject([
      {
        severity: 'warning',
        field: 'license',
        place: { file: 'CITATION.cff', line: 2, column: 1 },
      },
    ])
  })

  test('leaves an unknown licence as it is, to be judged on its line', () => {
    const source = read('title: T\nlicense: WTFPL-9\n')

    expect(source.metadata?.['license']).toBe('WTFPL-9')
    expect(source.locate(['license'])).toEqual({
      field: 'license',
      place: { file: 'CITATION.cff', line: 2, column: 10 },
    })
  })

  test('reads the licence from its address if there is no id', () => {
    const known = read('license-url: https://creativecommons.org/licenses/by/4.0/')
    const unknown = read('license-url: https://example.org/licence')

    expect(known.metadata?.['license']).toBe('cc-by-4.0')
    expect(unknown.metadata?.['license']).toBeUndefined()
    expect(unknown.findings).toMatchObject([{ severity: 'warning', field: 'license-url' }])
  })

  test('remembers DOIs of Zenodo, and links to others', () => {
    const text = `doi: 10.5281/zenodo.1234
identifiers:
  - {type: doi, value: 10.5281/zenodo.1234}
  - {type: doi, value: 10.5281/zenodo.1233}
  - {type: doi, value: "https://doi.org/10.9876/foo"}
  - {type: url, value: "https://example.org/x"}
  - {type: swh, value: "swh:1:rev:309cf2674ee7a0749978cf8265ab91a60aea0f7d"}
  - {type: other, value: "ABC 123"}
`

    const { metadata, dois, findings } = read(text)

    expect(dois).toEqual(['10.5281/zenodo.1234', '10.5281/zenodo.1233', '10.9876/foo'])
    expect(metadata?.['doi']).toBeUndefined()
    expect(metadata?.['related_identifiers']).toEqual([
      { identifier: '10.9876/foo', relation: 'isIdenticalTo' },
      { identifier: 'https://example.org/x', relation: 'isIdenticalTo' },
      {
        identifier:
          'https://archive.softwareheritage.org/swh:1:rev:309cf2674ee7a0749978cf8265ab91a60aea0f7d',
        relation: 'isIdenticalTo',
      },
    ])
    expect(findings).toMatchObject([{ severity: 'warning', field: 'identifiers.5.value' }])
  })

  test('links to the repository, and names it in the custom field', () => {
    const text = 'repository-code: https://github.com/x/y\nurl: https://x.org\n'

    expect(fieldsOf(text)).toMatchObject({
      custom: { 'code:codeRepository': 'https://github.com/x/y' },
      related_identifiers: [
        {
          identifier: 'https://github.com/x/y',
          relation: 'isSupplementTo',
          resource_type: 'software',
        },
        { identifier: 'https://x.org', relation: 'isDescribedBy' },
      ],
    })
  })

  test('does not link to the repository a second time beside the mark', () => {
    const text = 'repository-code: https://github.com/X/y.git\n'

    const { metadata } = fromCitationCff(text, 'CITATION.cff', {
      markedRepository: 'https://github.com/x/y',
    })

    expect(metadata?.['related_identifiers']).toBeUndefined()
    expect(metadata?.['custom']).toEqual({ 'code:codeRepository': 'https://github.com/X/y.git' })
  })

  test('tells references as texts, the preferred one first and with a link', () => {
    const text = `references:
  - type: article
    authors: [{family-names: Doe, given-names: J.}, {name: The Team}]
    title: On things
    year: 2020
    journal: J. Test
    volume: 12
    issue: 3
    start: 1
    end: 9
    doi: 10.1234/foo
  - title: A book
    publisher: {name: Press}
    url: https://example.org
preferred-citation:
  type: conference-paper
  title: The paper
  authors: [{family-names: Roe}]
  doi: 10.1234/paper
`

    expect(fieldsOf(text)).toMatchObject({
      references: [
        'Roe. The paper. https://doi.org/10.1234/paper',
        'Doe, J.; The Team (2020). On things. J. Test 12(3), 1–9. https://doi.org/10.1234/foo',
        'A book. Press. https://example.org',
      ],
      related_identifiers: [
        {
          identifier: '10.1234/paper',
          relation: 'isDescribedBy',
          resource_type: 'publication-conferencepaper',
        },
      ],
    })
  })

  test.each<[string, string, string]>([
    ['authors that are no list', 'authors: Jane Doe\n', 'authors'],
    ['authors that are texts', 'authors:\n  - Jane Doe\n', 'authors.0'],
  ])('refuses %s', (_, text, field) => {
    expect(read(text).findings).toMatchObject([{ severity: 'error', field }])
  })

  test.each([
    ['nothing', ''],
    ['a list', '- a'],
    ['broken YAML', 'a: [1'],
  ])('cannot read %s', (_, text) => {
    const { metadata, findings } = read(text)

    expect(metadata).toBeUndefined()
    expect(findings.length).toBeGreaterThan(0)
  })

  test('knows the lines of what it converted, and the names of what is missing', () => {
    const source = read('title: T\nauthors:\n  - family-names: Doe\n    orcid: x\n')

    expect(source.locate(['creators', 0, 'orcid'])).toMatchObject({
      field: 'authors.0.orcid',
      place: { line: 4 },
    })
    expect(source.locate(['creators', 0, 'name'])).toMatchObject({
      field: 'authors.0.family-names',
    })
    expect(source.locate(['description'])).toMatchObject({ field: 'abstract', place: { line: 1 } })
  })
})
