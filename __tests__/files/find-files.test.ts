import { describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { sep } from 'node:path'
import { promisify } from 'node:util'
import { findFiles, type FindFilesRequest, type FoundFiles } from '../../src/files/find-files.ts'
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

/** Names that some systems cannot store. */
const isWindows = process.platform === 'win32'
const isLinux = process.platform === 'linux'

async function createFolder(...names: readonly string[]): Promise<TemporaryFolder> {
  const folder = await createTemporaryFolder()
  for (const name of names) await folder.write(name, `content of ${name}`)
  return folder
}

const find = (
  folder: TemporaryFolder,
  text: string,
  options: Partial<FindFilesRequest> = {},
): Promise<FoundFiles> =>
  findFiles({
    lines: text.split('\n'),
    directory: folder.path,
    includeHidden: false,
    allowedRoots: [folder.path],
    ...options,
  })

/** Modes do not bind root, as whom tests may run. */
async function asOrdinaryUser<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act()
  process.seteuid?.(65534)
  try {
    return await act()
  } finally {
    process.seteuid?.(0)
  }
}

const displayPaths = ({ files }: FoundFiles): string[] => files.map((file) => file.displayPath)
const problems = ({ issues }: FoundFiles): string[] => issues.map(({ problem }) => problem)

describe('findFiles', () => {
  test('describes a file as it is', async () => {
    await using folder = await createFolder('data/a.csv')

    const { files, unmatched, issues } = await find(folder, 'data/a.csv')

    expect(files).toEqual([
      {
        path: folder.at('data/a.csv'),
        displayPath: 'data/a.csv',
        key: 'a.csv',
        sizeBytes: 'content of data/a.csv'.length,
        stamp: expect.any(String),
      },
    ])
    expect({ unmatched, issues }).toEqual({ unmatched: [], issues: [] })
  })

  test.each([
    ['one file', 'data/a.csv', ['data/a.csv']],
    ['files of a folder, but not of those below', 'data/*', ['data/a.csv', 'data/b.txt']],
    ['files of an ending', '*/*.csv', ['data/a.csv']],
    ['one character', 'data/?.txt', ['data/b.txt']],
    ['a class of characters', 'data/[xb].txt', ['data/b.txt']],
    ['everything below', 'data/**', ['data/a.csv', 'data/b.txt', 'data/deep/c.csv']],
    ['an ending below', '**/*.csv', ['data/a.csv', 'data/deep/c.csv']],
    ['a way with dots', './data/../data/a.csv', ['data/a.csv']],
    ['several lines, sorted by key', 'top.md\ndata/*', ['data/a.csv', 'data/b.txt', 'top.md']],
    ['one file twice, once', 'data/a.csv\ndata/*.csv', ['data/a.csv']],
    ['all but some', 'data/**\n!data/deep/**', ['data/a.csv', 'data/b.txt']],
    ['all but a folder', 'data/**\n!data/deep', ['data/a.csv', 'data/b.txt']],
    ['all but a folder with its slash', 'data/**\n!data/deep/', ['data/a.csv', 'data/b.txt']],
    [
      'what the last line brings back',
      'data/**\n!data/**/*.csv\ndata/deep/c.csv',
      ['data/b.txt', 'data/deep/c.csv'],
    ],
    ['nothing the last line excludes', 'data/a.csv\n!**/*.csv', []],
    ['no comment', '# data/b.txt\ndata/a.csv', ['data/a.csv']],
  ])('takes %s', async (_, text, expected) => {
    await using folder = await createFolder('data/a.csv', 'data/b.txt', 'data/deep/c.csv', 'top.md')

    const found = await find(folder, text)

    expect(displayPaths(found)).toEqual(expected)
    expect(found).toMatchObject({ unmatched: [], issues: [] })
  })

  test('starts at the working directory', async () => {
    await using folder = await createFolder('data/a.csv', 'a.csv')

    const found = await find(folder, '*.csv\n../a.csv', { directory: folder.at('data') })

    expect(displayPaths(found).toSorted()).toEqual(['../a.csv', 'a.csv'])
  })

  test('takes an absolute pattern', async () => {
    await using folder = await createFolder('data/a.csv')

    const found = await find(folder, folder.at('data/*.csv'), { directory: folder.at('data') })

    expect(displayPaths(found)).toEqual(['a.csv'])
  })

  test.each([
    ['a name in full', 'nothing.csv', '"nothing.csv" matches no file.'],
    ['a wildcard', 'data/*.xyz', '"data/*.xyz" matches no file.'],
    ['a folder that is not there', 'none/**', '"none/**" matches no file.'],
    [
      'a folder, which is not taken as a whole',
      'data',
      '"data" is a folder. Write "data/*" for the files in it, or "data/**" for those below it as well.',
    ],
    ['a folder with a slash', 'data/', '"data/" is a folder. Write "data/*" for'],
    ['a line like a command', 'x ##[error]', '"x ## [error]" matches no file.'],
    ['a wildcard for folders', 'da*', 'It matches folders: "data". Write "da*/*" for the files'],
    ['a backslash', 'data\\a.csv', 'Write / between folders'],
    ['a comment behind it', 'data/*.csv # all', 'A comment needs a line of its own.'],
    ['two patterns in one line', '*.csv top.md', 'Write one pattern a line.'],
    ['a name further down that is not there', 'data/x/*.csv', 'In "data" there is: "a.csv".'],
    ['a first name that is not there', 'results/*.csv', 'There is: "data", "top.md".'],
    [
      'a folder with other capitals',
      'Data/**',
      '"Data/**" matches no file. There is "data", with other',
    ],
    ['a file with other capitals', 'data/A.csv', 'There is "data/a.csv", with other capitals.'],
  ])('says of %s why it matches nothing', async (_, text, reason) => {
    await using folder = await createFolder('data/a.csv', 'top.md')

    const found = await find(folder, `top.md\n${text}`)

    expect(displayPaths(found)).toEqual(['top.md'])
    expect(found.unmatched).toEqual([expect.stringContaining(reason)])
  })

  test.each([
    ['a wildcard', '.hid/*', /matches hidden files only\. Name them in full/],
    ['what is never published', '.git/*', /of the kind that is never published/],
  ])('says of hidden files behind %s that they are hidden', async (_, text, reason) => {
    await using folder = await createFolder('a.csv', '.hid/x.txt', '.git/config')

    const { unmatched } = await find(folder, `a.csv\n${text}`)

    expect(unmatched).toEqual([expect.stringMatching(reason)])
  })

  test.each([
    ['a name that is not there', 'data/*\n!data/privat.csv', ['excludes nothing: there is no']],
    ['what stands first', '!data/a.csv\ndata/*', ['stands above what it excludes from']],
    ['a wildcard for the top', 'data/*\n!*.csv', ['data/a.csv is taken. Write "!**/*.csv"']],
    ['braces', 'data/*\n!data/*.{csv,txt}', ['may not mean what it seems to. Braces']],
    ['what a later line takes', 'data/*\n!data/b.txt\ndata/*.txt', ['a line below it takes']],
    ['a name for the top', 'data/*\n!a.csv', ['data/a.csv is taken. Write "!**/a.csv"']],
    ['a wildcard, which may be a precaution', 'data/*\n!**/*.tmp', []],
    ['a name', 'data/*\n!data/b.txt', []],
    ['a folder', '**\n!data', []],
  ])('finds out whether %s excludes nothing', async (_, lines, reasons) => {
    await using folder = await createFolder('data/a.csv', 'data/b.txt', 'top.md')

    const { idle } = await find(folder, lines)

    expect(idle).toEqual(reasons.map((reason) => expect.stringContaining(reason) as unknown))
  })

  test('knows an exclusion in a folder whose name looks like a pattern', async () => {
    await using folder = await createFolder('in[1]/a.csv', 'in[1]/b.csv')

    const found = await find(folder, '*.csv\n!b.csv', { directory: folder.at('in[1]') })

    expect(displayPaths(found)).toEqual(['a.csv'])
    expect(found.idle).toEqual([])
  })

  test('does not call an exclusion unmatched that excludes nothing', async () => {
    await using folder = await createFolder('a.csv')

    expect(await find(folder, 'a.csv\n!nothing/**')).toMatchObject({ unmatched: [] })
  })

  test('does not call a pattern unmatched whose files a later line excludes', async () => {
    await using folder = await createFolder('a.csv')

    expect(await find(folder, '*.csv\n!a.csv')).toMatchObject({ files: [], unmatched: [] })
  })
})

