import { describe, expect, test } from '@jest/globals'
import { posix, resolve, win32 } from 'node:path'
import {
  isHiddenFrom,
  isLiteral,
  mayHoldCredentials,
  parsePatterns,
} from '../../src/files/patterns.ts'

const DIRECTORY = resolve('/workspace')
const parse = (text: string): ReturnType<typeof parsePatterns> =>
  parsePatterns(text.split('\n'), DIRECTORY)

describe('parsePatterns', () => {
  test('leaves out empty lines and comments, and keeps the order', () => {
    const patterns = parse('data/*.csv\n\n  # not this\n ! data/old.csv \n*.md')

    expect(patterns).toEqual([
      { text: 'data/*.csv', excludes: false, absolute: resolve(DIRECTORY, 'data/*.csv') },
      { text: 'data/old.csv', excludes: true, absolute: resolve(DIRECTORY, 'data/old.csv') },
      { text: '*.md', excludes: false, absolute: resolve(DIRECTORY, '*.md') },
    ])
  })

  test.each([
    ['an absolute pattern', resolve('/tmp/*.csv'), resolve('/tmp/*.csv')],
    ['the home folder', '~/data', '~/data'],
    ['a name that begins with a tilde', '~data', resolve(DIRECTORY, '~data')],
    ['a name that begins with a hash', './#1.csv', resolve(DIRECTORY, '#1.csv')],
    ['a name that begins with an exclamation mark', './!1.csv', resolve(DIRECTORY, '!1.csv')],
    ['a way up and down', '../workspace/a', resolve(DIRECTORY, 'a')],
  ])('makes %s absolute', (_, text, absolute) => {
    expect(parse(text)).toMatchObject([{ absolute, excludes: false }])
  })
})

describe('on Windows', () => {
  const FOLDER = 'D:\\a\\rivers [2026]\\rivers'
  const read = (text: string) => parsePatterns([text], FOLDER, win32)

  test.each([
    ['forward slashes', 'data/*.csv', 'D:\\a\\rivers [[]2026]\\rivers\\data\\*.csv'],
    ['backslashes', 'data\\*.csv', 'D:\\a\\rivers [[]2026]\\rivers\\data\\*.csv'],
    ['a drive', 'E:\\data\\*.csv', 'E:\\data\\*.csv'],
    ['a drive and forward slashes', 'E:/data/*.csv', 'E:/data/*.csv'],
    ['a share', '\\\\server\\data\\*.csv', '\\\\server\\data\\*.csv'],
    ['the home folder', '~\\data\\*.csv', '~\\data\\*.csv'],
    ['a way up', '..\\*.csv', 'D:\\a\\rivers [[]2026]\\*.csv'],
  ])('a pattern with %s becomes absolute', (_, text, absolute) => {
    expect(read(text)).toMatchObject([{ text, absolute }])
  })

  test.each([
    ['**', '.git\\config', true],
    ['data/**', 'data\\.cache\\a.csv', true],
    ['data\\**', 'data\\a.csv', false],
    ['.github\\**', '.github\\workflows\\ci.yml', true],
    ['.github\\workflows\\ci.yml', '.github\\workflows\\ci.yml', false],
    ['.github/workflows/ci.yml', '.github\\workflows\\ci.yml', false],
    ['.github\\**', '.github\\.env', true],
  ])('it is judged for %s whether %s hides', (text, path, verdict) => {
    const [pattern] = read(text)

    expect(pattern && isHiddenFrom(pattern, win32.join(FOLDER, path), FOLDER, win32)).toBe(verdict)
  })

  test.each([
    ['.git\\config', true],
    ['module/.GIT/config', true],
    ['a.git\\config', false],
  ])('it is judged whether %s is the repository’s own', (path, verdict) => {
    expect(mayHoldCredentials(path, win32)).toBe(verdict)
  })
})

describe('on Linux and macOS', () => {
  test('a backslash is part of a name, in folders as well', () => {
    const [pattern] = parsePatterns(['*.csv'], '/repo/a\\.b', posix)

    expect(pattern?.absolute).toBe('/repo/a\\\\.b/*.csv')
    expect(pattern && isHiddenFrom(pattern, '/repo/a\\.b/c\\.d.csv', '/repo/a\\.b', posix)).toBe(
      false,
    )
    expect(mayHoldCredentials('a\\.git', posix)).toBe(false)
  })
})

describe('isLiteral', () => {
  test.each([
    ['data/a.csv', true],
    ['data/*.csv', false],
    ['data/?.csv', false],
    ['data/[ab].csv', false],
    ['a{b}.csv', true],
  ])('judges %s', (text, verdict) => {
    expect(parse(text).map(isLiteral)).toEqual([verdict])
  })
})

describe('isHiddenFrom', () => {
  test.each([
    ['*', 'a.csv', false],
    ['*', '.env', true],
    ['*', '..env', true],
    ['**', '.git/config', true],
    ['**', 'data/.cache/a.csv', true],
    ['**/*.csv', 'data/.cache/a.csv', true],
    ['.env', '.env', false],
    ['./.env', '.env', false],
    ['.*', '.env', true],
    ['.e*', '.env', true],
    ['.e?v', '.env', true],
    ['.github/**', '.github/workflows/ci.yml', true],
    ['.github/workflows/ci.yml', '.github/workflows/ci.yml', false],
    ['.github/**', '.github/.env', true],
    ['.github/**/.env', '.github/.env', true],
    ['data/**/.zarray', 'data/a.zarr/.zarray', false],
    ['**/.env', 'deep/down/.env', false],
    ['.a+b(c)', '.a+b(c)', false],
    ['.ab', '.a.b', true],
    ['.*.yml', '.git/config', true],
  ])('judges for %s whether %s hides', (text, path, verdict) => {
    const [pattern] = parse(text)

    expect(pattern && isHiddenFrom(pattern, resolve(DIRECTORY, path), DIRECTORY)).toBe(verdict)
  })

  test.each([
    ['below a working directory that is hidden itself', '*', '/home/.cache/data/a.csv', false],
    ['beside the working directory', '../*', '/home/.cache/a.csv', false],
    ['hidden beside the working directory', '../*', '/home/.cache/.env', true],
  ])('judges a file %s', (_, text, path, verdict) => {
    const directory = resolve('/home/.cache/data')
    const [pattern] = parsePatterns([text], directory)

    expect(pattern && isHiddenFrom(pattern, resolve(path), directory)).toBe(verdict)
  })
})

describe('mayHoldCredentials', () => {
  test.each([
    ['.git/config', true],
    ['module/.git', true],
    ['.github/workflows/ci.yml', false],
    ['a.git/config', false],
    ['.gitignore', false],
    ['.git/annex/objects/Xy/k9/MD5E-s3--a.csv', false],
    ['.git/annex/creds/uuid', true],
    ['_temp/git-credentials-1f.config', true],
    ['data/credentials.config', false],
  ])('judges %s', (path, verdict) => {
    expect(mayHoldCredentials(path)).toBe(verdict)
  })
})
