import { expect, test } from '@jest/globals'
import { createHash, randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { writeArchive } from '../../src/files/pack-archive.ts'
import type { Member } from '../../src/files/pack-member.ts'
import { pack } from '../../src/files/pack.ts'
import { md5, readArchive } from '../support/read-archive.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

const { signal } = new AbortController()

/** More than zip says without zip64, and more than gzip's size field holds. */
const SIZE = 4_400_000_000
const CHUNK_BYTES = 1_000_000

/** Writes SIZE bytes that cannot be compressed, since deflate looks back no further than 32 KiB; returns their md5. */
async function writeNoise(path: string): Promise<string> {
  const chunk = randomBytes(CHUNK_BYTES)
  const hash = createHash('md5')
  await using file = await open(path, 'w')
  for (let written = 0; written < SIZE; written += CHUNK_BYTES) {
    await file.write(chunk)
    hash.update(chunk)
  }
  return hash.digest('hex')
}

test.each(['zip', 'tar.gz'])(
  'a file over 4 GB goes into a .%s and comes out again, and so does what begins beyond 4 GB',
  async (ending) => {
    await using folder = await createTemporaryFolder()
    const large = folder.at('large.bin')
    const digest = await writeNoise(large)
    const after = await folder.write('next.txt', 'what follows')

    await pack(
      [
        { name: 'large.bin', path: large },
        { name: 'next.txt', path: after },
      ],
      { archive: folder.at(`a.${ending}`), signal },
    )

    expect(await readArchive(folder.at(`a.${ending}`))).toMatchObject([
      { name: 'large.bin', size: SIZE, md5: digest },
      { name: 'next.txt', md5: md5('what follows') },
    ])
  },
  900_000,
)

test.each(['zip', 'tar.gz'])(
  'a .%s counts more than 65,535 members',
  async (ending) => {
    await using folder = await createTemporaryFolder()
    const archive = folder.at(`a.${ending}`)
    const members = Array.from({ length: 65_600 }, (_, index): Member => {
      const name = `member-${10_000 + index}`
      return { kind: 'link', name, path: `/${name}`, target: `to-${name}` }
    })

    await writeArchive(members, { archive, signal })

    const names = (await readArchive(archive)).map(({ name }) => name)
    expect(names).toEqual(members.map(({ name }) => name).sort())
  },
  300_000,
)
