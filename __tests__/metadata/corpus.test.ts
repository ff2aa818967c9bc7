import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { findLost } from '../../src/metadata/echo.ts'
import { readMetadata } from '../../src/metadata/read-metadata.ts'
import { TODAY } from './support.ts'

const FOLDER = '__tests__/fixtures/metadata'

interface Expected {
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** For each file, the fields that must be found wrong. */
const expected = JSON.parse(readFileSync(`${FOLDER}/expected.json`, 'utf8')) as Readonly<
  Record<string, Expected>
>

const read = async (file: string) =>
  readMetadata({
    directory: FOLDER,
    file,
    inline: undefined,
    version: undefined,
    versionGiven: false,
    publicationDate: undefined,
    communities: [],
    repository: undefined,
    publish: true,
    today: TODAY,
    displayPath: () => file,
  })

describe('a corpus of metadata files', () => {
  test('has at least forty', () => {
    expect(Object.keys(expected).length).toBeGreaterThanOrEqual(40)
  })

  test.each(Object.entries(expected))('judges %s', async (file, { errors, warnings }) => {
    const { findings } = await read(file)

    const fieldsOf = (severity: string) =>
      findings.filter((finding) => finding.severity === severity).map(({ field }) => field)
    expect({
      errors: fieldsOf('error').toSorted(),
      warnings: fieldsOf('warning').toSorted(),
    }).toEqual({
      errors: errors.toSorted(),
      warnings: warnings.toSorted(),
    })
  })

  test.each(Object.keys(expected))(
    'places each finding of %s on a line that exists',
    async (file) => {
      const { findings } = await read(file)
      const lines = readFileSync(`${FOLDER}/${file}`, 'utf8').split('\n')

      for (const { place } of findings) {
        const { line = 0, column = 0 } = 'file' in place ? place : {}
        expect(line).toBeGreaterThan(0)
        expect(column).toBeGreaterThan(0)
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1)
      }
    },
  )

  test.each(Object.keys(expected))('takes the echo of %s for itself', async (file) => {
    const { metadata = {} } = await read(file)

    const lost = findLost(metadata, structuredClone(metadata)).map(({ field }) => field)

    // What is no list of anything cannot have been kept, whatever the answer says.
    expect(lost.filter((field) => Array.isArray(metadata[field.split('.')[0] ?? '']))).toEqual([])
  })
})