describe('hidden files', () => {
  const NAMES = ['.env', '.github/ci.yml', '.git/config', 'a.csv', 'data/.cache/b.csv']

  test.each([
    ['are not matched by wildcards', '**', false, ['a.csv']],
    ['are taken when named in full', '.env', false, ['.env']],
    ['are taken when their path is given in full', '.github/ci.yml', false, ['.github/ci.yml']],
    ['are not taken by a wildcard in their folder', '.github/*', false, []],
    ['are not taken by a wildcard behind their dot', '.e*', false, []],
    ['of git are taken when named in full', '.git/config', false, ['.git/config']],
    [
      'are matched on request, but never those of git',
      '**',
      true,
      ['.env', '.github/ci.yml', 'a.csv', 'data/.cache/b.csv'],
    ],
    ['of git are taken on request when named in full', '.git/config', true, ['.git/config']],
  ])('%s', async (_, text, includeHidden, expected) => {
    await using folder = await createFolder(...NAMES)

    const found = await find(folder, text, { includeHidden })

    expect(displayPaths(found).toSorted()).toEqual(expected)
  })

  test.each([
    ['', '**', false, ['.env', '.github/ci.yml', 'data/.cache/b.csv']],
    [' but those excluded', '**\n!.env', false, ['.github/ci.yml', 'data/.cache/b.csv']],
    [' but those named', '**\n.env', false, ['.github/ci.yml', 'data/.cache/b.csv']],
    [' where they are wanted', '**', true, []],
  ])(
    'that are left out are named%s, and never those of git',
    async (_, text, includeHidden, names) => {
      await using folder = await createFolder(...NAMES)

      const { hidden } = await find(folder, text, { includeHidden })

      expect(hidden).toEqual(names)
    },
  )

  test('that alone match leave the pattern unmatched', async () => {
    await using folder = await createFolder('.env')

    expect(await find(folder, '*')).toMatchObject({
      files: [],
      unmatched: [expect.stringContaining('matches hidden files only')],
    })
  })
})

