import { describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { tarHeader, tarPadding } from '../../src/files/pack-tar-header.ts'
import type { Member } from '../../src/files/pack-member.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)
const GIB = 2 ** 30

const SCRIPT = `
import json, sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    member = archive.next()
    print(json.dumps([member.name, member.linkname, member.size]))
`

/** Name, target and size of a header, as Python reads them. */
async function readHeader(member: Member): Promise<unknown> {
  await using folder = await createTemporaryFolder()
  const path = await folder.write('a.tar', tarHeader(member))
  const env = { ...process.env, PYTHONIOENCODING: 'utf-8' }
  return JSON.parse((await run('python3', ['-c', SCRIPT, path], { env })).stdout)
}

describe('tarHeader', () => {
  test.each([
    ['of exactly 100 bytes', 'n'.repeat(100), 512],
    ['of 101 bytes', 'n'.repeat(101), 3 * 512],
    ['outside ASCII', 'Ångström', 3 * 512],
    ['whose record counts its own digits from 99 to 101', 'n'.repeat(89) + 'é', 3 * 512],
    ['of 1000 bytes', `${'d/'.repeat(499)}ff`, 4 * 512],
  ])('holds a name %s', async (_, name, length) => {
    const member: Member = {
      kind: 'file',
      name,
      path: '/x',
      size: 5,
      modifiedMs: 0,
      executable: false,
    }

    expect(tarHeader(member).length).toBe(length)
    expect(await readHeader(member)).toEqual([name, '', 5])
  })

  test.each([
    ['short', '../up'],
    ['long', '../'.repeat(60) + 'up'],
    ['outside ASCII', 'ücks'],
  ])('holds a link with a target that is %s', async (_, target) => {
    const member: Member = { kind: 'link', name: 'link', path: '/x', target }

    expect(await readHeader(member)).toEqual(['link', target, 0])
  })

  test.each([
    ['just under 8 GiB', 8 * GIB - 1, 512],
    ['8 GiB', 8 * GIB, 3 * 512],
    ['40 TiB', 40 * 1024 * GIB, 3 * 512],
  ])('holds a size of %s', async (_, size, length) => {
    const member: Member = {
      kind: 'file',
      name: 'a',
      path: '/x',
      size,
      modifiedMs: 0,
      executable: false,
    }

    expect(tarHeader(member).length).toBe(length)
    expect(await readHeader(member)).toEqual(['a', '', size])
  })
})

test.each([
  [0, 0],
  [1, 511],
  [511, 1],
  [512, 0],
  [8 * GIB + 3, 509],
])('tarPadding fills %d bytes up with %d', (size, padding) => {
  expect(tarPadding(size).length).toBe(padding)
})
