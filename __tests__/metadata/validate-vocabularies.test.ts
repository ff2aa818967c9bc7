import { describe, expect, test } from '@jest/globals'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { LICENSES } from '../../src/metadata/vocabularies.ts'
import { findProblems, judge, type Judgement } from './support.ts'

const firstProblem = (changes: Metadata) => findProblems(changes)[0]?.problem ?? ''

describe('upload_type', () => {
  test.each<[unknown, Judgement]>([
    ['dataset', 'fine'],
    [' dataset ', 'fine'],
    ['publication-article', 'fine'],
    ['physicalobject', 'fine'],
    ['Dataset', 'error'],
    ['code', 'error'],
    ['article', 'error'],
    ['project', 'error'],
    ['publication/article', 'error'],
    ['publication-thesis', 'error'],
    ['', 'error'],
    [null, 'error'],
    [true, 'error'],
    [['dataset'], 'error'],
    [undefined, 'error'],
  ])('as %j', (type, expected) => {
    expect(judge({ upload_type: type })).toBe(expected)
  })

  test.each<[string, Metadata, Judgement]>([
    ['its subtype', { upload_type: 'publication', publication_type: 'article' }, 'fine'],
    [
      'the old name of a subtype',
      { upload_type: 'publication', publication_type: 'thesis' },
      'fine',
    ],
    ['an empty subtype', { upload_type: 'publication', publication_type: '' }, 'fine'],
    ['null as subtype', { upload_type: 'publication', publication_type: null }, 'fine'],
    ['an unknown subtype', { upload_type: 'publication', publication_type: 'nonsense' }, 'error'],
    ['a number as subtype', { upload_type: 'publication', publication_type: 5 }, 'error'],
    ['an image type', { upload_type: 'image', image_type: 'screenshot' }, 'error'],
    [
      'a software type',
      { upload_type: 'software', software_type: 'computationalnotebook' },
      'fine',
    ],
    ['the subtype of another type', { publication_type: 'article' }, 'warning'],
    ['whatever as subtype of another type', { publication_type: 'nonsense' }, 'warning'],
    ['a subtype it cannot have', { dataset_type: 'x' }, 'error'],
  ])('with %s', (_, changes, expected) => {
    expect(judge(changes)).toBe(expected)
  })

  test('is told the nearest id and all that are accepted', () => {
    expect(firstProblem({ upload_type: 'Dataset' })).toBe(
      '"Dataset" is not accepted. Did you mean "dataset"? Accepted: audio, dataset, event, image, ' +
        'lesson, model, other, physicalobject, poster, presentation, publication, software, video or workflow.',
    )
  })
})

describe('license', () => {
  test.each([...LICENSES.keys()])('%s is accepted in any case', (id) => {
    expect(judge({ license: id })).toBe('fine')
    expect(judge({ license: { id } })).toBe('fine')
    expect(judge({ license: ` ${id.toUpperCase()}\n` })).toBe('fine')
  })

  test.each(['gfdl', 'fal'])('%s, which has no id any more, is accepted as it stands', (name) => {
    expect(judge({ license: name })).toBe('fine')
    expect(judge({ license: name.toUpperCase() })).toBe('error')
  })

  test.each([
    '',
    'cc0',
    'cc-by-nc',
    'BSD',
    'GPLv3',
    'MIT License',
    'MIT OR Apache-2.0',
    'NOASSERTION',
    'LicenseRef-foo',
    'https://spdx.org/licenses/MIT.html',
    'dl-de-by-2.0',
  ])('%j is refused', (license) => {
    expect(judge({ license })).toBe('error')
    expect(judge({ license: { id: license } })).toBe('error')
  })

  test.each([
    null,
    3,
    true,
    [],
    ['mit'],
    [{ id: 'mit' }],
    {},
    { id: null },
    { id: 5 },
    { name: 'mit' },
  ])('%j is no licence', (license) => {
    expect(judge({ license })).toBe('error')
  })

  test.each([
    ['cc0', 'cc0-1.0'],
    ['GPLv3', 'gpl-3.0-only'],
    ['BSD', 'bsd-3-clause'],
    ['MIT License', 'mit'],
    ['The MIT License', 'mit'],
    ['Apache License 2.0', 'apache-2.0'],
    ['Apache License, Version 2.0', 'apache-2.0'],
    ['CC BY 4.0', 'cc-by-4.0'],
    ['cc-by-nc-sa', 'cc-by-nc-sa-4.0'],
    ['https://creativecommons.org/licenses/by/4.0/', 'cc-by-4.0'],
    ['http://creativecommons.org/publicdomain/zero/1.0/legalcode', 'cc0-1.0'],
    ['https://opensource.org/licenses/MIT', 'mit'],
    ['https://spdx.org/licenses/Apache-2.0.html', 'apache-2.0'],
    ['apache-2.O', 'apache-2.0'],
  ])('%j is told %s', (license, meant) => {
    expect(firstProblem({ license })).toContain(`Did you mean "${meant}"?`)
  })

  test('a sentence is near to no licence', () => {
    expect(firstProblem({ license: 'see LICENSE' })).not.toContain('Did you mean')
  })

  test.each([
    ['licence', 'license'],
    ['rights', 'license'],
  ])('under the name %s is told to be %s', (name, meant) => {
    const [problem] = findProblems({ license: undefined, [name]: 'mit' })

    expect(problem?.severity).toBe('warning')
    expect(problem?.problem).toContain(`Did you mean "${meant}"?`)
  })
})

