import { describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { lstat, mkdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { writeArchive } from '../../src/files/pack-archive.ts'
import type { LinkMember } from '../../src/files/pack-member.ts'
import { md5, readArchive } from '../support/read-archive.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)
const { signal } = new AbortController()

function link(name: string, target = `to-${name}`): LinkMember {
  return { kind: 'link', name, path: `/${name}`, target }
}

describe.each(['zip', 'tar.gz'])('writeArchive to .%s', (ending) => {
  test.each([
    ['short', '../up'],
    ['long', `${'../'.repeat(60)}up`],
    ['outside ASCII', 'où/ça'],
  ])('keeps a link whose target is %s', async (_, target) => {
    await using folder = await createTemporaryFolder()
    const archive = folder.at(`a.${ending}`)

    await writeArchive([link('lien-é', target)], { archive, signal })

    expect(await readArchive(archive)).toMatchObject([
      { name: 'lien-é', kind: 'link', mode: '777', md5: md5(target) },
    ])
  })
})

test('unzip makes a link of a link', async () => {
  await using folder = await createTemporaryFolder()
  await writeArchive([link('a', 'b/c')], { archive: folder.at('a.zip'), signal })
  await mkdir(folder.at('out'))

  await run('unzip', ['-q', folder.at('a.zip'), '-d', folder.at('out')])

  expect((await lstat(folder.at('out/a'))).isSymbolicLink()).toBe(true)
  expect(await readlink(folder.at('out/a'))).toBe('b/c')
})

test('the gzip header names neither a time nor the system it was made on', async () => {
  await using folder = await createTemporaryFolder()

  await writeArchive([link('a')], { archive: folder.at('a.tar.gz'), signal })

  const header = (await readFile(folder.at('a.tar.gz'))).subarray(0, 10)
  expect(header.toString('hex')).toBe('1f8b08000000000000ff')
})