describe('what may hold credentials', () => {
  test.each([
    ['a link to a file of git', 'data/c.txt', '../.git/config', ['data/c.txt']],
    ['a link to its folder', 'data/g', '../.git', ['data/g/config']],
    ['a file of actions/checkout', 'data/t', '../temp', []],
  ])('is not taken through %s', async (_, link, target, left) => {
    await using folder = await createFolder(
      '.git/config',
      'temp/git-credentials-1.config',
      'data/a.csv',
    )
    await symlink(target, folder.at(link))

    const { files, hidden } = await find(folder, 'data/**')

    expect(files.map(({ displayPath }) => displayPath)).toEqual(['data/a.csv'])
    expect(hidden).toEqual(left)
  })

  test('is not taken by a wildcard, whatever else is hidden and wanted', async () => {
    await using folder = await createFolder('temp/git-credentials-1.config', 'temp/a.csv')

    const found = await find(folder, 'temp/**', { includeHidden: true })

    expect(displayPaths(found)).toEqual(['temp/a.csv'])
  })

  test('is no content that git-annex keeps', async () => {
    await using folder = await createFolder('.git/annex/objects/x/a.csv', 'data/b.csv')
    await symlink('../.git/annex/objects/x/a.csv', folder.at('data/a.csv'))

    expect(displayPaths(await find(folder, 'data/**'))).toEqual(['data/a.csv', 'data/b.csv'])
  })
})

