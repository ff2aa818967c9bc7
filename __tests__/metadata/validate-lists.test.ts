import { describe, expect, test } from '@jest/globals'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { findProblems, judge, type Judgement } from './support.ts'

describe('keywords', () => {
  test.each<[string, unknown, Judgement]>([
    ['texts', ['a', 'b c', 'd, e'], 'fine'],
    ['equal texts', ['a', 'a'], 'fine'],
    ['nothing', [], 'fine'],
    ['an empty text', '', 'fine'],
    ['null among texts', ['a', null], 'fine'],
    ['nothing but null', [null], 'warning'],
    ['a text without spaces', 'a,b', 'warning'],
    ['a text with spaces', 'a, b', 'error'],
    ['an object', { a: 1 }, 'warning'],
    ['a number among texts', ['a', 5], 'warning'],
    ['objects', [{ term: 'a' }], 'warning'],
    ['a blank text', ['a', ' '], 'error'],
    ['an empty text among others', ['a', ''], 'error'],
    ['null', null, 'error'],
    ['a number', 5, 'error'],
  ])('as %s', (_, keywords, expected) => {
    expect(judge({ keywords })).toBe(expected)
  })

  test('are told how to be written as a list', () => {
    const [problem] = findProblems({ keywords: 'ocean, temperature' })

    expect(problem?.problem).toContain('Write a list: ["ocean","temperature"].')
  })
})

describe('references', () => {
  test.each<[string, unknown, Judgement]>([
    ['texts', ['Doe J (2020). A.'], 'fine'],
    ['an empty text', ['A', ''], 'fine'],
    ['a blank text', ['A', '  '], 'warning'],
    ['one text', 'Doe J (2020). A.', 'warning'],
    ['objects', [{ title: 'A' }], 'warning'],
    ['null', null, 'error'],
    ['true', true, 'error'],
  ])('as %s', (_, references, expected) => {
    expect(judge({ references })).toBe(expected)
  })
})

describe('subjects', () => {
  test.each<[string, unknown, Judgement]>([
    ['a whole one', [{ term: 'A', identifier: 'http://x.org', scheme: 'url' }], 'fine'],
    ['a part of one', [{ identifier: 'http://x.org' }], 'fine'],
    ['null as term', [{ term: null, scheme: 'url' }], 'fine'],
    ['null', null, 'fine'],
    ['an empty one', [{}], 'warning'],
    ['a number as identifier', [{ term: 'a', identifier: 5 }], 'warning'],
    ['an unknown key', [{ term: 'a', id: 'b' }], 'warning'],
    ['texts', ['a'], 'error'],
    ['one object', { term: 'a' }, 'error'],
    ['null in the list', [null], 'error'],
  ])('as %s', (_, subjects, expected) => {
    expect(judge({ subjects })).toBe(expected)
  })
})

describe('locations', () => {
  test.each<[string, unknown, Judgement]>([
    ['a whole one', [{ place: 'x', lat: 34.5, lon: -118.2, description: 'd' }], 'fine'],
    ['a place alone', [{ place: 'x' }], 'fine'],
    ['null as place', [{ place: null }], 'fine'],
    ['coordinates as texts', [{ place: 'x', lat: '34.5', lon: ' -1e2 ' }], 'fine'],
    ['coordinates off the globe', [{ place: 'x', lat: 95, lon: 400 }], 'fine'],
    ['null coordinates', [{ place: 'x', lat: null, lon: null }], 'fine'],
    ['zero as text', [{ place: 'x', lat: '0', lon: 5 }], 'fine'],
    ['a zero', [{ place: 'x', lat: 0, lon: 5 }], 'warning'],
    ['two zeros', [{ place: 'x', lat: 0, lon: 0 }], 'warning'],
    ['one coordinate', [{ place: 'x', lon: 5 }], 'warning'],
    ['other names of coordinates', [{ place: 'x', latitude: 1, longitude: 2 }], 'warning'],
    ['a number as place', [{ place: 5 }], 'warning'],
    ['an empty place', [{ place: '' }], 'error'],
    ['no place', [{ lat: 1, lon: 2 }], 'error'],
    ['words as latitude', [{ place: 'x', lat: 'north', lon: 1 }], 'error'],
    ['texts', ['Geneva'], 'error'],
    ['one object', { place: 'x' }, 'error'],
    ['null', null, 'error'],
  ])('as %s', (_, locations, expected) => {
    expect(judge({ locations })).toBe(expected)
  })
})

describe('lists that must be lists', () => {
  test.each<[string, Metadata, Judgement]>([
    ['creators null', { creators: null }, 'error'],
    ['creators object', { creators: { name: 'x' } }, 'error'],
    ['contributors null', { contributors: null }, 'error'],
    ['contributors empty', { contributors: [] }, 'fine'],
    ['supervisors null', { thesis_supervisors: null }, 'fine'],
    ['supervisors object', { thesis_supervisors: { name: 'x' } }, 'error'],
    ['related identifiers null', { related_identifiers: null }, 'error'],
    ['related identifiers empty text', { related_identifiers: '' }, 'error'],
    ['communities null', { communities: null }, 'fine'],
    ['communities text', { communities: 'zenodo' }, 'error'],
    ['grants null', { grants: null }, 'error'],
    ['grants empty', { grants: [] }, 'fine'],
    ['grants object', { grants: { id: '283595' } }, 'error'],
    ['dates empty text', { dates: '' }, 'fine'],
    ['dates null', { dates: null }, 'error'],
    ['dates false', { dates: false }, 'error'],
    ['references 0', { references: 0 }, 'error'],
    ['keywords false', { keywords: false }, 'fine'],
    ['an unknown field that is empty', { foo: '', bar: null, baz: [] }, 'fine'],
  ])('%s', (_, changes, expected) => {
    expect(judge(changes)).toBe(expected)
  })
})
