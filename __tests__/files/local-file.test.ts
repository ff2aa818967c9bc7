import { describe, expect, test } from '@jest/globals'
import {
  appendFile,
  chmod,
  mkdir,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { FileError } from '../../src/errors.ts'
import {
  readLocalFile,
  reasonOf,
  unreadable,
  type LocalFile,
  stampOf,
} from '../../src/files/local-file.ts'
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

/** Three chunks: what happens between them is up to the test. */
const SIZE = 2 * 512 * 1024 + 100

async function describeFile(path: string): Promise<LocalFile> {
  const stats = await stat(path)
  return {
    path,
    displayPath: 'data.bin',
    key: 'data.bin',
    sizeBytes: stats.size,
    stamp: stampOf(stats),
  }
}

async function createFile(folder: TemporaryFolder, content: Buffer): Promise<LocalFile> {
  return describeFile(await folder.write('data.bin', content))
}

/** All bytes, copied, since a chunk is only good until the next one. */
async function readAll(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const copies: Buffer[] = []
  for await (const chunk of chunks) copies.push(Buffer.from(chunk))
  return Buffer.concat(copies)
}

const CHANGED = {
  name: 'FileError',
  message: 'data.bin changed while it was being read.',
  hint: expect.stringContaining('finish before this one starts'),
}

describe('readLocalFile', () => {
  test.each([
    ['a byte', 1],
    ['less than a chunk', 1000],
    ['a chunk', 512 * 1024],
    ['a chunk and a byte', 512 * 1024 + 1],
    ['many chunks', 3_000_001],
  ])('gives exactly the bytes of %s', async (_, sizeBytes) => {
    await using folder = await createTemporaryFolder()
    const content = randomBytes(sizeBytes)
    const file = await createFile(folder, content)

    const bytes = await readAll(readLocalFile(file))

    expect(bytes.equals(content)).toBe(true)
  })

  test('gives nothing of an empty file', async () => {
    await using folder = await createTemporaryFolder()

    const bytes = await readAll(readLocalFile(await createFile(folder, Buffer.alloc(0))))

    expect(bytes).toHaveLength(0)
  })

  test('does not touch a chunk until the next one is asked for', async () => {
    await using folder = await createTemporaryFolder()
    const content = randomBytes(3_000_000)
    const chunks = readLocalFile(await createFile(folder, content))

    for (let position = 0; ;) {
      const { value: chunk } = (await chunks.next()) as IteratorResult<Buffer, undefined>
      if (chunk === undefined) break
      await new Promise((resolve) => setTimeout(resolve, 2))
      expect(chunk.equals(content.subarray(position, position + chunk.length))).toBe(true)
      position += chunk.length
    }
  })

  test('waits after the first chunk when it is told to, and only there', async () => {
    await using folder = await createTemporaryFolder()
    const file = await createFile(folder, Buffer.alloc(SIZE))
    const events: string[] = []

    const chunks = readLocalFile(file, () => Promise.resolve(void events.push('wait')))
    for await (const chunk of chunks) events.push(String(chunk.length))

    expect(events).toEqual(['524288', 'wait', '524288', '100'])
  })

  test('does not wait for a file of one chunk', async () => {
    await using folder = await createTemporaryFolder()
    const file = await createFile(folder, Buffer.alloc(100))
    let waits = 0

    await readAll(readLocalFile(file, () => Promise.resolve(void (waits += 1))))

    expect(waits).toBe(0)
  })

  test.each<[string, (path: string) => Promise<void>]>([
    ['grows', (path) => appendFile(path, 'more')],
    ['shrinks', (path) => truncate(path, SIZE - 1)],
    ['is emptied', (path) => truncate(path, 0)],
    ['is written again with the same size', (path) => utimes(path, 1, 1)],
  ])('keeps the end back when the file %s while it is read', async (_, change) => {
    await using folder = await createTemporaryFolder()
    const file = await createFile(folder, Buffer.alloc(SIZE))
    const chunks = readLocalFile(file)
    let given = 0

    const reading = (async () => {
      for await (const chunk of chunks) {
        if (given === 0) await change(file.path)
        given += chunk.length
      }
    })()

    await expect(reading).rejects.toMatchObject({ ...CHANGED, path: file.path })
    expect(given).toBeLessThan(SIZE)
  })

  test.each([
    ['grew', SIZE + 1],
    ['shrank', SIZE - 1],
    ['was emptied', 0],
  ])('gives no byte of a file that %s after it was found', async (_, sizeBytes) => {
    await using folder = await createTemporaryFolder()
    const file = await createFile(folder, Buffer.alloc(SIZE))
    await truncate(file.path, sizeBytes)

    await expect(readLocalFile(file).next()).rejects.toMatchObject(CHANGED)
  })

  test('keeps the end back when the file is written again and its time put back', async () => {
    await using folder = await createTemporaryFolder()
    const { path } = await createFile(folder, Buffer.alloc(SIZE))
    await utimes(path, 1000, 1000) // a time that can be put back to the last digit
    const found = await stat(path)
    const chunks = readLocalFile(await describeFile(path))
    await chunks.next()

    await new Promise((resolve) => setTimeout(resolve, 20)) // the system's clock has a grain
    await writeFile(path, Buffer.alloc(SIZE, 'x'))
    await utimes(path, 1000, 1000)

    expect((await stat(path)).mtimeMs).toBe(found.mtimeMs)
    await expect(readAll(chunks)).rejects.toMatchObject(CHANGED)
  })

  test('gives no byte of a small file that was touched after it was found', async () => {
    await using folder = await createTemporaryFolder()
    const file = await createFile(folder, Buffer.alloc(10))
    await utimes(file.path, 1, 1)

    await expect(readLocalFile(file).next()).rejects.toMatchObject(CHANGED)
  })

  test('says that a file is not there any more', async () => {
    await using folder = await createTemporaryFolder()
    const file = await createFile(folder, Buffer.alloc(10))
    await rm(file.path)

    await expect(readLocalFile(file).next()).rejects.toMatchObject({
      name: 'FileError',
      path: file.path,
      message: 'data.bin cannot be read: it is not there any more.',
      cause: { code: 'ENOENT' },
    })
  })

  test.each<[string, (path: string) => Promise<void>, string]>([
    ['is deleted', (path) => rm(path), 'data.bin cannot be read: it is not there any more.'],
    [
      'gives way to another one',
      async (path) => {
        await writeFile(`${path}.new`, Buffer.alloc(SIZE))
        await utimes(`${path}.new`, 1, 1)
        await rename(`${path}.new`, path)
      },
      'data.bin changed while it was being read.',
    ],
  ])('keeps the end back of a file that %s while it is read', async (_, act, message) => {
    await using folder = await createTemporaryFolder()
    const chunks = readLocalFile(await createFile(folder, Buffer.alloc(SIZE)))
    await chunks.next()
    await act(folder.at('data.bin'))

    await expect(readAll(chunks)).rejects.toMatchObject({ name: 'FileError', message })
  })

  test('says why a folder cannot be read', async () => {
    await using folder = await createTemporaryFolder()
    const path = folder.at('data.bin')
    await mkdir(path)
    const file = { ...(await describeFile(path)), sizeBytes: (await stat(path)).size || 1 }

    await expect(readLocalFile(file).next()).rejects.toBeInstanceOf(FileError)
  })

  test('lets go of a file that nobody reads to its end', async () => {
    await using folder = await createTemporaryFolder()
    const file = await createFile(folder, Buffer.alloc(SIZE))
    const chunks = readLocalFile(file)
    await chunks.next()

    await chunks.return(undefined)

    await expect(chunks.next()).resolves.toMatchObject({ done: true })
    await writeFile(file.path, 'free again')
    await chmod(file.path, 0o600)
  })
})

describe('unreadable', () => {
  const file: LocalFile = {
    path: '/data.bin',
    displayPath: 'data.bin',
    key: 'data.bin',
    sizeBytes: 1,
    stamp: '',
  }

  test.each<[string, unknown, string]>([
    ['a missing file', { code: 'ENOENT' }, 'it is not there any more'],
    ['a missing right', { code: 'EACCES' }, 'permission denied'],
    ['a right that the system denies', { code: 'EPERM' }, 'permission denied'],
    ['a link in a circle', { code: 'ELOOP' }, 'it is a link that leads back to itself'],
    ['a disk that fails', { code: 'EIO', message: 'EIO: i/o error, read' }, 'EIO: i/o error, read'],
    ['an error without words', {}, 'unknown reason'],
    ['something that is no error', 'EIO', 'unknown reason'],
    ['nothing', undefined, 'unknown reason'],
    ['null', null, 'unknown reason'],
  ])('says the reason of %s', (_, cause, reason) => {
    const error = unreadable(file, cause)

    expect(error).toMatchObject({
      path: '/data.bin',
      message: `data.bin cannot be read: ${reason}.`,
      hint: expect.stringContaining('still exists'),
    })
    expect(reasonOf(cause)).toBe(reason)
  })
})
