import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readMetadata, type MetadataRequest } from '../../src/metadata/read-metadata.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'
import { BASE, TODAY } from './support.ts'

type Files = Readonly<Record<string, string | Buffer | object>>

/** What is read in a folder with these files. */
async function read(files: Files, more: Partial<MetadataRequest> = {}) {
  await using folder = await createTemporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    await folder.write(
      name,
      typeof content === 'string' || Buffer.isBuffer(content)
        ? content
        : JSON.stringify(content, null, 2),
    )
  }
  return await readMetadata({
    directory: folder.path,
    file: undefined,
    inline: undefined,
    version: undefined,
    versionGiven: false,
    publicationDate: undefined,
    communities: [],
    repository: undefined,
    publish: false,
    today: TODAY,
    displayPath: (absolute) => path.relative(folder.path, absolute),
    ...more,
  })
}

const CFF = 'cff-version: 1.2.0\ntitle: From citation\nauthors: [{name: A}]\n'
const CODEMETA = { '@type': 'SoftwareSourceCode', name: 'From codemeta', author: { name: 'A' } }

describe('the file', () => {
  test.each<[string, Files, string | undefined, unknown]>([
    [
      '.zenodo.json first',
      { '.zenodo.json': BASE, 'CITATION.cff': CFF },
      '.zenodo.json',
      'A test dataset',
    ],
    [
      'CITATION.cff next',
      { 'CITATION.cff': CFF, 'codemeta.json': CODEMETA },
      'CITATION.cff',
      'From citation',
    ],
    ['codemeta.json last', { 'codemeta.json': CODEMETA }, 'codemeta.json', 'From codemeta'],
    ['none of others', { 'metadata.json': BASE }, undefined, undefined],
  ])('is %s', async (_, files, file, title) => {
    const found = await read(files)

    const others = Object.keys(files).filter((name) => name !== file && file !== undefined)
    expect(found.passedOver).toEqual(others)
    expect(found.file).toBe(file)
    expect(found.hasFile).toBe(file !== undefined)
    expect(found.metadata?.['title']).toBe(title)
  })

  test('wins whole: nothing is taken from the next one', async () => {
    const { metadata } = await read({ '.zenodo.json': { title: 'Alone' }, 'CITATION.cff': CFF })

    expect(metadata).toEqual({ title: 'Alone' })
  })

  test.each<[string, string | object]>([
    ['data/meta.json', BASE],
    ['data/meta.yml', `title: A test dataset\n`],
    ['data/other.cff', 'cff-version: 1.2.0\ntitle: A test dataset\n'],
  ])('can be named: %s', async (file, content) => {
    const found = await read({ [file]: content, '.zenodo.json': { title: 'Not this' } }, { file })

    expect(found.file).toBe(path.normalize(file))
    expect(found.metadata?.['title']).toBe('A test dataset')
  })

  test('is not looked for if its name is none', async () => {
    const found = await read({ '.zenodo.json': BASE }, { file: 'none' })

    expect(found.hasFile).toBe(false)
    expect(found.metadata).toBeUndefined()
  })

  test.each([
    ['absent', 'nope.json', 'there is no such file'],
    ['a folder', 'folder', 'it is a folder'],
  ])('is an error if it is named and %s', async (_, file, reason) => {
    const { findings } = await read({ 'folder/x': '' }, { file, describesNewDeposit: true })

    expect(findings).toEqual([
      {
        severity: 'error',
        field: '',
        problem: `The metadata file "${file}" cannot be read: ${reason}.`,
        place: { input: 'metadata-file' },
      },
    ])
  })

  test.each([
    ['.zenodo.json', '{\n  "title": "Höhen der Flüsse"\n}\n', 2],
    ['CITATION.cff', 'title: Flows\nauthors:\n  - name: Müller', 3],
  ])('is an error at its line if it is not UTF-8: %s', async (file, text, line) => {
    const { findings, metadata } = await read({ [file]: Buffer.from(text, 'latin1') })

    expect(metadata).toBeUndefined()
    expect(findings).toEqual([
      expect.objectContaining({
        severity: 'error',
        problem: expect.stringContaining('it is not UTF-8') as unknown,
        place: { file, line },
      }),
    ])
  })

  test.each([undefined, '.zenodo.json'])(
    'is an error if it lies outside of the folders that are allowed, named as %s',
    async (file) => {
      const { findings, metadata } = await read(
        { '.zenodo.json': BASE },
        { file, allowedRoots: ['/nowhere'] },
      )

      expect(metadata).toBeUndefined()
      expect(findings).toMatchObject([
        { severity: 'error', problem: expect.stringContaining('lies outside the workspace') },
      ])
    },
  )

  test('names DOIs of its own', async () => {
    const { dois } = await read({ 'CITATION.cff': `${CFF}doi: 10.5281/zenodo.1\n` })

    expect(dois).toEqual(['10.5281/zenodo.1'])
  })

  test('that is broken says where, and nothing about missing fields', async () => {
    const { findings, metadata, hasFile } = await read({ '.zenodo.json': '{\n  "title": "T",\n}' })

    expect(hasFile).toBe(true)
    expect(metadata).toBeUndefined()
    expect(findings).toMatchObject([{ place: { file: '.zenodo.json', line: 2, column: 15 } }])
  })
})

