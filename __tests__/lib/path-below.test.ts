import { posix, win32 } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { pathBelow } from '../../src/lib/path-below.ts'

describe('pathBelow', () => {
  test.each([
    ['a file', '/repo/a.csv', 'a.csv'],
    ['a file further down', '/repo/data/2026/a.csv', 'data/2026/a.csv'],
    ['a name with a backslash', '/repo/a\\b.csv', 'a\\b.csv'],
    ['a folder with a colon', '/repo/12:00/a.csv', '12:00/a.csv'],
    ['a folder that begins with two dots', '/repo/..old/a.csv', '..old/a.csv'],
    ['the folder itself', '/repo', ''],
    ['a file beside the folder', '/workshop/a.csv', undefined],
    ['a file above the folder', '/a.csv', undefined],
  ])('on Linux tells where %s lies', (_, path, below) => {
    expect(pathBelow(path, '/repo', posix)).toBe(below)
  })

  test.each([
    ['a file', 'D:\\a\\repo\\a.csv', 'a.csv'],
    ['a file further down', 'D:\\a\\repo\\data\\2026\\a.csv', 'data/2026/a.csv'],
    ['a path in another case', 'd:\\A\\Repo\\a.csv', 'a.csv'],
    ['a path with forward slashes', 'D:/a/repo/data/a.csv', 'data/a.csv'],
    ['the folder itself', 'D:\\a\\repo\\', ''],
    ['a file on another drive', 'C:\\a\\repo\\a.csv', undefined],
    ['a file on a share', '\\\\server\\share\\a.csv', undefined],
    ['a file beside the folder', 'D:\\a\\repo-2\\a.csv', undefined],
    ['a file in the temporary folder', 'D:\\a\\_temp\\a.csv', undefined],
  ])('on Windows tells where %s lies', (_, path, below) => {
    expect(pathBelow(path, 'D:\\a\\repo', win32)).toBe(below)
  })

  test('tells what lies below the root', () => {
    expect(pathBelow('/data/a.csv', '/', posix)).toBe('data/a.csv')
    expect(pathBelow('D:\\data\\a.csv', 'D:\\', win32)).toBe('data/a.csv')
  })
})
