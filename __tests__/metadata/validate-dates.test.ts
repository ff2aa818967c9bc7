import { describe, expect, test } from '@jest/globals'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { findProblems, judge, type Judgement } from './support.ts'

describe('publication_date', () => {
  test.each([
    '2026',
    '2026-01',
    '2026-01-15',
    ' 2026-01-15 ',
    '2030-12-31',
    '0001',
    '9999-12-31',
    '2000-02-29',
    '2025/2026',
    '2025-01/2026-01-15',
    '2026-01-01/2026-01-01',
    '2026/2026-05',
    '2026-05/2026',
    '1984-XX',
    '2004-06-XX',
    '2004-XX-XX',
    '2004-XX-01',
    '156X-12-25',
    '156X-12',
    '199X-XX',
    '15XX-12-25',
    '2004-06-XX/2004-07-03',
  ])('%j can be published', (date) => {
    expect(judge({ publication_date: date })).toBe('fine')
  })

  test.each([
    '',
    ' ',
    'today',
    '01/02/2026',
    '2026/01/15',
    '20260115',
    '2026-1-5',
    '2026-13-01',
    '2026-00-00',
    '2023-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-01-15T10:00:00Z',
    '2026-W03',
    '999',
    '10000-01-01',
    '2026-01-01/2025-01-01',
    '2026/2025-12',
    '2024/2025/2026',
    '/',
    '[1667,1668]',
  ])('%j is refused', (date) => {
    expect(judge({ publication_date: date })).toBe('error')
  })

  test.each([
    '0000',
    '0000-01-01',
    '0000/2000',
    '-0044-03-15',
    '199X',
    '19XX',
    'XXXX',
    '0XXX-01-01',
    '199X/2004',
    '2004/199X',
    '2004-XX/2005',
    '/2004',
    '2004-02-01/',
    '2020/..',
    '../2004',
    '../..',
    '2004-21',
    '2004-21/2005',
    '1984?',
    '2004-06~',
    '2004-06-11/2005~',
    '2004-06-uu',
    '1X84-1X',
    '1X99-01-01',
    '156X-02-29',
    '156X-02-30',
    '156X/1570',
    '2004-06-2X',
  ])('%j, which would crash the server or damage the record, is refused', (date) => {
    expect(judge({ publication_date: date })).toBe('error')
  })

  test.each([null, 20260115, ['2026']])('%j is no text and refused', (date) => {
    expect(judge({ publication_date: date })).toBe('error')
  })

  test('may be left out', () => {
    expect(judge({ publication_date: undefined })).toBe('fine')
  })
})

describe('embargo_date', () => {
  test.each<[string, unknown, Judgement]>([
    ['tomorrow', '2026-11-23', 'fine'],
    ['one digit for the day', '2027-1-5', 'fine'],
    ['the last day of all', '9999-12-31', 'fine'],
    ['today', '2026-11-22', 'error'],
    ['the past', '2020-01-01', 'error'],
    ['a month', '2027-12', 'error'],
    ['a time', '2027-12-31T00:00:00+00:00', 'error'],
    ['spaces around', ' 2027-12-31 ', 'error'],
    ['an interval', '2027-01-01/2028-01-01', 'error'],
    ['an impossible day', '2027-02-29', 'error'],
    ['a number', 2027, 'error'],
    ['nothing', '', 'error'],
    ['null', null, 'error'],
    ['no date', undefined, 'error'],
  ])('with an embargo: %s', (_, date, expected) => {
    expect(judge({ access_right: 'embargoed', embargo_date: date })).toBe(expected)
  })

  test.each<[string, unknown, Judgement]>([
    ['open', '2027-01-01', 'warning'],
    ['restricted', '2027-01-01', 'warning'],
    ['closed', 'nonsense', 'warning'],
    ['open', '', 'fine'],
    ['open', null, 'fine'],
  ])('without an embargo (%s): %j', (right, date, expected) => {
    expect(judge({ access_right: right, embargo_date: date })).toBe(expected)
  })

  test('beside no access right at all warns that it closes nothing', () => {
    const [problem] = findProblems({ access_right: undefined, embargo_date: '2027-01-01' })

    expect(problem?.problem).toContain('closes nothing')
  })
})

describe('access_right', () => {
  test.each<[unknown, Judgement]>([
    ['open', 'fine'],
    ['restricted', 'fine'],
    ['closed', 'fine'],
    ['', 'fine'],
    [null, 'fine'],
    ['OPEN', 'error'],
    [' open', 'error'],
    ['private', 'error'],
    [['open'], 'error'],
    [{ files: 'open' }, 'error'],
  ])('as %j', (right, expected) => {
    expect(judge({ access_right: right })).toBe(expected)
  })

  test('access_conditions are lost with any of them', () => {
    expect(judge({ access_right: 'restricted', access_conditions: '<p>Ask</p>' })).toBe('warning')
  })
})

describe('dates', () => {
  test.each<[string, Metadata, Judgement]>([
    ['both ends', { start: '2020-01-01', end: '2020-12-31', type: 'Collected' }, 'fine'],
    ['a type in another case', { start: '2020', type: ' COLLECTED ' }, 'fine'],
    ['one end', { end: '2020-01', type: 'Valid' }, 'fine'],
    ['equal ends', { start: '2020', end: '2020', type: 'Valid' }, 'fine'],
    ['an empty end', { start: '2020', end: '', type: 'Valid' }, 'fine'],
    ['a decade, which does no harm here', { start: '199X', type: 'Valid' }, 'fine'],
    ['an open start, which does no harm here', { start: '/2020', type: 'Valid' }, 'fine'],
    ['two numbers, which become a text', { start: 2019, end: 2020, type: 'Valid' }, 'fine'],
    ['a number', { start: 2019, type: 'Valid' }, 'error'],
    ['reversed ends', { start: '2021', end: '2020', type: 'Valid' }, 'error'],
    ['a time', { start: '2019-05-01T10:00:00Z', type: 'Valid' }, 'error'],
    ['the year 0', { start: '0000', type: 'Valid' }, 'error'],
    ['a negative year', { start: '-0044', type: 'Valid' }, 'error'],
    ['an open end', { start: '2020-01-01', end: '..', type: 'Valid' }, 'error'],
    ['spaces', { start: ' ', type: 'Valid' }, 'error'],
    ['neither end', { type: 'Valid' }, 'error'],
    ['the key "date"', { date: '2020', type: 'Valid' }, 'error'],
    ['no type', { start: '2020' }, 'error'],
    ['an unknown type', { start: '2020', type: 'Sampled' }, 'error'],
    ['null as type', { start: '2020', type: null }, 'error'],
  ])('with %s', (_, date, expected) => {
    expect(judge({ dates: [date] })).toBe(expected)
  })
})