describe('language', () => {
  test.each<[unknown, Judgement]>([
    ['eng', 'fine'],
    ['en', 'fine'],
    ['EN', 'fine'],
    ['mul', 'fine'],
    ['und', 'fine'],
    ['xx', 'warning'],
    ['iw', 'warning'],
    ['', 'error'],
    ['e', 'error'],
    ['ENG', 'error'],
    ['ger', 'error'],
    ['qaa', 'error'],
    ['xyz', 'error'],
    ['eng ', 'error'],
    ['en-US', 'error'],
    ['english', 'error'],
    [null, 'error'],
    [5, 'error'],
    [['eng'], 'error'],
  ])('as %j', (language, expected) => {
    expect(judge({ language })).toBe(expected)
  })

  test.each([
    ['ger', 'deu'],
    ['fre', 'fra'],
    ['English', 'eng'],
    ['Deutsch', 'deu'],
    ['en-US', 'eng'],
    ['pt_BR', 'por'],
    ['ENG', 'eng'],
    ['eng, fra', 'eng'],
  ])('%j is told %s', (language, meant) => {
    expect(firstProblem({ language })).toContain(`Did you mean "${meant}"?`)
  })
})

describe('grants', () => {
  test.each<[string, unknown, Judgement]>([
    ['a known number', { id: '283595' }, 'fine'],
    ['a known number with the funder', { id: '10.13039/501100000780::283595' }, 'fine'],
    ['a known number with the ROR id', { id: '00k4n6c32::283595' }, 'fine'],
    ['a number that may exist', { id: '755021' }, 'warning'],
    ['another funder', { id: '10.13039/100000002::5R01MH058846-03' }, 'warning'],
    ['more keys', { id: '283595', title: 'OpenAIREplus' }, 'warning'],
    ['an unknown funder', { id: '10.13039/999999::1' }, 'error'],
    ['spaces', { id: ' 283595 ' }, 'error'],
    ['an acronym', { id: 'EC::283595' }, 'error'],
    ['a programme', { id: 'FP7 283595' }, 'error'],
    ['an address', { id: 'https://cordis.europa.eu/project/id/283595' }, 'error'],
    ['the form of OpenAIRE', { id: 'info:eu-repo/grantAgreement/EC/FP7/283595' }, 'error'],
    ['a funder alone', { id: '10.13039/501100000780' }, 'error'],
    ['no funder', { id: '::283595' }, 'error'],
    ['no number', { id: '10.13039/501100000780::' }, 'error'],
    ['three parts', { id: '10.13039/501100000780::283595::x' }, 'error'],
    ['nothing', { id: '' }, 'error'],
    ['a number that is no text', { id: 283595 }, 'error'],
    ['another key', { code: '283595' }, 'error'],
    ['a text', '283595', 'error'],
  ])('as %s', (_, grant, expected) => {
    expect(judge({ grants: [grant] })).toBe(expected)
  })

  test('that may exist can be looked up', () => {
    const [problem] = findProblems({ grants: [{ id: '755021' }] })

    expect(problem?.lookup).toEqual({ kind: 'award', id: '00k4n6c32::755021' })
  })
})

