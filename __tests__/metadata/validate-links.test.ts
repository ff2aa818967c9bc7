import { describe, expect, test } from '@jest/globals'
import { detectScheme } from '../../src/metadata/identifier-scheme.ts'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { findProblems, judge, type Judgement } from './support.ts'

describe('detectScheme', () => {
  test.each<[string, string]>([
    ['10.1234/FOO.Bar', 'doi'],
    ['https://doi.org/10.1234/foo', 'doi'],
    ['DOI: 10.1234/foo', 'doi'],
    ['DOI 10.1234/foo', 'handle'],
    ['ark:/12345/x54xz321', 'ark'],
    ['http://x.org/ark:/12345/x', 'ark'],
    ['hdl:2381/12345', 'handle'],
    ['https://hdl.handle.net/2381/12345', 'handle'],
    ['github.com/x/y', 'handle'],
    ['file:///data/x', 'handle'],
    ['1310.2590', 'arxiv'],
    ['arxiv:1310.2590v2', 'arxiv'],
    ['hep-th/9901001', 'arxiv'],
    ['math.GT/0309136', 'arxiv'],
    ['http://purl.org/dc/terms/', 'purl'],
    ['urn:lsid:ubio.org:namebank:11815', 'lsid'],
    ['URN:ISBN:9783161484100', 'urn'],
    ['2011ApJS..192...18K', 'ads'],
    ['978-3-16-148410-0', 'isbn'],
    ['0-06-251587-X', 'isbn'],
    ['ISBN:9783161484100', 'isbn'],
    ['0317-8471', 'issn'],
    ['0000 0001 2150 090X', 'isni'],
    ['0000-0002-1825-0097', 'isni'],
    ['4006381333931', 'ean13'],
    ['0A9-2002-12B4A105-7', 'istc'],
    ['12082125', 'pmid'],
    ['https://pubmed.ncbi.nlm.nih.gov/12082125/', 'pmid'],
    ['https://example.org/a b', 'url'],
    ['git+https://github.com/x/y.git', 'url'],
    ['ftp://example.org/x', 'url'],
    ['http://localhost/x', 'url'],
    ['Q42', 'wikidata'],
    ['CSTR:31253.11.sciencedb.ABC', 'cstr'],
    ['1.2.3.4', 'cstr'],
    ['RRID:SCR_014641', 'rrid'],
    [' 10.1234/foo\n', 'doi'],
  ])('%j is a %s', (identifier, scheme) => {
    expect(detectScheme(identifier)).toBe(scheme)
  })

  test.each([
    '',
    'not recognised',
    '10.1234',
    'v1.0.0',
    'mailto:a@example.org',
    'www.example.org',
    'swh:1:rev:309cf2674ee7a0749978cf8265ab91a60aea0f7d',
    'ror:00k4n6c32',
    '00k4n6c32',
    'ISSN 0317-8471',
    'issn:0317-8471',
    'PMC2631623',
    'igsn:AU1101',
    'ascl:1305.002',
    'grid.9132.9',
    'gnd:118540238',
    '978-3-16-148410-1',
    '0317-8472',
    '12345670',
    'http://viaf.org/viaf/123456',
    'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  ])('%j is nothing Zenodo recognises', (identifier) => {
    expect(detectScheme(identifier)).toBeUndefined()
  })
})

const link = (more: Metadata) => ({
  related_identifiers: [{ identifier: '10.1234/foo', relation: 'cites', ...more }],
})

