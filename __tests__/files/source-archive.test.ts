import { describe, expect, test } from '@jest/globals'
import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { packSource, type SourceArchiveOptions } from '../../src/files/source-archive.ts'
import { md5, readArchive } from '../support/read-archive.ts'
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)
const { signal } = new AbortController()

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: '/nowhere',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
}

async function git(directory: string, ...args: readonly string[]): Promise<string> {
  const always = ['-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main']
  const { stdout } = await run('git', [...always, '-C', directory, ...args], { env: ENVIRONMENT })
  return stdout.trim()
}

/** A repository with one commit of these files. */
async function createRepository(
  folder: TemporaryFolder,
  name: string,
  contents: Readonly<Record<string, string | Buffer>>,
): Promise<string> {
  await mkdir(folder.at(name), { recursive: true })
  await git(folder.at(name), 'init', '--quiet')
  await commit(folder, name, contents)
  return folder.at(name)
}

async function commit(
  folder: TemporaryFolder,
  name: string,
  contents: Readonly<Record<string, string | Buffer>>,
): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    await folder.write(`${name}/${path}`, content)
  }
  await git(folder.at(name), 'add', '--all')
  await git(folder.at(name), 'commit', '--quiet', '--message', 'Change')
}

/** Packs, and returns what is in the archive: name → what tells the member. */
async function packed(
  folder: TemporaryFolder,
  options: Partial<SourceArchiveOptions> = {},
): Promise<Readonly<Record<string, string>>> {
  const archive = folder.at('source.zip')
  await packSource({
    directory: folder.at('repo'),
    toName: () => 'r-1',
    archive,
    signal,
    ...options,
  })
  const members = await readArchive(archive)
  return Object.fromEntries(
    members.map(({ name, kind, mode, md5: content }) => [name, `${kind} ${mode} ${content}`]),
  )
}

function file(content: string | Buffer): string {
  return `file 644 ${md5(content)}`
}

