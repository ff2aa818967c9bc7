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
    expect(nameInArchive(path, '/data')).toBe(name)
  })
})
