import { describe, expect, test } from '@jest/globals'
import { closest } from '../../src/lib/closest.ts'

const WORDS = ['files', 'metadata-file', 'dry-run', 'publish']

describe('closest', () => {
  test.each([
    ['file', 'files'],
    ['FILES', 'files'],
    ['dry_run', 'dry-run'],
    ['dryRun', 'dry-run'],
    ['metadata_fle', 'metadata-file'],
    ['pulbish', 'publish'],
  ])('takes %s for %s', (word, meant) => {
    expect(closest(word, WORDS)).toBe(meant)
  })

  test.each(['', 'x', 'notes', 'citation'])('takes %j for nothing', (word) => {
    expect(closest(word, WORDS)).toBeUndefined()
  })

  test('finds nothing in nothing', () => {
    expect(closest('files', [])).toBeUndefined()
  })
})