describe('packSource', () => {
  test('packs what the commit holds under the name given, and says how many files', async () => {
    await using folder = await createTemporaryFolder()
    const directory = await createRepository(folder, 'repo', {
      'a.txt': 'a',
      'données/ö ü.txt': 'b',
    })

    const result = await packSource({
      directory,
      toName: () => 'r-1',
      archive: folder.at('source.zip'),
      signal,
    })

    const commit = await git(directory, 'rev-parse', 'HEAD')
    expect(result).toEqual({ fileCount: 2, commit, name: 'r-1' })
    const members = await readArchive(folder.at('source.zip'))
    expect(members.map(({ name }) => name)).toEqual(['r-1/a.txt', 'r-1/données/ö ü.txt'])
    expect((await readdir(folder.path)).sort()).toEqual(['repo', 'source.zip'])
  })

  test('packs the commit and not what the working tree made of it', async () => {
    await using folder = await createTemporaryFolder()
    const directory = await createRepository(folder, 'repo', {
      '.gitignore': 'ignored.txt\n',
      'changed.txt': 'as committed',
      'staged.txt': 'as committed',
      'deleted.txt': 'still here',
    })
    await folder.write('repo/changed.txt', 'changed')
    await folder.write('repo/staged.txt', 'staged')
    await git(directory, 'add', 'staged.txt')
    await folder.write('repo/ignored.txt', 'secret')
    await folder.write('repo/untracked.txt', 'new')
    await rm(folder.at('repo/deleted.txt'))
    const status = await git(directory, 'status', '--porcelain')

    const members = await packed(folder)

    expect(members).toEqual({
      'r-1/.gitignore': file('ignored.txt\n'),
      'r-1/changed.txt': file('as committed'),
      'r-1/deleted.txt': file('still here'),
      'r-1/staged.txt': file('as committed'),
    })
    expect(await git(directory, 'status', '--porcelain')).toBe(status)
  })

  test('keeps links as links and executable files executable', async () => {
    await using folder = await createTemporaryFolder()
    await folder.write('repo/run.sh', '#!/bin/sh\n')
    await chmod(folder.at('repo/run.sh'), 0o755)
    await symlink('run.sh', folder.at('repo/inside'))
    await symlink('../../outside/ü', folder.at('repo/outside'))
    await symlink('folder', folder.at('repo/to-folder'))
    await createRepository(folder, 'repo', { 'folder/a.txt': 'a' })

    const members = await packed(folder)

    expect(members).toEqual({
      'r-1/folder/a.txt': file('a'),
      'r-1/inside': `link 777 ${md5('run.sh')}`,
      'r-1/outside': `link 777 ${md5('../../outside/ü')}`,
      'r-1/run.sh': `file 755 ${md5('#!/bin/sh\n')}`,
      'r-1/to-folder': `link 777 ${md5('folder')}`,
    })
  })

  test.each(['zip', 'tar.gz'])('makes the same .%s of every clone', async (ending) => {
    await using folder = await createTemporaryFolder()
    const directory = await createRepository(folder, 'repo', {
      'a.txt': 'a\n',
      'b/c.csv': '1,2\n'.repeat(9),
    })
    await git(folder.path, 'clone', '--quiet', directory, 'other-place')
    await git(folder.at('other-place'), 'config', 'core.autocrlf', 'true')

    const archives = [folder.at(`1.${ending}`), folder.at(`2.${ending}`)] as const
    await packSource({ directory, toName: () => 'r-1', archive: archives[0], signal })
    await packSource({
      directory: folder.at('other-place'),
      toName: () => 'r-1',
      archive: archives[1],
      signal,
    })

    expect((await readFile(archives[1])).equals(await readFile(archives[0]))).toBe(true)
  })

  test('converts what .gitattributes converts in a clone, and leaves out nothing', async () => {
    await using folder = await createTemporaryFolder()
    await createRepository(folder, 'repo', {
      '.gitattributes': '*.bat text eol=crlf\nsecret/ export-ignore\nkept.txt export-ignore\n',
      'run.bat': 'one\r\ntwo\r\n',
      'plain.txt': 'one\ntwo\n',
      'kept.txt': 'kept',
    })

    const members = await packed(folder)

    expect(members['r-1/run.bat']).toBe(file('one\r\ntwo\r\n'))
    expect(members['r-1/plain.txt']).toBe(file('one\ntwo\n'))
    expect(members['r-1/kept.txt']).toBe(file('kept'))
  })

  test('packs a shallow clone, named by a folder in it', async () => {
    await using folder = await createTemporaryFolder()
    await createRepository(folder, 'origin', { 'a.txt': 'first' })
    await commit(folder, 'origin', { 'sub/b.txt': 'second' })
    await git(folder.path, 'clone', '--quiet', '--depth=1', `file://${folder.at('origin')}`, 'repo')

    const members = await packed(folder, { directory: folder.at('repo/sub') })

    expect(members).toEqual({ 'r-1/a.txt': file('first'), 'r-1/sub/b.txt': file('second') })
  })

  test('packs all files of a sparse checkout', async () => {
    await using folder = await createTemporaryFolder()
    const directory = await createRepository(folder, 'repo', { 'in/a.txt': 'a', 'out/b.txt': 'b' })
    await git(directory, 'sparse-checkout', 'set', 'in')

    const members = await packed(folder)

    expect(members).toEqual({ 'r-1/in/a.txt': file('a'), 'r-1/out/b.txt': file('b') })
  })
})

