import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { toPrintable } from '../../src/lib/printable.ts'

/** Strings made of what is dangerous, mixed with what is not. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom('#', '##', '[', '##[', '::', '\r', '\n', '\u2028', '\u2029', '\u0085', ' '),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))

describe('toPrintable', () => {
  test.each([
    ['plain words', 'data set, 12 files', 'data set, 12 files'],
    ['letters of other scripts', 'Müller 日本 данные', 'Müller 日本 данные'],
    ['a character outside the basic plane', 'x𝒳y', 'x𝒳y'],
    ['a line feed', 'a\nb', 'a\\nb'],
    ['a carriage return', 'a\rb', 'a\\rb'],
    ['both', 'a\r\nb', 'a\\r\\nb'],
    ['a tab', 'a\tb', 'a\\tb'],
    ['the C0 control that begins a terminal sequence', '\u001b[31mred', '\\u{1b}[31mred'],
    ['a null character', 'a\u0000b', 'a\\u{0}b'],
    ['the C1 next-line character', 'a\u0085b', 'a\\u{85}b'],
    ['the line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['the paragraph separator', 'a\u2029b', 'a\\u{2029}b'],
    ['a right-to-left override', 'gpj\u202eexe', 'gpj\\u{202e}exe'],
    ['a directional isolate', 'a\u2066b', 'a\\u{2066}b'],
    ['an Arabic letter mark', 'a\u061cb', 'a\\u{61c}b'],
    ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['a soft hyphen', 'a\u00adb', 'a\\u{ad}b'],
    ['a filler of Hangul', 'a\u3164b', 'a\\u{3164}b'],
    ['a selector of variants', 'a\ufe0fb', 'a\\u{fe0f}b'],
    ['the blank of Braille', 'a\u2800b', 'a\\u{2800}b'],
    ['invisible tag characters', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['a byte order mark', '\ufeffa', '\\u{feff}a'],
    ['a lone high surrogate', 'a\ud83d', 'a\\u{d83d}'],
    ['a lone low surrogate', '\ude00a', '\\u{de00}a'],
    ['an old command in mid-line', 'x##[set-output name=doi]evil', 'x## [set-output name=doi]evil'],
    ['an old command behind a third hash', '###[error]', '### [error]'],
    ['an old command split by an invisible character', '##\u200b[error]', '##\\u{200b}[error]'],
    ['two hashes without a bracket', '## Heading', '## Heading'],
  ])('shows %s', (_, text, shown) => {
    expect(toPrintable(text)).toBe(shown)
  })

  test.each([
    ['keeps text of exactly the limit', 'abcde', 'abcde'],
    ['cuts longer text and says so', 'abcdef', 'abcde…'],
    ['does not cut a character in two', 'abcd😀f', 'abcd…'],
  ])('%s', (_, text, shown) => {
    expect(toPrintable(text, 5)).toBe(shown)
  })

  test('leaves nothing that breaks a line, starts a command, or is no valid text', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 60 }), (text, maxLength) => {
        const shown = toPrintable(text, maxLength)

        expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
        expect(shown).not.toContain('##[')
        expect(shown.isWellFormed()).toBe(true)
        expect(shown.length).toBeLessThanOrEqual(maxLength + 1)
      }),
      { numRuns: 1000 },
    )
  })
})
