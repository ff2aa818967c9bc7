import { describe, expect, test } from '@jest/globals'
import { decodeHTML } from 'entities'
import fc from 'fast-check'
import { lexer, type Token, type Tokens } from 'marked'
import { toDepositOutputs, type FileOutcome } from '../../src/action/outputs.ts'
import { escapeMarkdown, toSummary, type Told } from '../../src/action/summary.ts'
import { DoubtfulPublishError, FileError, InputError } from '../../src/errors.ts'
import { toPrintable } from '../../src/lib/printable.ts'
import { createDeposit } from './support/builders.ts'

const ORIGIN = 'https://zenodo.org'
const published = createDeposit({
  state: 'record',
  doi: '10.5281/zenodo.12',
  conceptDoi: '10.5281/zenodo.11',
})
const draft = createDeposit({ doi: '10.5281/zenodo.12' })

const file = (key: string, given: Partial<FileOutcome> = {}): FileOutcome => ({
  key,
  sizeBytes: 1500,
  checksum: 'md5:abc',
  action: 'uploaded',
  ...given,
})

const tellDraft = (files: readonly FileOutcome[] = [], version?: string): Told => ({
  inputs: undefined,
  checked: undefined,
  outputs: toDepositOutputs(draft, ORIGIN, { state: 'draft', version }),
  ending: { kind: 'done', result: { state: 'draft', deposit: draft, files } },
  elapsedMs: 65_000,
})

const tellPublished = (files: readonly FileOutcome[] = []): Told => ({
  ...tellDraft(),
  outputs: toDepositOutputs(published, ORIGIN, { state: 'published', version: 'v1' }),
  ending: { kind: 'done', result: { state: 'published', deposit: published, files } },
})

const tellFailure = (error: unknown, outputs: Told['outputs'] = {}): Told => ({
  ...tellDraft(),
  outputs,
  ending: { kind: 'failed', error },
})

/** Text that tries to be more than text. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '<img src=x onerror=y>',
          '<',
          '>',
          '&lt;',
          '&#60;',
          '"',
          '`',
          '```',
          '|',
          '\\',
          '*',
          '_',
        ],
        ...[
          '[a](http://evil.example)',
          '![a](b)',
          '](',
          ')',
          '[',
          ']',
          '~~',
          '#',
          '- ',
          '1. ',
          '> ',
        ],
        ...[
          '\n',
          '\r\n',
          '\u2028',
          '\n\n# x\n',
          '@user',
          'www.evil.example',
          'https://evil.example',
        ],
        ...[
          '$x$',
          '$$',
          '==',
          '::error::',
          '##[error]',
          'a',
          ' ',
          '   ',
          '\t',
          '</details>',
          '<!--',
        ],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
)

/** Every token of the text and what is in it. */
function allTokens(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token) => {
    const { tokens: inner = [], items = [], rows = [], header = [] } = token as Tokens.Generic
    const cells = [...(rows as Tokens.TableCell[][]).flat(), ...(header as Tokens.TableCell[])]
    const nested = [...inner, ...(items as Token[]), ...cells.flatMap((cell) => cell.tokens)]
    return [token, ...allTokens(nested)]
  })
}

const hrefs = (markdown: string): readonly string[] =>
  allTokens(lexer(markdown)).flatMap((token) =>
    token.type === 'link' || token.type === 'image' ? [(token as Tokens.Link).href] : [],
  )

const htmlIn = (markdown: string): readonly string[] =>
  allTokens(lexer(markdown)).flatMap((token) => (token.type === 'html' ? [token.raw.trim()] : []))

describe('escapeMarkdown', () => {
  test('makes of any text one line that is nothing but text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const escaped = escapeMarkdown(text)

        expect(escaped).not.toMatch(/[\p{Cc}\u2028\u2029<>"[\](){}`|\\*_~!@$]/u)
        expect(new Set(allTokens(lexer(`x${escaped}`)).map(({ type }) => type))).toEqual(
          new Set(['paragraph', 'text']),
        )
      }),
      { numRuns: 1000 },
    )
  })

  test('loses nothing of it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(decodeHTML(escapeMarkdown(text))).toBe(toPrintable(text, 300))
      }),
    )
  })

  test('cuts what is too long before it is escaped, so that no entity is cut', () => {
    expect(escapeMarkdown('<<<<', 2)).toBe('&lt;&lt;…')
  })
})