describe('a pointer of Git LFS', () => {
  const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 600000000\n`

  test('is no file to publish: its content was not fetched', async () => {
    await using folder = await createFolder('data/a.csv')
    await folder.write('data/big.bin', POINTER)

    const found = await find(folder, 'data/*')

    expect(displayPaths(found)).toEqual(['data/a.csv'])
    expect(found.issues).toEqual([
      {
        place: { input: 'files' },
        problem: expect.stringMatching(
          /^data\/big\.bin is a pointer of Git LFS.*600\.0 MB.*lfs: true/,
        ),
      },
    ])
  })

  test('is recognised by all of its text', async () => {
    await using folder = await createFolder()
    await folder.write('a.txt', `${POINTER}\nand more`)

    expect(displayPaths(await find(folder, '*'))).toEqual(['a.txt'])
  })
})

describe('links', () => {
  test('to files and folders inside are followed', async () => {
    await using folder = await createFolder('store/a.csv')
    await symlink(folder.at('store/a.csv'), folder.at('linked.csv'))
    await symlink(folder.at('store'), folder.at('folder'), 'junction')

    const found = await find(folder, '*.csv\nfolder/*')

    expect(displayPaths(found)).toEqual(['folder/a.csv', 'linked.csv'])
    expect(found.issues).toEqual([])
  })

  test.each<[string, (from: TemporaryFolder, to: TemporaryFolder) => Promise<void>]>([
    ['a file', (from, to) => symlink(to.at('secret.csv'), from.at('x.csv'))],
    ['a folder', (from, to) => symlink(to.path, from.at('x'), 'junction')],
  ])('to %s outside are refused', async (_, link) => {
    await using outside = await createFolder('secret.csv')
    await using folder = await createFolder('a.csv')
    await link(folder, outside)

    const found = await find(folder, '**')

    expect(displayPaths(found)).toEqual(['a.csv'])
    expect(problems(found)).toEqual([expect.stringMatching(/^x.* lies outside the workspace \(/)])
  })

  test('to a folder whose name begins like the workspace’s are refused', async () => {
    await using folder = await createFolder('work/a.csv', 'work-secret/b.csv')
    const options = { directory: folder.at('work'), allowedRoots: [folder.at('work')] }

    const found = await find(folder, '*\n../work-secret/*', options)

    expect(displayPaths(found)).toEqual(['a.csv'])
    expect(problems(found)).toEqual([expect.stringContaining('lies outside the workspace')])
  })

  test('to another allowed folder are followed', async () => {
    await using outside = await createFolder('b.csv')
    await using folder = await createFolder('a.csv')
    await symlink(outside.at('b.csv'), folder.at('b.csv'))

    const found = await find(folder, '*', { allowedRoots: [folder.path, outside.path] })

    expect(displayPaths(found)).toEqual(['a.csv', 'b.csv'])
  })

  test('in a circle end', async () => {
    await using folder = await createFolder('data/a.csv')
    await symlink(folder.at('data'), folder.at('data/again'), 'junction')

    const found = await find(folder, 'data/**')

    expect(displayPaths(found)).toEqual(['data/a.csv'])
    expect(found.issues).toEqual([])
  })

  const onPosix = isWindows ? test.skip : test // Windows has neither pipes in folders nor these modes.

  onPosix('tells a pipe from a file', async () => {
    await using folder = await createFolder('data/a.csv')
    await promisify(execFile)('mkfifo', [folder.at('data/b.csv')])

    const found = await find(folder, 'data/*')

    expect(problems(found)).toEqual(['data/b.csv is a pipe, and no file.'])
  })

  onPosix('finds out which files the user may not read', async () => {
    await using folder = await createFolder('data/a.csv', 'data/b.csv')
    await chmod(folder.path, 0o755)
    await chmod(folder.at('data/b.csv'), 0)

    const found = await asOrdinaryUser(() => find(folder, 'data/*'))

    expect(problems(found)).toEqual([
      expect.stringMatching(/^data\/b\.csv cannot be read: permission denied\./),
    ])
  })

  test('that lead nowhere are named, and not left out in silence', async () => {
    await using folder = await createFolder('data/a.csv')
    await symlink(folder.at('gone'), folder.at('data/b.csv'))

    const found = await find(folder, 'data/*')

    expect(displayPaths(found)).toEqual(['data/a.csv'])
    expect(problems(found)).toEqual([
      'data/b.csv cannot be read: it is a link that leads nowhere. Exclude it with a line "!data/b.csv" if it is not meant to be published.',
    ])
  })

  test.each([
    ['match no pattern', 'data/a.csv'],
    ['are excluded', 'data/*\n!data/b.csv'],
    ['lie in an excluded folder', 'data/a.csv\n**/*.csv\n!data/b.csv\n!data/old'],
    ['are hidden', 'data/a.csv\ndata/.*/nothing\ndata/[a].csv'],
  ])('that lead nowhere do no harm when they %s', async (_, text) => {
    await using folder = await createFolder('data/a.csv', 'data/old/x.md')
    await symlink(folder.at('gone'), folder.at('data/b.csv'))
    await symlink(folder.at('gone'), folder.at('data/old/c.csv'))
    await symlink(folder.at('gone'), folder.at('data/.d.csv'))

    const found = await find(folder, text)

    expect(displayPaths(found)).toEqual(['data/a.csv'])
    expect(found.issues).toEqual([])
  })

  test('that lead to themselves are named', async () => {
    await using folder = await createFolder('data/a.csv')
    await symlink(folder.at('data/b.csv'), folder.at('data/b.csv'))

    const found = await find(folder, 'data/*')

    expect(problems(found)).toEqual([expect.stringMatching(/^data\/b\.csv cannot be read: it is /)])
  })
})

describe('odd names', () => {
  const POSIX_ONLY = [
    ['a command of the runner', '::set-output name=x::y', '::set-output name=x::y'],
    ['a line break', 'a\n::error::b.csv', 'a\\n::error::b.csv'],
    ['a carriage return', 'a\rb.csv', 'a\\rb.csv'],
    ['a backslash', 'a\\b.csv', 'a\\b.csv'],
    ['a star', 'a*.csv', 'a*.csv'],
    ['quotes', '"a\'.csv', '"a\'.csv'],
    ['a terminal sequence', 'a\u001b[31m.csv', 'a\\u{1b}[31m.csv'],
  ] as const
  const EVERYWHERE = [
    ['an old command of the runner', '##[error]x', '## [error]x'],
    ['other scripts', '日本 данные.csv', '日本 данные.csv'],
    ['an emoji', '😀.csv', '😀.csv'],
    ['a right-to-left override', 'a\u202evsc.exe', 'a\\u{202e}vsc.exe'],
    ['a hash at its beginning', '#1.csv', '#1.csv'],
    ['an exclamation mark at its beginning', '!1.csv', '!1.csv'],
    ['spaces around it', ' a .csv', ' a .csv'],
    ['brackets and braces', '[a]{b}(c).csv', '[a]{b}(c).csv'],
    ['a name that objects have', '__proto__', '__proto__'],
  ] as const

  test.each([...EVERYWHERE, ...(isWindows ? [] : POSIX_ONLY)])(
    'with %s are taken as they are and shown harmless',
    async (_, name, shown) => {
      await using folder = await createFolder()
      await writeFile(`${folder.path}${sep}${name}`, 'x')

      const found = await find(folder, '*')

      expect(found.files).toMatchObject([{ key: name, displayPath: shown, sizeBytes: 1 }])
      expect(found.issues).toEqual([])
    },
  )

  test.each(['data [1]', 'a{b,c}', '[x', ...(isWindows ? [] : ['w*r?', 'back\\slash', '[a]*'])])(
    'of the folder %s are no patterns',
    async (name) => {
      await using folder = await createFolder()
      const directory = `${folder.path}${sep}${name}`
      await mkdir(directory)
      await writeFile(`${directory}${sep}a.csv`, 'x')
      await writeFile(`${directory}${sep}b.txt`, 'x')

      const found = await find(folder, '*\n!*.txt', { directory })

      expect(displayPaths(found)).toEqual(['a.csv'])
    },
  )

  const INVALID = Buffer.from([0x61, 0xff, 0x62])

  test.each(isLinux ? [['that is no valid text', INVALID]] : [['valid', Buffer.from('ab')]])(
    'with a byte sequence %s are never left out in silence',
    async (_, name) => {
      await using folder = await createFolder('a.csv')
      await writeFile(Buffer.concat([Buffer.from(folder.path + sep), name]), 'x')

      const found = await find(folder, '*')

      expect(found.files.length + found.issues.length).toBeGreaterThanOrEqual(isLinux ? 1 : 2)
      expect(found.issues).toHaveLength(isLinux ? 1 : 0)
    },
  )
})
