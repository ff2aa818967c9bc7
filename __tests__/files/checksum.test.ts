import { describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { appendFile, rm, stat, utimes } from 'node:fs/promises'
import { promisify } from 'node:util'
import { SMALL_FILE_BYTES, createChecksums } from '../../src/files/checksum.ts'
import { type LocalFile, stampOf } from '../../src/files/local-file.ts'
import { md5 } from '../support/md5.ts'
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)

const SMALL = SMALL_FILE_BYTES
const LARGE = SMALL_FILE_BYTES + 1

async function createFile(
  folder: TemporaryFolder,
  name: string,
  content: Buffer,
): Promise<LocalFile> {
  const path = await folder.write(name, content)
  const stats = await stat(path)
  return { path, displayPath: name, key: name, sizeBytes: stats.size, stamp: stampOf(stats) }
}

describe('a checksum', () => {
  test.each([
    ['a small file', 1000],
    ['the largest file that is read at once', SMALL],
    ['the smallest file that is left to the worker', LARGE],
    ['a file of several reads', 3 * LARGE],
  ])('is that of all bytes of %s', async (_, sizeBytes) => {
    await using folder = await createTemporaryFolder()
    await using checksums = createChecksums()
    const content = Buffer.alloc(sizeBytes, 'content')

    const checksum = await checksums.of(await createFile(folder, 'a', content))

    expect(checksum).toBe(md5(content))
  })

  test('of many files goes to the file it belongs to', async () => {
    await using folder = await createTemporaryFolder()
    await using checksums = createChecksums()
    const contents = ['a', 'b', 'c', 'd'].map((name) => Buffer.alloc(LARGE, name))
    const small = ['e', 'f', 'g'].map((name) => Buffer.from(name))
    const all = [...contents, ...small]
    const files = await Promise.all(
      all.map((content, index) => createFile(folder, `f${index}`, content)),
    )

    checksums.start(files)
    const found = await Promise.all(files.toReversed().map((file) => checksums.of(file)))

    expect(found.toReversed()).toEqual(all.map(md5))
  })

  test.each([
    ['small', 10],
    ['large', LARGE],
  ])('of a %s file is computed once, whatever happens to it later', async (_, sizeBytes) => {
    await using folder = await createTemporaryFolder()
    await using checksums = createChecksums()
    const file = await createFile(folder, 'a', Buffer.alloc(sizeBytes))
    const first = await checksums.of(file)
    await rm(file.path)

    const second = await checksums.of(file)

    expect(second).toBe(first)
  })

  test.each([
    ['grew', 10, (path: string) => appendFile(path, 'x')],
    ['grew', LARGE, (path: string) => appendFile(path, 'x')],
    ['was written again', 10, (path: string) => utimes(path, 1, 1)],
    ['was written again', LARGE, (path: string) => utimes(path, 1, 1)],
  ])('is not given for a file that %s after it was found (%d bytes)', async (_, size, change) => {
    await using folder = await createTemporaryFolder()
    await using checksums = createChecksums()
    const file = await createFile(folder, 'a', Buffer.alloc(size))
    await change(file.path)

    await expect(checksums.of(file)).rejects.toMatchObject({
      name: 'FileError',
      message: 'a changed while it was being read.',
    })
  })

  test.each([
    ['small', 10],
    ['large', LARGE],
  ])('of a %s file that vanished is an error that says so', async (_, sizeBytes) => {
    await using folder = await createTemporaryFolder()
    await using checksums = createChecksums()
    const file = await createFile(folder, 'a', Buffer.alloc(sizeBytes))
    await rm(file.path)

    await expect(checksums.of(file)).rejects.toMatchObject({
      name: 'FileError',
      path: file.path,
      message: 'a cannot be read: it is not there any more.',
    })
  })

  test.each([
    ['small', 10],
    ['large', LARGE],
  ])('of a %s file that failed leaves the others alone', async (_, sizeBytes) => {
    await using folder = await createTemporaryFolder()
    await using checksums = createChecksums()
    const broken = await createFile(folder, 'a', Buffer.alloc(sizeBytes))
    const whole = await createFile(folder, 'b', Buffer.alloc(sizeBytes, 'b'))
    await rm(broken.path)

    const settled = await Promise.allSettled([checksums.of(broken), checksums.of(whole)])

    expect(settled).toMatchObject([
      { status: 'rejected' },
      { status: 'fulfilled', value: md5(Buffer.alloc(sizeBytes, 'b')) },
    ])
  })

  test('that nobody asks for fails without a crash', async () => {
    await using folder = await createTemporaryFolder()
    await using checksums = createChecksums()
    const file = await createFile(folder, 'a', Buffer.alloc(LARGE))
    await rm(file.path)

    checksums.start([file])

    await expect(checksums.of(file)).rejects.toMatchObject({ name: 'FileError' })
  })
})

describe('the end', () => {
  test('stops what is being computed, and tells whoever waits for it', async () => {
    await using folder = await createTemporaryFolder()
    const checksums = createChecksums()
    const files = await Promise.all(
      ['a', 'b', 'c'].map((name) => createFile(folder, name, Buffer.alloc(4 * LARGE))),
    )
    const waiting = Promise.allSettled(files.map((file) => checksums.of(file)))

    await checksums[Symbol.asyncDispose]()

    const settled = await waiting
    expect(settled.at(-1)).toMatchObject({ status: 'rejected' })
  })

  test('leaves the small files unread whose turn had not come', async () => {
    await using folder = await createTemporaryFolder()
    const checksums = createChecksums()
    const files = await Promise.all(
      ['a', 'b', 'c'].map((name) => createFile(folder, name, Buffer.alloc(SMALL))),
    )
    const waiting = Promise.allSettled(files.map((file) => checksums.of(file)))

    await checksums[Symbol.asyncDispose]()

    const settled = await waiting
    expect(settled.slice(1)).toMatchObject([
      { status: 'rejected', reason: { message: expect.stringContaining('was stopped') } },
      { status: 'rejected', reason: { message: expect.stringContaining('was stopped') } },
    ])
  })

  test.each([
    ['small', SMALL],
    ['large', LARGE],
  ])('leaves nobody waiting who asks for a %s file later', async (_, sizeBytes) => {
    await using folder = await createTemporaryFolder()
    const checksums = createChecksums()
    const first = await createFile(folder, 'first', Buffer.alloc(sizeBytes))
    const later = await createFile(folder, 'later', Buffer.alloc(sizeBytes))
    await checksums.of(first)

    await checksums[Symbol.asyncDispose]()

    await expect(checksums.of(later)).rejects.toThrow('was stopped')
  })

  test('keeps the process alive until it is over, also when an answer comes at that moment', async () => {
    await using folder = await createTemporaryFolder()
    const file = await createFile(folder, 'a', Buffer.alloc(LARGE))
    const program = `
      import { createChecksums } from ${JSON.stringify(new URL('../../src/files/checksum.js', import.meta.url).href)}
      const checksums = createChecksums()
      checksums.start([${JSON.stringify(file)}])
      for (const until = performance.now() + 500; performance.now() < until;);
      await checksums[Symbol.asyncDispose]()
      console.log('over')`

    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program])

    expect(stdout.trim()).toBe('over')
  })

  test('is nothing when nothing was computed', async () => {
    await expect(createChecksums()[Symbol.asyncDispose]()).resolves.toBeUndefined()
  })
})
