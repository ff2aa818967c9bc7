import { describe, expect, test } from '@jest/globals'
import { parseLfsPointer } from '../../src/files/lfs-pointer.ts'
import { parseTree } from '../../src/files/source-archive-tree.ts'

const OID = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'

describe('parseTree', () => {
  test.each([
    ['a file', `100644 blob ${OID}      12\ta.txt`, { kind: 'file', size: 12, path: 'a.txt' }],
    ['an old file', `100664 blob ${OID}      12\ta.txt`, { kind: 'file', size: 12, path: 'a.txt' }],
    ['a program', `100755 blob ${OID}       0\trun`, { kind: 'executable', size: 0, path: 'run' }],
    ['a link', `120000 blob ${OID}       3\tto`, { kind: 'link', size: 3, path: 'to' }],
    [
      'a submodule',
      `160000 commit ${OID}       -\tlib`,
      { kind: 'submodule', size: undefined, path: 'lib' },
    ],
    [
      'a size of 8 digits',
      `100644 blob ${OID} 12345678\ta`,
      { kind: 'file', size: 12_345_678, path: 'a' },
    ],
    [
      'spaces and a tab',
      `100644 blob ${OID}       1\ta b\tc`,
      { kind: 'file', size: 1, path: 'a b\tc' },
    ],
    [
      'letters of any kind',
      `100644 blob ${OID}       1\tß/数`,
      { kind: 'file', size: 1, path: 'ß/数' },
    ],
  ])('reads %s', (_, line, entry) => {
    const entries = parseTree(Buffer.from(`${line}\u0000`), '/repo')

    expect(entries).toEqual([{ oid: OID, ...entry }])
  })

  test('reads no entries of an empty tree', () => {
    expect(parseTree(Buffer.alloc(0), '/repo')).toEqual([])
  })
})

describe('parseLfsPointer', () => {
  const sha256 = 'ab'.repeat(32)
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize 12345\n`

  test('reads what Git LFS commits', () => {
    expect(parseLfsPointer(pointer)).toEqual({ sha256, size: 12_345 })
  })

  test.each([
    ['nothing', ''],
    ['any text', 'hello\n'],
    ['more after it', `${pointer}more\n`],
    ['another kind of hash', pointer.replace('sha256', 'sha512')],
    ['a short hash', pointer.replace('abab', 'ab')],
    ['a path for a hash', pointer.replace('abababab', '../../..')],
    ['Windows line ends', pointer.replaceAll('\n', '\r\n')],
  ])('is not fooled by %s', (_, text) => {
    expect(parseLfsPointer(text)).toBeUndefined()
  })
})
