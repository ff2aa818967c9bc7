import { posix, win32 } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { nameInArchive } from '../../src/action/gather.ts'

describe('nameInArchive', () => {
  test.each([
    ['a file in the folder', '/data/a.csv', 'a.csv'],
    ['a file further down', '/data/2026/a.csv', '2026/a.csv'],
    ['a folder with a colon', '/data/12:00/a.csv', '12:00/a.csv'],
    ['a folder that begins with two dots', '/data/..old/a.csv', '..old/a.csv'],
    ['a file from elsewhere', '/tmp/made/b.csv', 'b.csv'],
  ])('of %s', (_, path, name) => {
    expect(nameInArchive(path, '/data', posix)).toBe(name)
  })

  test.each([
    ['a file further down', 'D:\\a\\repo\\data\\a.csv', 'data/a.csv'],
    ['a file on another drive', 'C:\\made\\b.csv', 'b.csv'],
    ['a file in the temporary folder', 'D:\\a\\_temp\\b.csv', 'b.csv'],
  ])('on Windows of %s', (_, path, name) => {
    expect(nameInArchive(path, 'D:\\a\\repo', win32)).toBe(name)
  })
})
