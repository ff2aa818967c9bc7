import { describe, expect, test } from '@jest/globals'
import { join, posix, win32 } from 'node:path'
import { findCollisions, findKeyProblem, toKey } from '../../src/files/file-key.ts'

const file = (path: string): { key: string; displayPath: string } => ({
  key: toKey(path),
  displayPath: path,
})

describe('toKey', () => {
  test.each([
    ['a file in a folder', join('data', 'a.csv'), 'a.csv'],
    ['a hidden file', join('data', '.env'), '.env'],
    ['a name with spaces and signs', 'a b#c?.csv', 'a b#c?.csv'],
    ['a name in another script', join('data', '日本.csv'), '日本.csv'],
  ])('is the name of %s', (_, path, key) => {
    expect(toKey(path)).toBe(key)
  })

  test('keeps a backslash where it is part of the name, and not where it stands for a folder', () => {
    expect(toKey('/data/a\\b.csv', posix)).toBe('a\\b.csv')
    expect(toKey('D:\\data\\b.csv', win32)).toBe('b.csv')
    expect(toKey('D:/data/b.csv', win32)).toBe('b.csv')
  })
})

describe('findCollisions', () => {
  test('finds nothing among different names', () => {
    expect(findCollisions([file('a/x'), file('b/y')])).toEqual({ equal: [], alike: [] })
  })

  test('groups the paths of one key', () => {
    const { equal, alike } = findCollisions([file('a/x'), file('b/x'), file('c/x'), file('y')])

    expect(equal).toEqual([{ key: 'x', paths: ['a/x', 'b/x', 'c/x'] }])
    expect(alike).toEqual([])
  })

  test.each([
    ['case', 'X.csv', 'x.csv'],
    ['the form of accents', 'e\u0301', '\u00e9'],
    ['both', 'E\u0301', '\u00e9'],
  ])('groups the keys that differ in %s', (_, one, other) => {
    expect(findCollisions([file(`a/${one}`), file(`b/${other}`)])).toEqual({
      equal: [],
      alike: [[one, other]],
    })
  })
})

describe('findKeyProblem', () => {
  test.each([
    ['an ordinary name', 'data.csv', undefined],
    ['a name of the longest length', 'a'.repeat(255), undefined],
    ['a name that is longer', 'a'.repeat(256), /256 characters, and the server takes 255/],
    ['a line feed', 'a\nb', /control character/],
    ['a null', 'a\u0000b', /control character/],
    ['a delete', 'a\u007fb', /control character/],
    ['a C1 control', 'a\u0085b', /control character/],
    ['half a character', 'a\ud83d', /no valid Unicode/],
    ['an emoji', 'a😀', undefined],
    ['the form of a command', '::set-output name=x::y', undefined],
  ])('judges %s', (_, key, problem) => {
    const found = findKeyProblem(key, 255)

    if (problem === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(problem)
  })
})
