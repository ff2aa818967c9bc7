import { describe, expect, test } from '@jest/globals'
import { toPlanLines, type Foreseen } from '../../src/action/dry-run-lines.ts'
import type { FileOutcome } from '../../src/action/outputs.ts'

const FORESEEN: Foreseen = {
  step: 'Would continue draft 7',
  isAsked: true,
  publishes: false,
  description: { extent: 'whole', metadata: {} },
  changes: undefined,
}
const inputs = { updateCitation: false, updateReleaseNotes: false }
const where = { origin: 'https://zenodo.org', inputs }

describe('toPlanLines', () => {
  test('tells what would happen to each file, and how much would be sent', () => {
    const actions = ['uploaded', 'replaced', 'kept', 'removed'] as const
    const files = actions.map((action): FileOutcome => ({
      key: `${action}.csv`,
      sizeBytes: 1500,
      checksum: '',
      action,
    }))

    const lines = toPlanLines({ files, foreseen: FORESEEN }, where)

    expect(lines).toEqual([
      'Would send uploaded.csv (1.50 kB)',
      'Would replace replaced.csv (1.50 kB)',
      'Would keep kept.csv (1.50 kB)',
      'Would remove removed.csv (1.50 kB)',
      '2 files to send (3.00 kB), 1 of them in place of a file of the same name, 1 to keep, 1 to remove',
      'Would leave a draft at https://zenodo.org',
    ])
  })

  test.each([
    ['the citation file', { updateCitation: true }, false, /into CITATION\.cff$/],
    ['the release notes', { updateReleaseNotes: true }, true, /into the release notes$/],
  ])('says that %s would get the DOI', (_, asked, publishes, line) => {
    const foreseen = { ...FORESEEN, publishes }
    const asks = { ...where, inputs: { ...inputs, ...asked } }

    expect(toPlanLines({ files: [], foreseen }, asks).at(-1)).toMatch(line)
  })

  test('says where it would publish', () => {
    const foreseen = { ...FORESEEN, publishes: true }

    expect(toPlanLines({ files: [], foreseen }, where).at(-1)).toBe(
      'Would publish at https://zenodo.org',
    )
  })

  test.each<[string, Foreseen['changes'], 'whole' | 'part', readonly string[]]>([
    ['nothing without a deposit to compare with', undefined, 'whole', []],
    ['that nothing changes', [], 'whole', ['The metadata would stay as they are']],
    [
      'a new field',
      [{ field: 'keywords', now: undefined, then: ['a', 'b'] }],
      'part',
      ['Would add keywords: a; b'],
    ],
    [
      'another value',
      [{ field: 'title', now: 'One', then: 'Two' }],
      'part',
      ['Would change title: One → Two'],
    ],
    [
      'what the metadata file does not have',
      [{ field: 'notes', now: '<p>Old</p>', then: undefined }],
      'whole',
      ['Would remove notes, which the metadata file does not have: Old'],
    ],
    [
      'what an input empties',
      [{ field: 'notes', now: 'Old', then: undefined }],
      'part',
      ['Would remove notes: Old'],
    ],
  ])('tells %s', (_, changes, extent, expected) => {
    const foreseen: Foreseen = { ...FORESEEN, changes, description: { extent, metadata: {} } }

    const lines = toPlanLines({ files: [], foreseen }, where)

    expect(lines.slice(1, -1)).toEqual(expected)
  })
})
