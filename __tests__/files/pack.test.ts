import { describe, expect, test } from '@jest/globals'
import { execFile, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmod,
  mkdir,
  readFile,
  readdir,
  stat,
  statfs,
  symlink,
  truncate,
  utimes,
} from 'node:fs/promises'
import { promisify } from 'node:util'
import { FileError } from '../../src/errors.ts'
import { pack, type PackEntry } from '../../src/files/pack.ts'
import { md5, readArchive } from '../support/read-archive.ts'
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)
const { signal } = new AbortController()

const TEXT = Buffer.from('0123456789,words that repeat themselves\n'.repeat(80_000))
const NOISE = randomBytes(2_500_000)

const CONTENTS: Readonly<Record<string, string | Buffer>> = {
  'a file.txt': 'one\n',
  'data/empty.bin': '',
  'data/numbers.csv': TEXT,
  'data/noise.bin': NOISE,
  'données/Ångström – 数据 🧪.txt': 'unicode\n',
  'sevens.bin': Buffer.alloc(1 << 20, 7),
  [`long/${'n'.repeat(95)}.txt`]: 'a name of 104 bytes\n',
  [`${'deep/'.repeat(60)}down.txt`]: 'a path of 308 bytes\n',
}

async function writeFiles(
  folder: TemporaryFolder,
  contents: Readonly<Record<string, string | Buffer>> = CONTENTS,
): Promise<readonly PackEntry[]> {
  const names = Object.keys(contents)
  return await Promise.all(
    names.map(async (name) => ({
      name,
      path: await folder.write(`in/${name}`, contents[name] ?? ''),
    })),
  )
}

async function outputOf(folder: TemporaryFolder): Promise<TemporaryFolder> {
  await mkdir(folder.at('out'))
  return folder
}

/** The program that packs in a process of its own, as an argument of node. */
function packScript(entries: readonly PackEntry[], archive: string): readonly string[] {
  const module = new URL('../../src/files/pack.js', import.meta.url).href
  const script = `
    const { pack } = await import(${JSON.stringify(module)})
    const { signal } = new AbortController()
    await pack(${JSON.stringify(entries)}, { archive: ${JSON.stringify(archive)}, signal })
      .catch((error) => console.log(error.name, error.message))`
  return ['--input-type=module', '--eval', script]
}

/** Another process, another time zone and language: only the archive's bytes can be the same. */
async function packElsewhere(entries: readonly PackEntry[], archive: string): Promise<void> {
  const env = {
    ...process.env,
    TZ: 'Pacific/Kiritimati',
    LC_ALL: 'tr_TR.UTF-8',
    LANG: 'tr_TR.UTF-8',
  }
  await run(process.execPath, packScript(entries, archive), { env })
}