describe('communities', () => {
  test.each<[string, unknown, Judgement]>([
    ['a known one', { identifier: 'eu' }, 'fine'],
    ['spaces', { identifier: ' eu ' }, 'fine'],
    ['one that may exist', { identifier: 'no-such-community' }, 'warning'],
    ['capitals', { identifier: 'EU' }, 'warning'],
    ['an address', { identifier: 'https://zenodo.org/communities/eu' }, 'warning'],
    ['nothing', { identifier: '' }, 'warning'],
    ['null', { identifier: null }, 'warning'],
    ['a number', { identifier: 5 }, 'warning'],
    ['another key', { id: 'eu' }, 'error'],
    ['an empty object', {}, 'error'],
    ['a text', 'eu', 'error'],
  ])('as %s', (_, community, expected) => {
    expect(judge({ communities: [community] })).toBe(expected)
  })

  test('that may exist can be looked up', () => {
    const [problem] = findProblems({ communities: [{ identifier: 'my-lab' }] })

    expect(problem?.lookup).toEqual({ kind: 'community', id: 'my-lab' })
  })

  test('are told the last part of an address', () => {
    const communities = [{ identifier: 'https://zenodo.org/communities/my-lab/' }]

    expect(firstProblem({ communities })).toContain('Did you mean "my-lab"?')
  })
})

describe('custom', () => {
  test.each<[string, unknown, Judgement]>([
    ['a repository', { 'code:codeRepository': 'https://github.com/x/y' }, 'fine'],
    ['a repository without https', { 'code:codeRepository': 'x/y' }, 'warning'],
    ['a language', { 'code:programmingLanguage': [{ id: 'python' }] }, 'fine'],
    ['an unknown language', { 'code:programmingLanguage': [{ id: 'nolang' }] }, 'error'],
    ['a language as text', { 'code:programmingLanguage': ['python'] }, 'warning'],
    ['a status', { 'code:developmentStatus': { id: 'active' } }, 'fine'],
    ['an unknown status', { 'code:developmentStatus': { id: 'x' } }, 'error'],
    ['a status as text', { 'code:developmentStatus': 'active' }, 'warning'],
    ['texts', { 'dwc:scientificName': ['Aus bus'] }, 'fine'],
    ['one text', { 'dwc:scientificName': 'Aus bus' }, 'warning'],
    ['numbers', { 'dwc:decimalLatitude': [1.5, '2.5'] }, 'fine'],
    ['words for numbers', { 'dwc:decimalLatitude': ['north'] }, 'warning'],
    ['days', { 'dwc:eventDate': ['2020-01-01'] }, 'fine'],
    ['relations', { 'obo:RO_0002453': [{ subject: ['a'], object: ['b'] }] }, 'fine'],
    ['the journal', { 'journal:journal': { title: 'J' } }, 'fine'],
    ['an unknown name', { 'foo:bar': 1 }, 'warning'],
    ['null as value', { 'code:codeRepository': null }, 'warning'],
    ['nothing as value', { 'dwc:genus': [] }, 'fine'],
    ['an empty list', [], 'fine'],
    ['null', null, 'error'],
    ['a text', 'x', 'error'],
    ['false', false, 'error'],
  ])('with %s', (_, custom, expected) => {
    expect(judge({ custom })).toBe(expected)
  })

  test('that says what another field says wins over it', () => {
    const custom = { 'journal:journal': { title: 'K' } }

    const [problem] = findProblems({ custom, journal_title: 'J' })

    expect(problem).toMatchObject({ severity: 'warning', path: ['journal_title'] })
  })
})
