import { describe, expect, test } from '@jest/globals'
import { count, formatBytes, formatDuration } from '../../src/lib/format.ts'

describe('formatBytes', () => {
  test.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [1234, '1.23 kB'],
    [9_999, '10.00 kB'],
    [12_345, '12.3 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.00 MB'],
    [999_999, '1.00 MB'],
    [1_000_000, '1.00 MB'],
    [1e9, '1.00 GB'],
    [50e9, '50.0 GB'],
    [1e12, '1.00 TB'],
    [1234e12, '1234.0 TB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

describe('formatDuration', () => {
  test.each([
    [0, '0.0 s'],
    [40, '0.0 s'],
    [449, '0.4 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 min 0 s'],
    [185_000, '3 min 5 s'],
    [3_599_499, '59 min 59 s'],
    [3_599_500, '1 h 0 min'],
    [7_800_000, '2 h 10 min'],
    [100 * 3_600_000, '100 h 0 min'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})

describe('count', () => {
  test.each([
    [0, '0 files'],
    [1, '1 file'],
    [2, '2 files'],
  ])('writes the noun for %d', (n, text) => {
    expect(count(n, 'file')).toBe(text)
  })
})
