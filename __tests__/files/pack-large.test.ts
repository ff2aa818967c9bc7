import { expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { truncate } from 'node:fs/promises'
import { pack } from '../../src/files/pack.ts'
import { md5, readArchive } from '../support/read-archive.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

const { signal } = new AbortController()

async function md5OfFile(path: string): Promise<string> {
  const hash = createHash('md5')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/**
 * `npm run test:large` sets TEST_LARGE for a size that needs zip64 and overflows gzip's size field (two minutes).
 * Without it the same path runs with a size that does not.
 */
const SIZE = process.env['TEST_LARGE'] === undefined ? 100_000_000 : 4_400_000_000

test.each(['zip', 'tar.gz'])(
  'a large file goes into a .%s and comes out again, and so does what follows it',
  async (ending) => {
    await using folder = await createTemporaryFolder()
    const large = await folder.write('large.bin', 'begins')
    await truncate(large, SIZE)
    const after = await folder.write('next.txt', 'what follows')

    await pack(
      [
        { name: 'large.bin', path: large },
        { name: 'next.txt', path: after },
      ],
      { archive: folder.at(`a.${ending}`), signal },
    )

    expect(await readArchive(folder.at(`a.${ending}`))).toMatchObject([
      { name: 'large.bin', size: SIZE, md5: await md5OfFile(large) },
      { name: 'next.txt', md5: md5('what follows') },
    ])
  },
  300_000,
)
