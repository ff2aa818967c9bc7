import { describe, expect, test } from '@jest/globals'
import { parseStoredFile } from '../../src/zenodo/stored-file.ts'

const HEX = 'd41d8cd98f00b204e9800998ecf8427e'

describe('parseStoredFile', () => {
  test.each([
    [
      'a file inside a deposit',
      { id: 'f1', filename: 'data.zip', filesize: 12, checksum: HEX },
      { id: 'f1', key: 'data.zip', sizeBytes: 12, checksum: `md5:${HEX}` },
    ],
    [
      'a file of a deposit’s list, whose size is a float there',
      { id: 'f1', filename: 'data.zip', filesize: 12.0, checksum: HEX },
      { id: 'f1', key: 'data.zip', sizeBytes: 12, checksum: `md5:${HEX}` },
    ],
    [
      'the answer of a bucket',
      { version_id: 'v', key: 'data.zip', size: 12, checksum: `md5:${HEX}`, is_head: true },
      { id: undefined, key: 'data.zip', sizeBytes: 12, checksum: `md5:${HEX}` },
    ],
    [
      'a file of a record',
      { id: 'f1', key: 'data.zip', size: 12, checksum: `md5:${HEX}` },
      { id: 'f1', key: 'data.zip', sizeBytes: 12, checksum: `md5:${HEX}` },
    ],
    [
      'a checksum of another kind',
      { key: 'a', size: 1, checksum: 'sha256:abc' },
      { id: undefined, key: 'a', sizeBytes: 1, checksum: 'sha256:abc' },
    ],
    [
      'a key that looks like a command',
      { key: '::set-output name=x::y', size: 1, checksum: `md5:${HEX}` },
      { id: undefined, key: '::set-output name=x::y', sizeBytes: 1, checksum: `md5:${HEX}` },
    ],
  ])('reads %s', (_, json, file) => {
    expect(parseStoredFile(json)).toEqual(file)
  })

  test.each<[string, unknown]>([
    ['an entry that is still pending', { key: 'a', status: 'pending', transfer: { type: 'L' } }],
    ['a file without a name', { size: 1, checksum: HEX }],
    ['a file with an empty name', { key: '', size: 1, checksum: HEX }],
    ['a file without a size', { key: 'a', checksum: HEX }],
    ['a size that is text', { key: 'a', size: '1', checksum: HEX }],
    ['a size that is none', { key: 'a', size: -1, checksum: HEX }],
    ['a size beyond counting', { key: 'a', size: Infinity, checksum: HEX }],
    ['a file without a checksum', { key: 'a', size: 1, checksum: null }],
    ['null', null],
    ['text', 'a.csv'],
    ['a list', ['a.csv']],
  ])('finds no file in %s', (_, json) => {
    expect(parseStoredFile(json)).toBeUndefined()
  })
})
