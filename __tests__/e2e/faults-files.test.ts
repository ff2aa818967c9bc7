import { appendFile, rm, truncate, utimes } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { createDataFiles, TransferStage } from '../support/transfer-stage.ts'

const LONG_AGO = new Date('2001-02-03')

const CHANGES: readonly [string, (path: string) => Promise<void>, RegExp][] = [
  ['grows', (path) => appendFile(path, 'more'), /data\/f0\.bin changed while it was being read/],
  ['shrinks', (path) => truncate(path, 1000), /data\/f0\.bin changed while it was being read/],
  [
    'is written anew',
    (path) => utimes(path, LONG_AGO, LONG_AGO),
    /data\/f0\.bin changed while it was being read/,
  ],
]

describe('a file that changes', () => {
  test.each(CHANGES)(
    'and %s while it is sent is an error, and not stored',
    async (_, change, words) => {
      await using files = await createDataFiles(1, 24e6)
      await using stage = await TransferStage.open(files)
      // The server takes nothing yet, and no connection holds 24 MB: most of the file is still to be read.
      stage.strike({ before: () => change(files.folder.at('data/f0.bin')) }, 1)

      const { error } = await stage.run()

      expect(error).toMatchObject({ name: 'FileError', message: expect.stringMatching(words) })
      expect(stage.zenodo.deposits().flatMap((deposit) => deposit.files)).toEqual([])
      stage.expectSettled()
    },
  )

  test.each([
    ...CHANGES,
    ['vanishes', (path: string) => rm(path), /data\/f0\.bin cannot be read: it is not there/],
  ] as const)(
    'and %s between two attempts is an error, and not stored',
    async (_, change, words) => {
      await using files = await createDataFiles(1, 2000)
      await using stage = await TransferStage.open(files)
      stage.strike(
        {
          before: () => change(files.folder.at('data/f0.bin')),
          answer: { status: 503, html: 'busy' },
        },
        1,
      )

      const { error } = await stage.run()

      expect(error).toMatchObject({ name: 'FileError', message: expect.stringMatching(words) })
      expect(stage.zenodo.deposits().flatMap((deposit) => deposit.files)).toEqual([])
      stage.expectSettled()
    },
  )

  test('and vanishes while it is sent is stored whole, or an error', async () => {
    await using files = await createDataFiles(1, 24e6)
    await using stage = await TransferStage.open(files)
    stage.strike({ before: () => rm(files.folder.at('data/f0.bin')) }, 1)

    const { error } = await stage.run()

    // On Windows it cannot be removed while it is open; elsewhere whoever opened it reads it to the end.
    if (error === undefined) expect(stage.storedRight).toEqual(['f0.bin'])
    else expect(error).toMatchObject({ name: 'FileError' })
    expect(stage.storedWrong).toEqual([])
    stage.expectSettled()
  })
})