describe.each(['zip', 'tar.gz'])('pack into .%s', (ending) => {
  test('holds every file under its name, in the order of bytes', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    const entries = await writeFiles(folder)

    await pack(entries, { archive: folder.at(`out/a.${ending}`), signal })

    const members = await readArchive(folder.at(`out/a.${ending}`))
    const names = Object.keys(CONTENTS).sort((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    )
    expect(members.map(({ name, size, md5 }) => ({ name, size, md5 }))).toEqual(
      names.map((name) => ({
        name,
        size: Buffer.byteLength(CONTENTS[name] ?? ''),
        md5: md5(CONTENTS[name] ?? ''),
      })),
    )
  })

  test('tells how many bytes were read, and no byte twice', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    const entries = await writeFiles(folder, { 'a.bin': NOISE, 'b.txt': 'b\n' })
    let bytes = 0

    await pack(entries, {
      archive: folder.at(`out/a.${ending}`),
      signal,
      onRead: (n) => void (bytes += n),
    })

    expect(bytes).toBe(NOISE.length + 2)
  })

  test('gives every file the same time and owner, and one of two modes', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    const entries = await writeFiles(folder, {
      'run.sh': '#!/bin/sh\n',
      'secret.txt': 'x',
      'all.txt': 'x',
    })
    await chmod(folder.at('in/run.sh'), 0o750)
    await chmod(folder.at('in/secret.txt'), 0o600)
    await chmod(folder.at('in/all.txt'), 0o666)

    await pack(entries, { archive: folder.at(`out/a.${ending}`), signal })

    const members = await readArchive(folder.at(`out/a.${ending}`))
    expect(members.map(({ name, mode }) => `${name} ${mode}`)).toEqual([
      'all.txt 644',
      'run.sh 755',
      'secret.txt 644',
    ])
    expect(new Set(members.map(({ time }) => time))).toEqual(new Set(['1980-01-01T00:00:00']))
    expect(new Set(members.map(({ owner }) => owner))).toEqual(
      new Set([ending === 'zip' ? 'none' : '0:0']),
    )
  })

  test('makes the same bytes of other times, another order, another time zone and language', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    const entries = await writeFiles(folder)
    await pack(entries, { archive: folder.at(`out/first.${ending}`), signal })
    await Promise.all(entries.map(({ path }, index) => utimes(path, index, 1e9 + index)))

    await packElsewhere(entries.toReversed(), folder.at(`out/second.${ending}`))

    const first = await readFile(folder.at(`out/first.${ending}`))
    const second = await readFile(folder.at(`out/second.${ending}`))
    expect(second.equals(first)).toBe(true)
  })

  test('takes what a link points to', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    await folder.write('in/target.txt', 'behind the link')
    await symlink('target.txt', folder.at('in/link.txt'))

    await pack([{ name: 'link.txt', path: folder.at('in/link.txt') }], {
      archive: folder.at(`out/a.${ending}`),
      signal,
    })

    const members = await readArchive(folder.at(`out/a.${ending}`))
    expect(members).toMatchObject([{ name: 'link.txt', kind: 'file', md5: md5('behind the link') }])
  })

  test('replaces an older archive only when the new one is whole', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    const entries = await writeFiles(folder, { 'a.txt': 'a' })
    await folder.write(`out/a.${ending}`, 'the older one')
    const missing = { name: 'b.txt', path: folder.at('in/b.txt') }

    const failed = pack([...entries, missing], { archive: folder.at(`out/a.${ending}`), signal })

    await expect(failed).rejects.toThrow('"b.txt" cannot be read: it is not there.')
    expect(await readFile(folder.at(`out/a.${ending}`), 'utf8')).toBe('the older one')
    await pack(entries, { archive: folder.at(`out/a.${ending}`), signal })
    expect(await readArchive(folder.at(`out/a.${ending}`))).toMatchObject([{ name: 'a.txt' }])
    expect(await readdir(folder.at('out'))).toEqual([`a.${ending}`])
  })

  test('leaves nothing behind when it is aborted halfway', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    await folder.write('in/noise.bin', Buffer.concat(Array.from({ length: 12 }, () => NOISE)))
    const abort = new AbortController()
    const reason = new Error('cancelled by the test')

    const aborted = pack([{ name: 'noise.bin', path: folder.at('in/noise.bin') }], {
      archive: folder.at(`out/a.${ending}`),
      signal: abort.signal,
    })
    while ((await readdir(folder.at('out'))).length === 0) await new Promise(setImmediate)
    abort.abort(reason)

    await expect(aborted).rejects.toBe(reason)
    expect(await readdir(folder.at('out'))).toEqual([])
  })

  test('says that the archive cannot be written when the system stops it halfway', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    const archive = folder.at(`out/a.${ending}`)
    const entries = await writeFiles(folder)

    // No file of this process may have more than 100 blocks.
    const limited = ['-c', 'ulimit -f 100; exec "$0" "$@"', process.execPath]
    const { stdout } = await run('sh', [...limited, ...packScript(entries, archive)])

    expect(stdout).toBe(`FileError The archive "${archive}" cannot be written: EFBIG.\n`)
    expect(await readdir(folder.at('out'))).toEqual([])
  })

  test('stops before the first byte when it is aborted already', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    const reason = new Error('cancelled before')

    const aborted = pack([], {
      archive: folder.at(`out/a.${ending}`),
      signal: AbortSignal.abort(reason),
    })

    await expect(aborted).rejects.toBe(reason)
    expect(await readdir(folder.at('out'))).toEqual([])
  })

  test('packs no file at all into an archive that opens', async () => {
    await using folder = await outputOf(await createTemporaryFolder())

    await pack([], { archive: folder.at(`out/a.${ending}`), signal })

    expect(await readArchive(folder.at(`out/a.${ending}`))).toEqual([])
  })
})

