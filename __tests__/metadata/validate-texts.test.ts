import { describe, expect, test } from '@jest/globals'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { findProblems, judge, type Judgement } from './support.ts'

describe('title', () => {
  test.each<[string, unknown, Judgement]>([
    ['three characters', 'abc', 'fine'],
    ['200,000 characters', 'x'.repeat(200_000), 'fine'],
    ['HTML', '<br>', 'fine'],
    ['three characters of which one is an entity', '&amp;ab', 'fine'],
    ['two characters', 'ab', 'error'],
    ['two characters of which one is an entity', '&amp;b', 'error'],
    ['two characters between spaces', ' ab ', 'error'],
    ['two characters beside controls', '\u0000a\u200bb\ufeff', 'error'],
    ['two characters in colour', '\u001b[31mab\u001b[0m', 'error'],
    ['one emoji of two code units', '😀', 'error'],
    ['two CJK characters', '日本', 'error'],
    ['nothing', '', 'error'],
    ['null', null, 'error'],
    ['a number', 5, 'error'],
    ['no title at all', undefined, 'error'],
  ])('of %s', (_, title, expected) => {
    expect(judge({ title })).toBe(expected)
  })
})

describe.each(['description', 'notes', 'method'])('%s', (field) => {
  test.each<[string, unknown, Judgement]>([
    ['HTML of the kept tags', '<p>a <b>b</b> <a href="https://x.org">c</a></p>', 'fine'],
    ['nothing', '', 'fine'],
    ['an empty paragraph', '<p></p>', 'fine'],
    ['three characters', 'abc', 'fine'],
    ['an ampersand, which is written out', '&', 'fine'],
    ['tags that are taken off their words', '<h6>six</h6><small>s</small>', 'fine'],
    ['script and style', '<style>p{}</style><p>x</p><script>alert(1)</script>', 'fine'],
    ['a comment', '<p>a<!-- <x> -->b</p>', 'fine'],
    ['a doctype', '<!DOCTYPE html><p>x</p>', 'fine'],
    ['a less-than sign before a digit or a space', 'x <5 and y < 3', 'fine'],
    ['upper-case tags', '<P>a</P>', 'fine'],
    ['a picture beside words', '<img src="x">text', 'warning'],
    ['a formula', '<math><mi>x</mi></math> text', 'warning'],
    ['generics', 'A List<String> of them', 'warning'],
    ['a placeholder', 'Dear <your name>, hello', 'warning'],
    ['an address in brackets', 'See <https://example.org> for more', 'warning'],
  ])('takes %s', (_, value, expected) => {
    expect(judge({ [field]: value })).toBe(expected)
  })
})

describe('a text of fewer than three characters', () => {
  test.each<[string, unknown, Judgement]>([
    ['description', 'ab', 'warning'],
    ['description', '   ', 'warning'],
    ['description', '<img src="x">', 'warning'],
    ['notes', 'ab', 'error'],
    ['notes', '   ', 'error'],
    ['notes', '<img src="x">', 'error'],
    ['method', 'a', 'error'],
  ])('as %s: %j', (field, value, expected) => {
    expect(judge({ [field]: value })).toBe(expected)
  })
})

describe('a value of a wrong type', () => {
  test.each<[string, unknown, Judgement]>([
    ['description', null, 'error'],
    ['description', ['x'], 'error'],
    ['notes', null, 'fine'],
    ['notes', 5, 'error'],
    ['method', { a: 'b' }, 'error'],
    ['version', 1, 'error'],
    ['version', null, 'error'],
    ['imprint_publisher', null, 'error'],
    ['imprint_publisher', true, 'error'],
  ])('as %s: %j', (field, value, expected) => {
    expect(judge({ [field]: value })).toBe(expected)
  })
})

describe('version and publisher', () => {
  test.each<[string, Metadata, Judgement]>([
    ['191 characters of version', { version: 'v'.repeat(191) }, 'fine'],
    ['191 characters of two code units each', { version: '😀'.repeat(191) }, 'fine'],
    ['192 characters of version', { version: 'v'.repeat(192) }, 'warning'],
    ['a blank version', { version: ' ' }, 'warning'],
    ['an empty version', { version: '' }, 'fine'],
    ['a publisher', { imprint_publisher: 'AB' }, 'fine'],
    ['an empty publisher', { imprint_publisher: '' }, 'error'],
    ['a blank publisher', { imprint_publisher: ' ' }, 'error'],
  ])('%s', (_, changes, expected) => {
    expect(judge(changes)).toBe(expected)
  })
})

describe.each([
  'journal_title',
  'journal_volume',
  'journal_issue',
  'journal_pages',
  'conference_title',
  'conference_acronym',
  'conference_dates',
  'conference_place',
  'conference_session',
  'conference_session_part',
  'imprint_place',
  'partof_title',
  'partof_pages',
  'thesis_university',
])('%s', (field) => {
  test.each<[string, unknown, Judgement]>([
    ['text', '12', 'fine'],
    ['5,000 characters', 'x'.repeat(5000), 'fine'],
    ['nothing', '', 'fine'],
    ['null', null, 'fine'],
    ['a number', 12, 'warning'],
    ['a list', ['x'], 'warning'],
    ['true', true, 'warning'],
  ])('as %s', (_, value, expected) => {
    expect(judge({ [field]: value })).toBe(expected)
  })
})

describe('what is said about texts', () => {
  test('names the tag that would be taken for markup, and how to write it', () => {
    const [problem] = findProblems({ description: 'A List<String>' })

    expect(problem?.problem).toBe(
      'Zenodo would take out "<String>" (it is read as a tag; write &lt; for <). Nothing says so later.',
    )
  })

  test('says that a record would have no description', () => {
    const [problem] = findProblems({ description: 'ab' })

    expect(problem?.problem).toContain('the record would have no description')
  })
})