describe('packSource with submodules', () => {
  async function createNested(folder: TemporaryFolder): Promise<string> {
    await createRepository(folder, 'deep', { 'deep.txt': 'deep' })
    const library = await createRepository(folder, 'library', { 'lib.txt': 'recorded' })
    await git(library, 'submodule', '--quiet', 'add', folder.at('deep'), 'nested')
    await git(library, 'commit', '--quiet', '--message', 'Nest')
    const origin = await createRepository(folder, 'origin', { 'top.txt': 'top' })
    await git(origin, 'submodule', '--quiet', 'add', library, 'libs/one')
    await git(origin, 'commit', '--quiet', '--message', 'Add')
    return origin
  }

  test('packs each at the commit that is recorded, however deep', async () => {
    await using folder = await createTemporaryFolder()
    const origin = await createNested(folder)
    await git(folder.path, 'clone', '--quiet', '--recurse-submodules', origin, 'repo')
    await commit(folder, 'repo/libs/one', { 'lib.txt': 'another commit' })

    const names = Object.entries(await packed(folder)).filter(([name]) => name.endsWith('.txt'))

    expect(Object.fromEntries(names)).toEqual({
      'r-1/libs/one/lib.txt': file('recorded'),
      'r-1/libs/one/nested/deep.txt': file('deep'),
      'r-1/top.txt': file('top'),
    })
  })

  test.each([
    ['at all', [], 'libs/one'],
    ['in full', ['--recurse-submodules=libs/one'], 'libs/one/nested'],
  ])('names one that is not checked out %s', async (_, args, name) => {
    await using folder = await createTemporaryFolder()
    const origin = await createNested(folder)
    await git(folder.path, 'clone', '--quiet', origin, 'repo')
    if (args.length > 0) await git(folder.at('repo'), 'submodule', '--quiet', 'update', '--init')

    await expect(packed(folder)).rejects.toMatchObject({
      name: 'FileError',
      path: folder.at(`repo/${name}`),
      message: `The submodule "${name}" is not checked out.`,
      hint: 'Give actions/checkout the input `submodules: recursive`.',
    })
    expect(await readdir(folder.path)).not.toContain('source.zip')
  })
})

