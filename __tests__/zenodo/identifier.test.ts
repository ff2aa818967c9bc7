import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseIdentifier } from '../../src/zenodo/identifier.ts'

const PRODUCTION = 'https://zenodo.org'
const SANDBOX = 'https://sandbox.zenodo.org'
const LOOPBACK = 'http://127.0.0.1:8080'

const id = (value: string): unknown => ({ identifier: { kind: 'id', id: value } })
const doi = (value: string): unknown => ({ identifier: { kind: 'doi', doi: value } })

/** Paths at any instance that name deposit 1234567. */
const PATHS = [
  ['a record', '/records/1234567'],
  ['a record in the old form', '/record/1234567'],
  ['a draft', '/deposit/1234567'],
  ['an upload', '/uploads/1234567'],
  ['a slash at the end', '/records/1234567/'],
  ['a file of a record', '/records/1234567/files/a%20b.csv?download=1'],
  ['an export', '/records/1234567/export/json'],
  ['a latest version', '/records/1234567/latest'],
  ['a fragment and a query', '/records/1234567?preview=1&token=abc#files'],
  ['a record of the API', '/api/records/1234567'],
  ['a draft of the API', '/api/records/1234567/draft'],
  ['a deposit of the API', '/api/deposit/depositions/1234567'],
  ['an action of the API', '/api/deposit/depositions/1234567/actions/publish'],
] as const

describe.each([
  ['production', PRODUCTION, '10.5281'],
  ['the sandbox', SANDBOX, '10.5072'],
  ['an instance on this machine', LOOPBACK, '10.5281'],
])('parseIdentifier for %s', (_, origin, prefix) => {
  test.each(PATHS)('takes the address of %s', (_name, path) => {
    expect(parseIdentifier(origin + path, origin)).toEqual(id('1234567'))
  })

  test.each([
    ['a DOI', `${prefix}/zenodo.1234567`],
    ['a DOI in capitals', `${prefix}/ZENODO.1234567`],
    ['a DOI with its scheme', `doi:${prefix}/zenodo.1234567`],
    ['a DOI with its scheme and a space', `DOI: ${prefix}/zenodo.1234567`],
    ['a DOI’s address', `https://doi.org/${prefix}/zenodo.1234567`],
    ['a DOI’s address without TLS', `http://doi.org/${prefix}/zenodo.1234567`],
    ['a DOI’s old address', `https://dx.doi.org/${prefix}/zenodo.1234567`],
    ['a DOI’s address without a scheme', `doi.org/${prefix}/zenodo.1234567`],
    ['a DOI’s address with an escaped slash', `https://doi.org/${prefix}%2Fzenodo.1234567`],
    ['a DOI’s address with a slash at the end', `https://doi.org/${prefix}/zenodo.1234567/`],
    ['a DOI below the instance', `${origin}/doi/${prefix}/zenodo.1234567`],
    ['a badge', `${origin}/badge/DOI/${prefix}/zenodo.1234567.svg`],
    ['a badge in small letters', `${origin}/badge/doi/${prefix}/zenodo.1234567.svg`],
    ['an id', '1234567'],
    ['an id with spaces around it', '  1234567\n'],
    ['an id with zeros before it', '0001234567'],
  ])('takes %s', (_name, text) => {
    expect(parseIdentifier(text, origin)).toEqual(id('1234567'))
  })

  test.each([
    ['of another repository', '10.1234/foo', '10.1234/foo'],
    ['with a prefix of several parts', '10.1234.5/foo', '10.1234.5/foo'],
    ['that ends in brackets', '10.1234/a(1)', '10.1234/a(1)'],
    ['that someone made up under Zenodo’s prefix', `${prefix}/my-data`, `${prefix}/my-data`],
    ['as an address', 'https://doi.org/10.1234/a%3Cb%3E', '10.1234/a<b>'],
  ])('keeps a DOI %s to be searched for', (_name, text, bare) => {
    expect(parseIdentifier(text, origin)).toEqual(doi(bare))
  })

  test.each([
    ['nothing', ''],
    ['words', 'my dataset'],
    ['a negative number', '-5'],
    ['a fraction', '1.5'],
    ['several ids', '1 2'],
    ['a prefix without a suffix', '10.5281/'],
    ['a DOI with a space', '10.5281/zenodo 1'],
    ['the instance itself', `${origin}/`],
    ['a community', `${origin}/communities/zenodo`],
    ['a search', `${origin}/search?q=1`],
    ['a record without an id', `${origin}/records/`],
    ['a record whose id is no number', `${origin}/records/abc`],
    ['a record whose id goes on', `${origin}/records/123abc`],
    ['a badge of a repository, not of a DOI', `${origin}/badge/12345.svg`],
    ['a DOI server without a DOI', 'https://doi.org/'],
    ['a script', 'javascript:alert(1)'],
    ['a file', 'file:///records/1'],
  ])('refuses %s', (_name, text) => {
    expect(parseIdentifier(text, origin)).toEqual({ problem: expect.any(String) })
  })

  test('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true, withFragments: true })),
        (text) => {
          expect(Object.keys(parseIdentifier(text, origin))).toHaveLength(1)
        },
      ),
    )
  })
})