describe('inputs', () => {
  test('win over the file field by field, single inputs last', async () => {
    const found = await read(
      { '.zenodo.json': { ...BASE, version: 'file', keywords: ['file'] } },
      {
        inline:
          'title: Inline\nversion: inline\npublication_date: 2020\ncommunities: [{identifier: eu}]\n',
        version: 'input',
        versionGiven: true,
        publicationDate: '2021-01-01',
        communities: ['biosyslit'],
      },
    )

    expect(found.metadata).toEqual({
      ...BASE,
      title: 'Inline',
      keywords: ['file'],
      version: 'input',
      publication_date: '2021-01-01',
      communities: [{ identifier: 'biosyslit' }],
    })
    expect(found.sources).toMatchObject({
      title: 'input metadata',
      license: '.zenodo.json',
      version: 'input version',
      publication_date: 'input publication-date',
      communities: 'input communities',
    })
    expect(found.overrides).toEqual({
      title: 'Inline',
      version: 'input',
      publication_date: '2021-01-01',
      communities: [{ identifier: 'biosyslit' }],
    })
  })

  test.each<[string, Files, string | undefined, { version: string; source: string }]>([
    ['fills a gap', {}, undefined, { version: 'v1', source: 'tag' }],
    [
      'gives way to the file',
      { '.zenodo.json': { version: '1' } },
      undefined,
      { version: '1', source: '.zenodo.json' },
    ],
    [
      'gives way to the metadata input',
      {},
      'version: 2.0',
      { version: '2.0', source: 'input metadata' },
    ],
  ])("a tag's version %s", async (_, files, inline, { version, source }) => {
    const found = await read(files, { inline, version: 'v1' })

    expect(found.metadata?.['version']).toBe(version)
    expect(found.sources['version']).toBe(source)
    expect(found.overrides['version']).toBe(inline === undefined ? undefined : version)
  })

  test.each([
    ['another version than the tag', '1.5.0', 'v1.6.0', ['version']],
    ['the version of the tag, without its v', '1.6.0', 'v1.6.0', []],
    ['a version, under a tag that is none', '1.5.0', 'june', []],
  ])('%s in the file is told: %s', async (_, version, tag, fields) => {
    const found = await read({ '.zenodo.json': { ...BASE, version } }, { version: tag })

    expect(found.metadata?.['version']).toBe(version)
    expect(found.findings.map(({ field }) => field)).toEqual(fields)
    expect(found.findings.every(({ severity }) => severity === 'warning')).toBe(true)
  })

  test('the input version settles it', async () => {
    const found = await read(
      { '.zenodo.json': { ...BASE, version: '1.5.0' } },
      { version: 'v1.6.0', versionGiven: true },
    )

    expect(found.findings).toEqual([])
  })

  test('alone need no title', async () => {
    const found = await read({}, { inline: 'keywords: [a]', publish: true })

    expect(found.findings).toEqual([])
    expect(found.hasFile).toBe(false)
  })

  test('alone need one if they describe a new deposit', async () => {
    const found = await read(
      {},
      { inline: 'keywords: [a]', publish: true, describesNewDeposit: true },
    )

    expect(found.findings.map(({ field, severity }) => [field, severity])).toEqual([
      ['title', 'error'],
      ['upload_type', 'error'],
      ['creators', 'error'],
    ])
    expect(found.findings[0]?.place).toEqual({ input: 'metadata' })
  })

  test.each<[string, Partial<MetadataRequest>, 'warning' | 'error', RegExp]>([
    ['and is to stay a draft', {}, 'warning', /no \.zenodo\.json, CITATION\.cff or codemeta\.json/],
    ['and is to be published', { publish: true }, 'error', /Publishing needs a title/],
    ['since no file is wanted', { file: 'none' }, 'warning', /metadata-file is none/],
    ['but a version', { version: 'v1', versionGiven: true }, 'warning', /no metadata/],
  ])(
    'that leave a new deposit without any metadata %s are told once',
    async (_, more, severity, words) => {
      const { findings } = await read({}, { describesNewDeposit: true, ...more })

      expect(findings).toEqual([
        {
          severity,
          field: '',
          problem: expect.stringMatching(words),
          place: { input: 'metadata' },
        },
      ])
    },
  )

  test('that say nothing are nothing', async () => {
    const found = await read({}, { inline: ' \n' })

    expect(found.metadata).toBeUndefined()
    expect(found.overrides).toEqual({})
    expect(found.placeOf('title')).toBeUndefined()
  })

  test('are judged as well, each at its place', async () => {
    const found = await read(
      { '.zenodo.json': BASE },
      {
        inline: 'language: english',
        version: ' ',
        versionGiven: true,
        publicationDate: 'soon',
        communities: ['EU'],
      },
    )

    expect(found.findings.map(({ field, place }) => [field, place])).toEqual([
      ['communities.0.identifier', { input: 'communities' }],
      ['language', { input: 'metadata', line: 1 }],
      ['publication_date', { input: 'publication-date' }],
      ['version', { input: 'version' }],
    ])
  })
})