describe('packSource with Git LFS', () => {
  const CONTENT = 'a large file\n'.repeat(1000)
  const SHA256 = createHash('sha256').update(CONTENT).digest('hex')
  const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${SHA256}\nsize ${CONTENT.length}\n`
  const CONTENTS = {
    '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
    'data/large.bin': POINTER,
    'fixture.txt': POINTER,
    'small.bin': 'committed without LFS',
  }
  const STORED = `repo/.git/lfs/objects/${SHA256.slice(0, 2)}/${SHA256.slice(2, 4)}/${SHA256}`

  test.each([
    ['the store', STORED],
    ['the working tree', 'repo/data/large.bin'],
  ])('takes the content from %s', async (_, place) => {
    await using folder = await createTemporaryFolder()
    const directory = await createRepository(folder, 'repo', CONTENTS)
    await folder.write(place, CONTENT)
    // As after `git lfs install --local`, with a program that would fail.
    await git(directory, 'config', 'filter.lfs.process', 'false')
    await git(directory, 'config', 'filter.lfs.smudge', 'false')
    await git(directory, 'config', 'filter.lfs.required', 'true')

    const members = await packed(folder)

    expect(members).toEqual({
      'r-1/.gitattributes': file(CONTENTS['.gitattributes']),
      'r-1/data/large.bin': file(CONTENT),
      'r-1/fixture.txt': file(POINTER),
      'r-1/small.bin': file(CONTENTS['small.bin']),
    })
  })

  test.each([
    ['is not here', POINTER],
    ['was changed in the working tree', CONTENT.replace('large', 'LARGE')],
  ])('names a file whose content %s', async (_, inWorkingTree) => {
    await using folder = await createTemporaryFolder()
    await createRepository(folder, 'repo', CONTENTS)
    await folder.write('repo/data/large.bin', inWorkingTree)

    await expect(packed(folder)).rejects.toMatchObject({
      name: 'FileError',
      path: folder.at('repo/data/large.bin'),
      message: 'The content of "data/large.bin" is in Git LFS, and not here.',
      hint: expect.stringContaining('`lfs: true`'),
    })
  })
})

describe('packSource', () => {
  test('explains a folder that is no checkout', async () => {
    await using folder = await createTemporaryFolder()
    await mkdir(folder.at('repo'))

    await expect(packed(folder)).rejects.toMatchObject({
      name: 'FileError',
      path: folder.at('repo'),
      message: `"${folder.at('repo')}" is not the checkout of a git repository.`,
      hint: expect.stringContaining('actions/checkout'),
    })
    expect(await readdir(folder.path)).toEqual(['repo'])
  })

  test('explains a checkout without a commit', async () => {
    await using folder = await createTemporaryFolder()
    await mkdir(folder.at('repo'))
    await git(folder.at('repo'), 'init', '--quiet')

    await expect(packed(folder)).rejects.toThrow(
      /^The checkout in ".*repo" has no commit to pack\.$/,
    )
  })

  test('says that git is missing', async () => {
    await using folder = await createTemporaryFolder()
    await createRepository(folder, 'repo', { 'a.txt': 'a' })

    const refused = packed(folder, { environment: { PATH: folder.path } })

    await expect(refused).rejects.toMatchObject({
      message: 'The source archive needs git, which is not installed here.',
      hint: expect.stringContaining('Install git'),
    })
  })

  test('repeats what git says of a damaged checkout', async () => {
    await using folder = await createTemporaryFolder()
    const directory = await createRepository(folder, 'repo', { 'a.txt': 'a' })
    const oid = await git(directory, 'rev-parse', 'HEAD:a.txt')
    await rm(folder.at(`repo/.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`))

    await expect(packed(folder)).rejects.toThrow(/^git cannot read the checkout in ".*repo": .+/)
  })

  test('refuses a file name that could harm', async () => {
    await using folder = await createTemporaryFolder()
    await createRepository(folder, 'repo', { 'a\\..\\b.txt': 'a' })

    await expect(packed(folder)).rejects.toThrow('it holds a backslash')
  })

  test('refuses a file name that is not UTF-8', async () => {
    await using folder = await createTemporaryFolder()
    await createRepository(folder, 'repo', { 'a.txt': 'a' })
    await writeFile(Buffer.concat([Buffer.from(`${folder.at('repo')}/`), Buffer.from([0xe9])]), 'x')
    await commit(folder, 'repo', {})

    await expect(packed(folder)).rejects.toThrow('The file name "é" is not UTF-8.')
  })

  test('ends with the reason of an abort, and leaves nothing behind', async () => {
    await using folder = await createTemporaryFolder()
    await createRepository(folder, 'repo', { 'a.txt': 'a' })
    const abort = new AbortController()
    const reason = new Error('cancelled by the test')

    const aborted = packed(folder, { signal: abort.signal })
    while ((await readdir(folder.path)).length === 1) await new Promise(setImmediate)
    abort.abort(reason)

    await expect(aborted).rejects.toBe(reason)
    expect(await readdir(folder.path)).toEqual(['repo'])
  })
})

describe('packSource, behind a git that watches', () => {
  const realGit = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()

  /** A program of the name of git, run before the real one. */
  async function wrapGit(folder: TemporaryFolder, script: string): Promise<string> {
    const path = await folder.write('bin/git', `#!/bin/sh\n${script}\nexec "${realGit}" "$@"\n`)
    await chmod(path, 0o755)
    return `${folder.at('bin')}:${process.env['PATH'] ?? ''}`
  }

  test('packs a checkout that belongs to another user', async () => {
    await using folder = await createTemporaryFolder()
    await createRepository(folder, 'library', { 'lib.txt': 'lib' })
    const directory = await createRepository(folder, 'repo', { 'a.txt': 'a' })
    await git(directory, 'submodule', '--quiet', 'add', folder.at('library'), 'lib')
    await git(directory, 'commit', '--quiet', '--message', 'Add')
    const PATH = await wrapGit(folder, 'export GIT_TEST_ASSUME_DIFFERENT_OWNER=1')
    const plain = run('git', ['-C', directory, 'status'], { env: { ...ENVIRONMENT, PATH } })
    await expect(plain).rejects.toThrow('dubious ownership')

    const members = await packed(folder, { environment: { PATH } })

    expect(members).toMatchObject({ 'r-1/a.txt': file('a'), 'r-1/lib/lib.txt': file('lib') })
  })

  test('gives git no secret and no setting of its surroundings', async () => {
    await using folder = await createTemporaryFolder()
    await createRepository(folder, 'repo', { 'a.txt': 'a' })
    const PATH = await wrapGit(folder, `env >> "${folder.at('seen.txt')}"`)
    const environment = {
      PATH,
      INPUT_TOKEN: 'secret-token',
      GITHUB_TOKEN: 'secret-token',
      GIT_DIR: '/elsewhere',
      HOME: '/home/of-the-user',
    }

    const members = await packed(folder, { environment })

    expect(members).toEqual({ 'r-1/a.txt': file('a') })
    const seen = await readFile(folder.at('seen.txt'), 'utf8')
    expect(seen).toContain('GIT_CONFIG_NOSYSTEM=1')
    expect(seen).not.toMatch(/secret-token|elsewhere|of-the-user/)
  })
})