describe('toSummary', () => {
  test('begins with the state, and leads to the record', () => {
    const summary = toSummary(tellPublished([file('a.csv')]))

    expect(summary).toMatch(/^## Published on Zenodo\n/)
    expect(hrefs(summary)).toEqual([
      'https://doi.org/10.5281/zenodo.11',
      'https://zenodo.org/badge/DOI/10.5281/zenodo.11.svg',
      'https://zenodo.org/records/12',
      'https://doi.org/10.5281/zenodo.12',
    ])
    expect(summary).toContain('| a&#46;csv | 1.50 kB | md5&#58;abc | uploaded |')
    expect(summary).toContain('1 min 5 s')
    expect(summary).not.toContain('left to do')
  })

  test('of a draft says where to review it, and the two lines that publish it', () => {
    const summary = toSummary(tellDraft([file('a.csv')]))

    expect(summary).toMatch(/^## Draft on Zenodo, not published\n/)
    expect(summary).toContain('(reserved)')
    expect(hrefs(summary)).toEqual([
      'https://zenodo.org/deposit/12',
      'https://zenodo.org/deposit/12',
    ])
    expect(summary).toContain("```yaml\n    deposit-id: '12'\n    publish: true\n```")
  })

  test('has a row for each file, folded when they are many', () => {
    const many = Array.from({ length: 21 }, (_, n) => file(`f${n}`))

    expect(toSummary(tellDraft(many.slice(1)))).not.toContain('<details>')
    expect(toSummary(tellDraft(many))).toContain('<details><summary>21 files</summary>')
    expect(toSummary(tellDraft(many)).match(/\| uploaded \|/g)).toHaveLength(21)
  })

  test('of a failed run says every problem with its place, whole', () => {
    const problem = `It is wrong because ${'of many reasons '.repeat(30)}and must be mended.`
    const error = new InputError(
      [
        { place: { input: 'files' }, problem },
        { place: { file: '.zenodo.json', line: 3, column: 7 }, problem: 'No title.' },
        { place: { file: 'CITATION.cff' }, problem: 'No author.' },
      ],
      { hint: 'See the docs.' },
    )

    const text = decodeHTML(toSummary(tellFailure(error)))

    expect(text).toMatch(/^## Failed\n/)
    expect(text).toContain(`- input files: ${problem}\n`)
    expect(text).toContain('- .zenodo.json:3: No title.\n')
    expect(text).toContain('- CITATION.cff: No author.\n')
    expect(text).toContain('\nSee the docs.')
    expect(text).toContain('Mend this and run the job again.')
    expect(text).not.toContain('continues')
  })

  test('of a failure at the server says that another run continues', () => {
    const error = new FileError('/a', 'a.csv cannot be read.', { hint: 'Check it.' })

    const text = decodeHTML(toSummary(tellFailure(error)))

    expect(text).toContain('a.csv cannot be read.\n\nCheck it.')
    expect(text).toContain('Run the job again: it continues where this run stopped.')
  })

  test('of a doubtful publication says to look first, and not to run again', () => {
    const error = new DoubtfulPublishError('12', 'Who knows.', { hint: 'Look at it.' })

    const text = decodeHTML(toSummary(tellFailure(error, { state: 'unknown', 'deposit-id': '12' })))

    expect(text).toMatch(/^## Unknown: look at the deposit before doing anything else\n/)
    expect(text).toContain('Look at it.')
    expect(text).not.toContain('Run the job again')
  })

  test('of a bug shows no words that nobody has checked', () => {
    const summary = toSummary(tellFailure(new TypeError('token abc is not a function')))

    expect(summary).toContain('An unexpected error; see the log.')
    expect(summary).not.toContain('abc')
  })

  test('of a cancelled run says that another run continues', () => {
    const summary = toSummary({ ...tellFailure(undefined), ending: { kind: 'cancelled' } })

    expect(summary).toMatch(/^## Cancelled\n/)
    expect(summary).toContain('continues where this run stopped')
  })

  test('is never longer than what the runner takes', () => {
    const files = Array.from({ length: 2000 }, (_, n) => file(`${n}${'<'.repeat(200)}`))

    const summary = toSummary(tellDraft(files))

    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024)
    expect(summary).toContain('too long to be shown here')
    expect(summary).toContain('### What is left to do')
  })

  test('is the same in form whatever stands in names, versions and answers', () => {
    const lines = (summary: string): number => summary.split('\n').length
    const benign = toSummary(tellDraft([file('a'), file('b')], 'v1'))
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (key, checksum, version) => {
        const summary = toSummary(
          tellDraft([file(`a${key}`, { checksum }), file('b')], `v${version}`),
        )

        expect(lines(summary)).toBe(lines(benign))
        expect(hrefs(summary)).toEqual(hrefs(benign))
        expect(htmlIn(summary)).toEqual(htmlIn(benign))
      }),
    )
  })

  test('is the same in form whatever stands in a problem', () => {
    const summarise = (text: string): string =>
      toSummary(
        tellFailure(
          new InputError([{ place: { file: `f${text}` }, problem: `p${text}` }], {
            hint: `h${text}`,
          }),
        ),
      )
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(hrefs(summarise(text))).toEqual([])
        expect(htmlIn(summarise(text))).toEqual(htmlIn(summarise('')))
        expect(summarise(text).split('\n')).toHaveLength(summarise('').split('\n').length)
      }),
    )
  })
})
