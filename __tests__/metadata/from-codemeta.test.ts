import { describe, expect, test } from '@jest/globals'
import { fromCodemeta } from '../../src/metadata/from-codemeta.ts'

const read = (codemeta: object) => fromCodemeta(JSON.stringify(codemeta, null, 2), 'codemeta.json')
const fieldsOf = (codemeta: object) => read(codemeta).metadata ?? {}

describe('fromCodemeta', () => {
  test('makes software of version 2.0', () => {
    const codemeta = {
      '@context': 'https://doi.org/10.5063/schema/codemeta-2.0',
      '@type': 'SoftwareSourceCode',
      name: 'My Software',
      description: 'Does *things*.',
      version: '1.2.3',
      datePublished: '2021-08-11',
      keywords: ['a', 'b'],
      license: 'https://spdx.org/licenses/Apache-2.0',
      author: [
        {
          '@type': 'Person',
          '@id': 'https://orcid.org/0000-0002-1825-0097',
          givenName: 'Jane',
          familyName: 'Doe',
          affiliation: { '@type': 'Organization', name: 'CERN' },
        },
        { '@type': 'Organization', name: 'The Team' },
      ],
    }

    expect(fieldsOf(codemeta)).toEqual({
      title: 'My Software',
      upload_type: 'software',
      description: '<p>Does <em>things</em>.</p>',
      version: '1.2.3',
      publication_date: '2021-08-11',
      keywords: ['a', 'b'],
      license: 'apache-2.0',
      creators: [
        { name: 'Doe, Jane', affiliation: 'CERN', orcid: '0000-0002-1825-0097' },
        { name: 'The Team' },
      ],
    })
  })

  test('makes software of version 3.0, with names without @ and roles apart', () => {
    const codemeta = {
      '@context': 'https://w3id.org/codemeta/3.0',
      type: 'SoftwareSourceCode',
      name: 'My Software',
      author: [
        {
          id: 'https://orcid.org/0000-0002-1825-0097',
          type: 'Person',
          givenName: ['Jane', 'Q.'],
          familyName: 'Doe',
        },
        {
          type: 'Role',
          'schema:author': 'https://orcid.org/0000-0002-1825-0097',
          roleName: 'Lead',
        },
      ],
      license: ['https://spdx.org/licenses/MIT', 'https://spdx.org/licenses/GPL-3.0-only'],
      keywords: 'ocean, sea level',
    }

    const { metadata, findings } = read(codemeta)

    expect(metadata).toMatchObject({
      upload_type: 'software',
      creators: [{ name: 'Doe, Jane Q.', orcid: '0000-0002-1825-0097' }],
      license: 'mit',
      keywords: ['ocean', 'sea level'],
    })
    expect(findings).toMatchObject([{ severity: 'warning', field: 'license' }])
  })

  test.each<[string, unknown, unknown]>([
    ['one person', { name: 'Jane Doe' }, [{ name: 'Jane Doe' }]],
    ['a text', 'Jane Doe', [{ name: 'Jane Doe' }]],
    [
      'an affiliation as text',
      { name: 'A', affiliation: 'CERN' },
      [{ name: 'A', affiliation: 'CERN' }],
    ],
    [
      'several affiliations',
      { name: 'A', affiliation: [{ name: 'CERN' }, { name: 'EPFL' }] },
      [{ name: 'A', affiliation: 'CERN' }],
    ],
    ['an id that is no ORCID iD', { '@id': 'https://github.com/jdoe', name: 'A' }, [{ name: 'A' }]],
    [
      'an organisation with a ROR id',
      { '@id': 'https://ror.org/01ggx4157', name: 'CERN' },
      [{ name: 'CERN' }],
    ],
  ])('takes an author given as %s', (_, author, creators) => {
    expect(fieldsOf({ author })['creators']).toEqual(creators)
  })

  test('keeps a wrong ORCID iD, to be judged on its line', () => {
    const source = read({ author: { '@id': 'https://orcid.org/0000-0002-1825-0098', name: 'A' } })

    expect(source.metadata?.['creators']).toEqual([
      { name: 'A', orcid: 'https://orcid.org/0000-0002-1825-0098' },
    ])
    expect(source.locate(['creators', 0, 'orcid'])).toMatchObject({
      field: 'author.@id',
      place: { line: 3 },
    })
  })

  test('refuses an author without a name', () => {
    expect(read({ author: [{ email: 'a@example.org' }] }).findings).toMatchObject([
      { severity: 'error', field: 'author.0' },
    ])
  })

  test.each([
    ['contributor', 'Other'],
    ['editor', 'Editor'],
    ['copyrightHolder', 'RightsHolder'],
  ])('makes contributors of %s', (key, type) => {
    expect(fieldsOf({ [key]: { name: 'A' } })['contributors']).toEqual([{ name: 'A', type }])
  })

  test.each<[unknown, string]>([
    ['https://spdx.org/licenses/MIT', 'mit'],
    ['http://spdx.org/licenses/BSD-3-Clause.html', 'bsd-3-clause'],
    ['spdx.org/licenses/MIT', 'spdx.org/licenses/MIT'],
    ['Apache-2.0', 'apache-2.0'],
    [
      { '@type': 'CreativeWork', url: 'https://creativecommons.org/licenses/by-sa/4.0/' },
      'cc-by-sa-4.0',
    ],
    [{ name: 'MIT' }, 'mit'],
  ])('reads the licence %j', (license, id) => {
    expect(fieldsOf({ license })['license']).toBe(id)
  })

  test.each<[unknown, unknown]>([
    ['1.0', '1.0'],
    [2, '2'],
  ])('takes version %j as text', (version, expected) => {
    expect(fieldsOf({ version })['version']).toBe(expected)
  })

  test('takes the day of a point in time', () => {
    expect(fieldsOf({ datePublished: '2021-08-11T10:00:00Z' })['publication_date']).toBe(
      '2021-08-11',
    )
  })

  test('makes a dataset of a dataset', () => {
    expect(fieldsOf({ '@type': ['Dataset'], name: 'D' })['upload_type']).toBe('dataset')
  })

  test('links to repository, page and papers, and remembers its DOIs', () => {
    const { metadata, dois } = read({
      '@id': 'https://doi.org/10.5281/zenodo.1234',
      identifier: [
        'https://doi.org/10.5281/zenodo.1233',
        { '@type': 'PropertyValue', propertyID: 'doi', value: '10.9876/foo' },
      ],
      codeRepository: 'https://github.com/x/y',
      url: 'https://x.org',
      softwareHelp: { '@id': 'https://x.org/docs' },
      referencePublication: [
        { '@type': 'ScholarlyArticle', '@id': 'https://doi.org/10.1234/paper' },
      ],
    })

    expect(dois).toEqual(['10.5281/zenodo.1233', '10.9876/foo', '10.5281/zenodo.1234'])
    expect(metadata).toMatchObject({
      custom: { 'code:codeRepository': 'https://github.com/x/y' },
      related_identifiers: [
        { identifier: '10.9876/foo', relation: 'isIdenticalTo' },
        {
          identifier: 'https://github.com/x/y',
          relation: 'isSupplementTo',
          resource_type: 'software',
        },
        { identifier: 'https://x.org', relation: 'isDescribedBy' },
        { identifier: 'https://x.org/docs', relation: 'isDocumentedBy' },
        { identifier: '10.1234/paper', relation: 'isDescribedBy' },
      ],
    })
  })

  test.each<[string, object, object]>([
    [
      'a grant of a funder Zenodo knows',
      {
        funding: {
          identifier: '283595',
          funder: { '@id': 'https://ror.org/00k4n6c32', name: 'EC' },
        },
      },
      { grants: [{ id: '00k4n6c32::283595' }] },
    ],
    [
      'a grant of a funder by its DOI',
      { funding: [{ identifier: '1', funder: { '@id': 'https://doi.org/10.13039/100000001' } }] },
      { grants: [{ id: '021nxhr62::1' }] },
    ],
    [
      'other funding in words',
      { funding: '1549758; Codemeta', funder: { '@type': 'Organization', name: 'NSF' } },
      { notes: '<p>Funding: NSF, 1549758; Codemeta</p>' },
    ],
    [
      'funders alone',
      { funder: [{ name: 'NSF' }, { name: 'DFG' }] },
      { notes: '<p>Funding: NSF; DFG</p>' },
    ],
  ])('tells %s', (_, codemeta, expected) => {
    expect(fieldsOf(codemeta)).toMatchObject(expected)
  })

  test.each([
    ['a list', '[]'],
    ['broken JSON', '{"name": }'],
  ])('cannot read %s', (_, text) => {
    const { metadata, findings } = fromCodemeta(text, 'codemeta.json')

    expect(metadata).toBeUndefined()
    expect(findings).toMatchObject([
      { severity: 'error', place: { file: 'codemeta.json', line: 1 } },
    ])
  })
})