describe('findings', () => {
  test('are all there at once, sorted by line', async () => {
    const text = `{
  "title": "ab",
  "upload_type": "Dataset",
  "publication_date": "199X",
  "creators": [
    { "name": "Doe, Jane", "orcid": "0000-0002-1825-0098" },
    { "affiliation": "CERN" }
  ],
  "licence": "MIT",
  "license": "MIT License",
  "keywords": "a, b",
  "language": "ger",
  "version": 1.0,
  "journal_volume": 12
}`

    const { findings } = await read({ '.zenodo.json': text })

    expect(
      findings.map(({ severity, field, place }) => [
        severity,
        field,
        'file' in place && place.line,
      ]),
    ).toEqual([
      ['error', 'title', 2],
      ['error', 'upload_type', 3],
      ['error', 'publication_date', 4],
      ['error', 'creators.0.orcid', 6],
      ['error', 'creators.1.name', 7],
      ['warning', 'licence', 9],
      ['error', 'license', 10],
      ['error', 'keywords', 11],
      ['error', 'language', 12],
      ['error', 'version', 13],
      ['warning', 'journal_volume', 14],
    ])
  })

  test('start with the field they are about', async () => {
    const { findings } = await read({ '.zenodo.json': { ...BASE, language: 'ger' } })

    expect(findings[0]?.problem).toMatch(/^language: "ger" is not a language code/)
  })

  test('about citation files use the names and lines of the citation file', async () => {
    const { findings } = await read({
      'CITATION.cff': 'title: The\nauthors:\n  - family-names: Doe\n    orcid: x\nlicense: Foo\n',
    })

    expect(findings).toMatchObject([
      { field: 'authors.0.orcid', place: { file: 'CITATION.cff', line: 4, column: 12 } },
      { field: 'license', place: { file: 'CITATION.cff', line: 5, column: 10 } },
    ])
  })

  test.each<[boolean, string]>([
    [false, 'warning'],
    [true, 'error'],
  ])('about missing fields, with publish %s, are of severity %s', async (publish, severity) => {
    const { findings } = await read({ '.zenodo.json': { description: '<p>x</p>' } }, { publish })

    expect(findings.map((finding) => [finding.field, finding.severity])).toEqual([
      ['title', severity],
      ['upload_type', severity],
      ['creators', severity],
    ])
  })

  test.each<[string, object, string | undefined]>([
    ['of a data set', { upload_type: 'dataset' }, 'cc-zero'],
    ['under an embargo', { upload_type: 'dataset', access_right: 'embargoed' }, 'cc-zero'],
    ['of software', { upload_type: 'software' }, 'cc-by-4.0'],
    [
      'where access is restricted',
      { upload_type: 'dataset', access_right: 'restricted' },
      undefined,
    ],
    ['where the type is not known', {}, undefined],
  ])('warn of the licence that is granted where none is given: %s', async (_, fields, license) => {
    const given = { title: 'A test', creators: BASE['creators'], embargo_date: '2030-01-01' }

    const { findings } = await read({ '.zenodo.json': { ...given, ...fields } })

    const gaps = findings.filter(({ field }) => field === 'license')
    expect(gaps).toEqual(
      license === undefined
        ? []
        : [
            expect.objectContaining({
              severity: 'warning',
              problem: expect.stringContaining(`Zenodo will record ${license}`) as unknown,
            }),
          ],
    )
  })

  test.each<[string, object, boolean, 'warning' | 'error']>([
    ['stops a publication that nothing says is open', {}, true, 'error'],
    ['is told before a draft is made', {}, false, 'warning'],
    ['is told where the record is said to be open', { access_right: 'open' }, true, 'warning'],
  ])('about the end of no embargo: it %s', async (_, fields, publish, severity) => {
    const { title, upload_type, creators, license } = BASE
    const text = { title, upload_type, creators, license, embargo_date: '2030-01-01', ...fields }

    const { findings } = await read({ '.zenodo.json': text }, { publish })

    expect(findings).toMatchObject([{ field: 'embargo_date', severity }])
  })

  test.each<[string, object, boolean, 'warning' | 'error']>([
    ['stops a publication', { licence: 'mit' }, true, 'error'],
    ['is told before a draft is made', { licence: 'mit' }, false, 'warning'],
    [
      'is told where the right name is there as well',
      { licence: 'mit', license: 'mit' },
      true,
      'warning',
    ],
    ['is told where nothing like it exists', { license: 'mit', foo: 1 }, true, 'warning'],
  ])('about a field that does not exist: it %s', async (_, fields, publish, severity) => {
    const { title, upload_type, creators } = BASE
    const text = { title, upload_type, creators, ...fields }

    const { findings } = await read({ '.zenodo.json': text }, { publish })

    const unknown = findings.filter(({ problem }) => problem.includes('knows no field'))
    expect(unknown).toMatchObject([{ severity }])
  })

  test('that only the instance can settle say what to ask for', async () => {
    const communities = [{ identifier: 'my-lab' }]

    const { findings } = await read({ '.zenodo.json': { ...BASE, communities } })

    expect(findings).toMatchObject([
      { severity: 'warning', lookup: { kind: 'community', id: 'my-lab' } },
    ])
  })

  test.each<[string, Partial<MetadataRequest>, number]>([
    ["the deposit's own", { ownDois: ['10.5281/zenodo.7'] }, 0],
    ['of another record', { ownDois: ['10.5281/zenodo.8'] }, 1],
  ])('about a DOI of Zenodo in the input depend on whose it is: %s', async (_, more, count) => {
    const inline = 'doi: 10.5281/zenodo.7'

    const { findings } = await read({ '.zenodo.json': BASE }, { ...more, inline })

    expect(findings).toHaveLength(count)
  })

  test('know the DOI prefix of another instance', async () => {
    const request = { inline: 'doi: 10.5072/zenodo.7' }
    const files = { '.zenodo.json': BASE }

    expect((await read(files, request)).findings).toEqual([])
    expect((await read(files, { ...request, doiPrefix: '10.5072' })).findings).toHaveLength(1)
  })

  test.each([
    ['of a record names it, and is no field', '10.5281/zenodo.7', undefined],
    ['from elsewhere is a field', '10.1234/x', '10.1234/x'],
  ])('say nothing of the DOI in a file, which %s', async (_, doi, field) => {
    const { findings, metadata, dois } = await read({ '.zenodo.json': { ...BASE, doi } })

    expect(findings).toEqual([])
    expect(metadata?.['doi']).toBe(field)
    expect(dois).toEqual([doi])
  })
})

describe('placeOf', () => {
  test('finds the value, the nearest one around it, or the file', async () => {
    const found = await read({ '.zenodo.json': BASE }, { inline: 'version: 1' })

    const affiliation = found.placeOf('creators.0.affiliation')
    const orcid = found.placeOf('creators.0.orcid')

    expect(affiliation).toEqual({ file: '.zenodo.json', line: 8, column: 22 })
    expect(orcid).toEqual({ file: '.zenodo.json', line: 6, column: 5 })
    expect(found.placeOf('doi')).toEqual({ file: '.zenodo.json', line: 1, column: 1 })
    expect(found.placeOf('version')).toEqual({ input: 'metadata', line: 1 })
  })
})