describe('parseIdentifier', () => {
  test.each([
    ['without TLS', 'http://zenodo.org/records/1', PRODUCTION],
    ['with www', 'https://www.zenodo.org/records/1', PRODUCTION],
    ['without a scheme', 'zenodo.org/records/1', PRODUCTION],
    ['of the sandbox without a scheme', 'sandbox.zenodo.org/deposit/1', SANDBOX],
    ['in capitals', 'HTTPS://ZENODO.ORG/records/1', PRODUCTION],
    ['with the default port', 'https://zenodo.org:443/records/1', PRODUCTION],
  ])('takes an address of the instance %s', (_, text, origin) => {
    expect(parseIdentifier(text, origin)).toEqual(id('1'))
  })

  test.each([
    ['production’s address on the sandbox', 'https://zenodo.org/records/1', SANDBOX, PRODUCTION],
    [
      'the sandbox’s address on production',
      'https://sandbox.zenodo.org/deposit/1',
      PRODUCTION,
      SANDBOX,
    ],
    ['production’s DOI on the sandbox', '10.5281/zenodo.1', SANDBOX, PRODUCTION],
    ['the sandbox’s DOI on production', 'https://doi.org/10.5072/zenodo.1', PRODUCTION, SANDBOX],
    [
      'the sandbox’s DOI below production',
      'https://zenodo.org/doi/10.5072/zenodo.1',
      PRODUCTION,
      SANDBOX,
    ],
    [
      'an address of somebody else',
      'https://zenodo.org.evil.example/records/1',
      PRODUCTION,
      'https://zenodo.org.evil.example',
    ],
    ['another port', 'http://127.0.0.1:9/records/1', LOOPBACK, 'http://127.0.0.1:9'],
  ])('says that %s belongs to another instance', (_, text, origin, other) => {
    const parsed = parseIdentifier(text, origin)

    expect(parsed).toEqual({ problem: expect.stringContaining(`${other}, but`) })
    expect(parsed).toEqual({ problem: expect.stringContaining(`talks to ${origin}.`) })
  })

  test.each([
    [
      'the other public instance',
      'https://sandbox.zenodo.org/records/1',
      /Set sandbox or server-url/,
    ],
    ['a server that is none', 'https://github.com/octo/rivers', /Give the id \(1234567\)/],
    ['a badge of the GitHub integration', `${PRODUCTION}/badge/latestdoi/12345`, /give the DOI/],
  ])('says what to do with the address of %s', (_, text, wayOut) => {
    expect(parseIdentifier(text, PRODUCTION)).toEqual({ problem: expect.stringMatching(wayOut) })
  })

  test('takes no DOI of another prefix for one of Zenodo’s, though it looks like one', () => {
    expect(parseIdentifier('10.1234/zenodo.5', PRODUCTION)).toEqual(doi('10.1234/zenodo.5'))
    expect(parseIdentifier('10.1234/zenodo.5', LOOPBACK)).toEqual(id('5'))
  })

  test.each([
    ['of another instance', 'https://other.example/records/1?token=secret'],
    ['that names nothing', 'https://zenodo.org/me?token=secret#secret'],
    ['with a password', 'https://alice:secret@zenodo.org/me'],
    ['without a DOI', 'https://doi.org/x?token=secret'],
  ])('shows no secret of an address %s', (_, text) => {
    const parsed = parseIdentifier(text, PRODUCTION)

    expect(parsed).toHaveProperty('problem')
    expect(JSON.stringify(parsed)).not.toContain('secret')
  })
})
