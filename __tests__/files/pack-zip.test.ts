import { describe, expect, test } from '@jest/globals'
import { open, readFile, stat } from 'node:fs/promises'
import type { LinkMember, Member } from '../../src/files/pack-member.ts'
import { ArchiveOutput } from '../../src/files/pack-output.ts'
import { centralHeader, localHeader, type ZipEntry } from '../../src/files/pack-zip-records.ts'
import { writeZip } from '../../src/files/pack-zip.ts'
import { md5, readArchive } from '../support/read-archive.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

const { signal } = new AbortController()
const GIB = 2 ** 30

function link(name: string): LinkMember {
  return { kind: 'link', name, path: `/${name}`, target: `to-${name}` }
}

async function fileMember(name: string, path: string): Promise<Member> {
  const { size, mtimeMs: modifiedMs } = await stat(path)
  return { kind: 'file', name, path, size, modifiedMs, executable: false }
}

async function writeAt(path: string, members: readonly Member[], start = 0): Promise<void> {
  await using file = await open(path, 'w')
  const output = new ArchiveOutput(file, path, start)
  await writeZip(members, output, signal)
  await output.flush()
}

describe('writeZip', () => {
  test('keeps links as links', async () => {
    await using folder = await createTemporaryFolder()

    await writeAt(folder.at('a.zip'), [link('lien-é')])

    expect(await readArchive(folder.at('a.zip'))).toMatchObject([
      { name: 'lien-é', kind: 'link', mode: '777', md5: md5('to-lien-é') },
    ])
  })

  test('counts more than 65,535 members', async () => {
    await using folder = await createTemporaryFolder()
    const members = Array.from({ length: 65_600 }, (_, index) => link(`member-${index}`))

    await writeAt(folder.at('a.zip'), members)

    const names = (await readArchive(folder.at('a.zip'))).map(({ name }) => name)
    expect(names).toEqual(members.map(({ name }) => name))
  })

  test('finds members that begin beyond 4 GiB', async () => {
    await using folder = await createTemporaryFolder()
    const path = await folder.write('in/text.txt', 'far out')
    const text = await fileMember('text.txt', path)

    // The hole before the archive stands for members of 5 GiB and takes no space.
    await writeAt(folder.at('a.zip'), [link('link'), text], 5 * GIB)

    expect(await readArchive(folder.at('a.zip'))).toMatchObject([
      { name: 'link', md5: md5('to-link') },
      { name: 'text.txt', md5: md5('far out') },
    ])
  })

  test('writes sizes before the data, so that the archive can be read from a pipe', async () => {
    await using folder = await createTemporaryFolder()
    const content = Buffer.alloc(3_000_000, 'several blocks ')
    const path = await folder.write('in/a', content)
    const member = await fileMember('a', path)

    await writeAt(folder.at('a.zip'), [member])

    const archive = await readFile(folder.at('a.zip'))
    const compressedSize = archive.readUInt32LE(18)
    expect(archive.readUInt16LE(6)).toBe(0x0800)
    expect(archive.readUInt32LE(22)).toBe(content.length)
    expect(archive.readUInt32LE(30 + 'a'.length + compressedSize)).toBe(0x02014b50)
  })
})

describe('zip records', () => {
  const small: ZipEntry = {
    name: Buffer.from('a'),
    mode: 0o100644,
    method: 'deflated',
    offset: 0,
    size: 10,
    compressedSize: 12,
    crc: 0,
  }

  test.each([
    ['a small entry', {}, { version: 20, sizes: [12, 10], extra: [] }],
    [
      'an entry of 5 GiB',
      { size: 5 * GIB, compressedSize: 6 },
      { version: 45, sizes: [0xffffffff, 0xffffffff], extra: [5 * GIB, 6] },
    ],
    [
      'an entry that may grow over 4 GiB',
      { size: 4 * GIB - 1, compressedSize: 4 * GIB + 9 },
      { version: 45, sizes: [0xffffffff, 0xffffffff], extra: [4 * GIB - 1, 4 * GIB + 9] },
    ],
    ['an entry beyond 4 GiB', { offset: 5 * GIB }, { version: 20, sizes: [12, 10], extra: [] }],
  ])('tell the sizes of %s before its data', (_, changes, expected) => {
    const header = localHeader({ ...small, ...changes })

    expect(header.readUInt16LE(4)).toBe(expected.version)
    expect([header.readUInt32LE(18), header.readUInt32LE(22)]).toEqual(expected.sizes)
    expect(bigNumbers(header.subarray(31))).toEqual(expected.extra)
  })

  test.each([
    ['a small entry', {}, []],
    ['an entry of 5 GiB', { size: 5 * GIB }, [5 * GIB, 12]],
    ['an entry beyond 4 GiB', { offset: 5 * GIB }, [5 * GIB]],
    ['both', { size: 5 * GIB, offset: 6 * GIB }, [5 * GIB, 12, 6 * GIB]],
  ])('give %s its large numbers in the directory', (_, changes, expected) => {
    const header = centralHeader({ ...small, ...changes })

    expect(header.readUInt16LE(6)).toBe(expected.length > 0 ? 45 : 20)
    expect(bigNumbers(header.subarray(47))).toEqual(expected)
  })

  test('have one length for a header before and after its data are known', () => {
    const before = localHeader({ ...small, size: 5 * GIB, compressedSize: 0 })

    const after = localHeader({ ...small, size: 5 * GIB, compressedSize: 5 * GIB, crc: 7 })

    expect(after.length).toBe(before.length)
  })
})

/** The values of a zip64 extra field. */
function bigNumbers(extra: Buffer): readonly number[] {
  if (extra.length === 0) return []
  expect(extra.readUInt16LE(0)).toBe(1)
  expect(extra.readUInt16LE(2)).toBe(extra.length - 4)
  return Array.from({ length: (extra.length - 4) / 8 }, (_, index) =>
    Number(extra.readBigUInt64LE(4 + 8 * index)),
  )
}