describe('related identifiers', () => {
  test.each<[string, Metadata, Judgement]>([
    ['a relation in another case, with spaces', { relation: ' ISSUPPLEMENTTO ' }, 'fine'],
    ['a relation the deposit API does not show', { relation: 'hasTranslation' }, 'fine'],
    ["Zenodo's own misspelling", { relation: 'isOrignialFormOf' }, 'fine'],
    ['an alternate identifier', { relation: 'isAlternateIdentifier' }, 'fine'],
    ['an alternate identifier in another case', { relation: 'isalternateidentifier' }, 'error'],
    ['an unknown relation', { relation: 'supplementTo' }, 'error'],
    ['an empty relation', { relation: '' }, 'error'],
    ['null as relation', { relation: null }, 'error'],
    ['a number as relation', { relation: 5 }, 'error'],
    ['null as identifier', { identifier: null }, 'error'],
    ['a number as identifier', { identifier: 10.1234 }, 'error'],
    ['an unrecognised identifier', { identifier: 'v1.0.0' }, 'error'],
    ['a type', { resource_type: 'publication-article' }, 'fine'],
    ['a type that only links have', { resource_type: 'project' }, 'fine'],
    ['an empty type', { resource_type: '' }, 'fine'],
    ['a type in capitals', { resource_type: 'Software' }, 'error'],
    ['a bare subtype', { resource_type: 'article' }, 'error'],
    ["the old subtype 'thesis'", { resource_type: 'publication-thesis' }, 'error'],
    ['another scheme', { scheme: 'url' }, 'fine'],
    ['an unknown key', { note: 'x' }, 'warning'],
  ])('with %s', (_, more, expected) => {
    expect(judge(link(more))).toBe(expected)
  })

  test.each<[string, unknown, Judgement]>([
    ['a text', '10.1234/foo', 'error'],
    ['texts', ['10.1234/foo'], 'error'],
    ['null in the list', [null], 'error'],
    ['the native form', [{ identifier: '10.1/x', relation_type: { id: 'cites' } }], 'error'],
    ['a misspelt key', [{ id: '10.1/x', relation: 'cites' }], 'error'],
    [
      '200 of them',
      Array.from({ length: 200 }, (_, index) => ({
        identifier: `10.1/${index}`,
        relation: 'cites',
      })),
      'fine',
    ],
  ])('as %s', (_, related, expected) => {
    expect(judge({ related_identifiers: related })).toBe(expected)
  })

  test.each<[string, readonly string[], Judgement]>([
    ['the same one twice', ['10.1234/foo', 'https://doi.org/10.1234/foo'], 'warning'],
    ['two different ones', ['10.1234/foo', '10.1234/bar'], 'fine'],
  ])('with %s as alternate identifiers', (_, identifiers, expected) => {
    const related = identifiers.map((identifier) => ({
      identifier,
      relation: 'isAlternateIdentifier',
    }))

    expect(judge({ related_identifiers: related })).toBe(expected)
  })

  test('with a type on an alternate identifier lose the type', () => {
    const [problem] = findProblems(
      link({ relation: 'isAlternateIdentifier', resource_type: 'dataset' }),
    )

    expect(problem).toMatchObject({
      severity: 'warning',
      path: ['related_identifiers', 0, 'resource_type'],
    })
  })

  test.each([
    [
      'swh:1:dir:d198bc9d7a6bcf6db04f476d29314f157507d505',
      'https://archive.softwareheritage.org/swh:1:dir:d198bc9d7a6bcf6db04f476d29314f157507d505',
    ],
    ['ror:00k4n6c32', 'https://ror.org/00k4n6c32'],
    ['www.example.org', 'https://www.example.org'],
    ['ISSN 0317-8471', '0317-8471'],
    ['PMID: 12082125', '12082125'],
  ])('of the kind %s are told how to be written', (identifier, advice) => {
    const [problem] = findProblems(link({ identifier }))

    expect(problem?.problem).toContain(`Write "${advice.slice(0, 50)}`)
  })
})

describe('doi', () => {
  test.each<[string, unknown, Judgement]>([
    ['one from elsewhere', '10.9876/foo', 'fine'],
    ['an address', 'https://doi.org/10.9876/foo', 'fine'],
    ['a prefix and spaces', ' doi:10.9876/foo ', 'fine'],
    ['nothing', '', 'fine'],
    ['null', null, 'fine'],
    ["the deposit's own", '10.5281/ZENODO.4711', 'fine'],
    ["the deposit's own as address", 'https://doi.org/10.5281/zenodo.4711', 'error'],
    ["another record's", '10.5281/zenodo.99', 'error'],
    ["one of Zenodo's prefix", '10.5281/foo', 'error'],
    ['words', 'not a doi', 'error'],
    ['no suffix', '10.9876', 'error'],
    ['a space after DOI', 'DOI 10.9876/foo', 'error'],
    ['another address', 'https://example.org/x', 'error'],
    ['a number', 5, 'error'],
    ['an object', { doi: '10.9876/foo' }, 'error'],
  ])('as %s', (_, doi, expected) => {
    expect(judge({ doi }, { ownDois: ['10.5281/zenodo.4711'] })).toBe(expected)
  })

  test('with the prefix of a sandbox is refused there', () => {
    const managedPrefixes = ['10.5281', '10.5072']

    expect(judge({ doi: '10.5072/zenodo.1' })).toBe('fine')
    expect(judge({ doi: '10.5072/zenodo.1' }, { managedPrefixes })).toBe('error')
  })
})

describe('conference_url', () => {
  test.each<[unknown, Judgement]>([
    ['https://example.org/conf', 'fine'],
    ['https://example.org ', 'fine'],
    ['ftp://example.org/x', 'fine'],
    ['http://localhost:8080/x', 'fine'],
    ['http://192.168.0.1', 'fine'],
    ['https://tagung.straße.de', 'fine'],
    ['', 'fine'],
    [null, 'fine'],
    ['www.example.org', 'warning'],
    ['example.org', 'warning'],
    ['https://', 'warning'],
    ['https://nodomain', 'warning'],
    ['https://example.org/a b', 'warning'],
    ['git+https://example.org', 'warning'],
    [5, 'warning'],
  ])('as %j', (url, expected) => {
    expect(judge({ conference_url: url })).toBe(expected)
  })
})

describe('imprint_isbn', () => {
  test.each<[unknown, Judgement]>([
    ['9783161484100', 'fine'],
    ['0-06-251587-X', 'fine'],
    ['ISBN 978-3-16-148410-0', 'fine'],
    ['', 'fine'],
    [null, 'fine'],
    ['978-3-16-148410-1', 'warning'],
    ['123', 'warning'],
    ['4006381333931', 'warning'],
    [9783161484100, 'warning'],
  ])('as %j', (isbn, expected) => {
    expect(judge({ imprint_isbn: isbn })).toBe(expected)
  })
})
