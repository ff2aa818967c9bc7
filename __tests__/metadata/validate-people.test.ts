import { describe, expect, test } from '@jest/globals'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { findProblems, judge, type Judgement } from './support.ts'

const person = (more: Metadata) => ({ creators: [{ name: 'Doe, Jane', ...more }] })

describe('names', () => {
  test.each<[string, unknown, Judgement]>([
    ['family and given name', 'Doe, Jane', 'fine'],
    ['one word', 'CERN', 'fine'],
    ['two commas', 'Smith, John, Jr.', 'fine'],
    ['a comma at the end', 'Doe, ', 'fine'],
    ['HTML', '<b>Doe</b>, Jane', 'fine'],
    ['no family name', ', Jane', 'error'],
    ['a comma', ',', 'error'],
    ['spaces', '  ', 'error'],
    ['controls', '\u0000\u200b', 'error'],
    ['nothing', '', 'error'],
    ['null', null, 'error'],
    ['a number', 5, 'error'],
    ['a list', ['Doe, Jane'], 'error'],
  ])('of %s', (_, name, expected) => {
    expect(judge({ creators: [{ name }] })).toBe(expected)
  })

  test.each<[string, unknown]>([
    ['texts', ['Doe, Jane']],
    ['null', [null]],
    ['lists', [['Doe, Jane']]],
    ['names in two keys', [{ given_name: 'Jane', family_name: 'Doe' }]],
  ])('are refused as %s', (_, creators) => {
    expect(judge({ creators })).toBe('error')
  })
})

describe('ORCID iDs', () => {
  test.each<[string, unknown, Judgement]>([
    ['the bare id', '0000-0002-1825-0097', 'fine'],
    ['16 digits', '0000000218250097', 'fine'],
    ['spaces', ' 0000 0002 1825 0097 ', 'fine'],
    ['the address', 'https://orcid.org/0000-0002-1825-0097', 'fine'],
    ['the address with a slash', 'http://orcid.org/0000-0002-1694-233X/', 'fine'],
    ['a small x', '0000-0002-1694-233x', 'fine'],
    ['an id of the second range', '0009-0000-1234-567X', 'fine'],
    ['nothing', '', 'fine'],
    ['null', null, 'fine'],
    ['false', false, 'fine'],
    ['a wrong check digit', '0000-0002-1825-0098', 'error'],
    ['zeros, which are out of range', '0000-0000-0000-0000', 'error'],
    ['15 digits', '0000-0002-1825-009', 'error'],
    ['the address with www', 'http://www.orcid.org/0000-0002-1825-0097', 'error'],
    ['the address without https', 'orcid.org/0000-0002-1825-0097', 'error'],
    ['a prefix', 'orcid:0000-0002-1825-0097', 'error'],
    ['en dashes', '0000–0002–1825–0097', 'error'],
    ['a number', 21825009, 'error'],
    ['words', 'abc', 'error'],
  ])('as %s', (_, orcid, expected) => {
    expect(judge(person({ orcid }))).toBe(expected)
  })

  test('are told in the form Zenodo reads', () => {
    const [problem] = findProblems(person({ orcid: 'orcid.org/0000-0002-1825-0097' }))

    expect(problem).toMatchObject({
      path: ['creators', 0, 'orcid'],
      problem:
        'Zenodo cannot read "orcid.org/0000-0002-1825-0097"; write "https://orcid.org/0000-0002-1825-0097".',
    })
  })
})

describe('GND numbers', () => {
  test.each<[string, unknown, Judgement]>([
    ['the number', '118540238', 'fine'],
    ['a prefix', 'GND:118540238', 'fine'],
    ['the address', 'https://d-nb.info/gnd/118540238', 'fine'],
    ['an old number', '4012345-6', 'fine'],
    ['a check digit of ten', '13000000X', 'warning'],
    ['a wrong check digit', '118540239', 'warning'],
    ['words', 'xx', 'error'],
    ['a number', 118540238, 'error'],
    ['nothing', '', 'fine'],
  ])('as %s', (_, gnd, expected) => {
    expect(judge(person({ gnd }))).toBe(expected)
  })
})

describe('affiliations', () => {
  test.each<[string, Metadata, Judgement]>([
    ['a name', { affiliation: 'CERN' }, 'fine'],
    ['null', { affiliation: null }, 'fine'],
    ['an empty list', { affiliation: [] }, 'fine'],
    ['a number', { affiliation: 5 }, 'warning'],
    ['a list', { affiliation: ['CERN'] }, 'warning'],
    ['the native form', { affiliations: [{ name: 'CERN' }, { name: 'EPFL' }] }, 'fine'],
    ['both forms', { affiliation: 'EPFL', affiliations: [{ name: 'CERN' }] }, 'warning'],
    ['texts in the native form', { affiliations: ['CERN'] }, 'error'],
  ])('as %s', (_, more, expected) => {
    expect(judge(person(more))).toBe(expected)
  })
})

describe('unknown keys of a person', () => {
  test.each<[string, Metadata, string]>([
    ['ORCID', { ORCID: 'x' }, 'orcid'],
    ['orcid_id', { orcid_id: 'x' }, 'orcid'],
    ['firstname', { firstname: 'Jane' }, 'name'],
    ['institution', { institution: 'CERN' }, 'affiliation'],
  ])('%s', (_, more, meant) => {
    const [problem] = findProblems(person(more))

    expect(problem?.severity).toBe('warning')
    expect(problem?.problem).toContain(`Did you mean "${meant}"?`)
  })
})

describe('contributors', () => {
  test.each<[string, Metadata, Judgement]>([
    ['a role', { type: 'DataCurator' }, 'fine'],
    ['a role in another case, with spaces', { type: ' datacurator ' }, 'fine'],
    ['a role the deposit API does not show', { type: 'Translator' }, 'fine'],
    ['an unknown role', { type: 'author' }, 'error'],
    ['a role in two words', { type: 'Data Collector' }, 'error'],
    ['no role', {}, 'error'],
    ['null', { type: null }, 'error'],
    ['an empty role', { type: '' }, 'error'],
    ['a number', { type: 5 }, 'error'],
    ['a list', { type: ['Editor'] }, 'error'],
    ['a bad ORCID iD', { type: 'Editor', orcid: 'x' }, 'error'],
  ])('with %s', (_, more, expected) => {
    expect(judge({ contributors: [{ name: 'Roe, Rick', ...more }] })).toBe(expected)
  })

  test('are told the nearest role', () => {
    const contributors = [{ name: 'Roe, Rick', type: 'Data Collector' }]

    const [problem] = findProblems({ contributors })

    expect(problem?.problem).toContain('Did you mean "DataCollector"?')
  })
})

describe('supervisors of a thesis', () => {
  test.each<[string, unknown, Judgement]>([
    ['people', [{ name: 'Boss, Big' }], 'fine'],
    ['nobody', [], 'fine'],
    ['a person without a name', [{ affiliation: 'x' }], 'error'],
    ['texts', ['x'], 'error'],
    ['null in the list', [null], 'error'],
  ])('as %s', (_, supervisors, expected) => {
    expect(judge({ thesis_supervisors: supervisors })).toBe(expected)
  })
})
