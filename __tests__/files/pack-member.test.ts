import { describe, expect, test } from '@jest/globals'
import { appendFile, rm, stat, truncate, utimes } from 'node:fs/promises'
import { readMember, type FileMember } from '../../src/files/pack-member.ts'
import { collect } from '../support/collect.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'
import { stampOf } from '../../src/files/local-file.ts'

/** Two reads long: what happens between them is up to the test. */
const SIZE = (1 << 20) + 100

async function memberAt(path: string): Promise<FileMember> {
  const stamp = stampOf(await stat(path))
  return { kind: 'file', name: 'data.bin', path, size: SIZE, stamp, executable: false }
}

async function readAll(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await collect(bytes))
}

describe('readMember', () => {
  test('gives the whole file', async () => {
    await using folder = await createTemporaryFolder()
    const content = Buffer.alloc(SIZE, 'content')
    const path = await folder.write('data.bin', content)

    const bytes = await readAll(readMember(await memberAt(path)))

    expect(bytes.equals(content)).toBe(true)
  })

  test.each<[string, (path: string) => Promise<void>]>([
    ['grows', (path) => appendFile(path, 'more')],
    ['shrinks', (path) => truncate(path, SIZE - 1)],
    ['is emptied', (path) => truncate(path, 0)],
    ['is written again with the same size', (path) => utimes(path, 1, 1)],
  ])('stops when the file %s while it is read', async (_, change) => {
    await using folder = await createTemporaryFolder()
    const path = await folder.write('data.bin', Buffer.alloc(SIZE))
    const bytes = readMember(await memberAt(path))
    await bytes.next()

    await change(path)

    await expect(readAll(bytes)).rejects.toMatchObject({
      name: 'FileError',
      path,
      message: '"data.bin" changed while it was being packed.',
    })
  })

  test.each([
    ['grew', SIZE + 1],
    ['shrank', SIZE - 1],
  ])('stops when the file %s between listing and reading', async (_, size) => {
    await using folder = await createTemporaryFolder()
    const path = await folder.write('data.bin', Buffer.alloc(size))

    const bytes = readAll(readMember(await memberAt(path)))

    await expect(bytes).rejects.toThrow('"data.bin" changed while it was being packed.')
  })

  test('names a file that is gone', async () => {
    await using folder = await createTemporaryFolder()
    const path = await folder.write('data.bin', '')
    const member = await memberAt(path)
    await rm(path)

    const bytes = readAll(readMember(member))

    await expect(bytes).rejects.toMatchObject({
      path,
      message: '"data.bin" cannot be read: it is not there.',
    })
  })
})