describe('pack', () => {
  test.each([
    ['climbs out', '../evil.txt', 'leads out of its folder'],
    ['climbs out further down', 'a/../../evil.txt', 'leads out of its folder'],
    ['is absolute', '/etc/passwd', 'is absolute'],
    ['names a drive', 'C:/evil.txt', 'begins like a drive of Windows'],
    ['holds a backslash', '..\\evil.txt', 'holds a backslash'],
    ['holds a line break', 'a\n::set-output name=doi::x', 'holds a control character'],
    ['holds a NUL', 'a\u0000b', 'holds a control character'],
    ['holds half a character', 'a\ud800b', 'is not valid Unicode'],
    ['is empty', '', 'is empty'],
    ['has an empty part', 'a//b', 'has an empty part'],
    ['has a dot part', './a', 'has an empty part'],
    ['ends as a folder', 'a/', 'has an empty part'],
    ['is too long', 'n/'.repeat(33_000) + 'n', 'is longer than 65535 bytes'],
  ])('refuses a name that %s', async (_, name, problem) => {
    await using folder = await outputOf(await createTemporaryFolder())
    const path = await folder.write('in/harmless.txt', 'x')

    const refused = pack([{ name, path }], { archive: folder.at('out/a.zip'), signal })

    await expect(refused).rejects.toMatchObject({
      name: 'FileError',
      path,
      message: `The name ${JSON.stringify(name)} cannot be packed: it ${problem}`.concat(
        problem === 'holds a backslash' ? ', which some systems take for a folder.' : '.',
      ),
    })
    expect(await readdir(folder.at('out'))).toEqual([])
  })

  test.each([
    [
      'of two files with one name',
      ['a', 'b', 'a'],
      'Two files would be packed under one name: "a".',
    ],
    [
      'of a file that is also a folder',
      ['a', 'a/b'],
      '"a" would be both a file and a folder in the archive.',
    ],
    [
      'of such a file with a name between',
      ['a', 'a!', 'a/b'],
      '"a" would be both a file and a folder in the archive.',
    ],
  ])('complains %s', async (_, names, message) => {
    await using folder = await outputOf(await createTemporaryFolder())
    const path = await folder.write('in/x.txt', 'x')
    const entries = names.map((name) => ({ name, path }))

    const refused = pack(entries, { archive: folder.at('out/a.zip'), signal })

    await expect(refused).rejects.toThrow(new FileError(path, message))
  })

  test.each([
    ['size', { sizeBytes: 4 }],
    ['time', { stamp: 'another' }],
  ])('holds a file to the %s it had when it was found', async (_, found) => {
    await using folder = await outputOf(await createTemporaryFolder())
    const path = await folder.write('in/a.txt', 'five!')

    const refused = pack([{ name: 'a.txt', path, ...found }], {
      archive: folder.at('out/a.zip'),
      signal,
    })

    await expect(refused).rejects.toThrow('"a.txt" changed while it was being packed.')
    expect(await readdir(folder.at('out'))).toEqual([])
  })

  test('names a folder that is to be packed as a file', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    await mkdir(folder.at('in/sub'), { recursive: true })

    const refused = pack([{ name: 'sub', path: folder.at('in/sub') }], {
      archive: folder.at('out/a.zip'),
      signal,
    })

    await expect(refused).rejects.toMatchObject({
      path: folder.at('in/sub'),
      message: '"sub" is not a file.',
    })
  })

  test('says with numbers that the disk has no room', async () => {
    await using folder = await outputOf(await createTemporaryFolder())
    const path = await folder.write('in/huge.bin', '')
    const { bavail, bsize } = await statfs(folder.path)
    // A hole in a file takes no space, but would when packed; far above the free space, which others may change.
    await truncate(path, bavail * bsize * 2)

    const refused = pack([{ name: 'huge.bin', path }], { archive: folder.at('out/a.zip'), signal })

    await expect(refused).rejects.toThrow(
      /^Packing needs up to [\d.]+ [GT]B, but ".*out" has only [\d.]+ [GT]B free\.$/,
    )
    expect(await readdir(folder.at('out'))).toEqual([])
  })

  test.each(['a.rar', 'a.tar', 'zip'])('refuses the archive name %s', async (name) => {
    await using folder = await createTemporaryFolder()

    const refused = pack([], { archive: folder.at(name), signal })

    await expect(refused).rejects.toThrow('An archive ends in .zip or .tar.gz')
  })

  test('says which folder is missing', async () => {
    await using folder = await createTemporaryFolder()
    const archive = folder.at('missing/a.zip')

    const refused = pack([], { archive, signal })

    await expect(refused).rejects.toMatchObject({
      path: archive,
      message: `The folder "${folder.at('missing')}" cannot be used: it is not there.`,
    })
  })
})

interface Unpacker {
  readonly tool: string
  readonly ending: string
  readonly check: readonly string[]
  readonly unpack: (archive: string, folder: string) => readonly string[]
}

const UNPACKERS: readonly Unpacker[] = [
  { tool: 'tar', ending: 'tar.gz', check: ['--version'], unpack: (a, to) => ['-xzf', a, '-C', to] },
  { tool: 'unzip', ending: 'zip', check: ['-v'], unpack: (a, to) => ['-q', a, '-d', to] },
]

const installed = UNPACKERS.filter(({ tool, check }) => {
  const found = spawnSync(tool, check).error === undefined
  if (!found) console.warn(`${tool} is not installed: its archives are checked with Python alone.`)
  return found
})

test.each(installed)(
  '$tool unpacks a .$ending without a complaint',
  async ({ tool, ending, unpack }) => {
    await using folder = await outputOf(await createTemporaryFolder())
    const entries = await writeFiles(folder)
    await chmod(folder.at('in/a file.txt'), 0o755)
    await pack(entries, { archive: folder.at(`out/a.${ending}`), signal })
    await mkdir(folder.at('back'))

    const env = { ...process.env, LC_ALL: 'C.UTF-8' }
    const { stderr } = await run(
      tool,
      [...unpack(folder.at(`out/a.${ending}`), folder.at('back'))],
      { env },
    )

    expect(stderr).toBe('')
    for (const { name } of entries) {
      expect(md5(await readFile(folder.at(`back/${name}`)))).toBe(md5(CONTENTS[name] ?? ''))
    }
    expect((await stat(folder.at('back/a file.txt'))).mode & 0o777).toBe(0o755)
    expect((await stat(folder.at('back/data/noise.bin'))).mode & 0o777).toBe(0o644)
  },
)
