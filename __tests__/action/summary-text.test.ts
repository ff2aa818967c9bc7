import { describe, expect, test } from '@jest/globals'
import { decodeHTML } from 'entities'
import fc from 'fast-check'
import { marked } from 'marked'
import {
  escapeMarkdown,
  fitLines,
  toCode,
  toLink,
  toSentence,
} from '../../src/action/summary-text.ts'
import { toPrintable } from '../../src/lib/printable.ts'
import { hostileText, textsOutsideCode, toTags } from './support/hostile.ts'

const ORIGIN = 'https://zenodo.org'
const render = (markdown: string): string => marked.parse(markdown, { gfm: true, async: false })
const joiner = '\u2060'

/** What pages make links, mentions and pictures of although no Markdown says so. */
const LINKING = /@\w|#\d|:\w+:|https?:\/\/|www\.|GH-\d|\w@\w/i

/** The places where a summary puts text from outside. */
const PLACES: Readonly<Record<string, (text: string) => string>> = {
  'a paragraph': (text) => text,
  'a list': (text) => `- ${text}\n- next`,
  'a cell of a table': (text) => `| a | b |\n|--|--|\n| ${text} | end |`,
  'bold text': (text) => `**${text}**`,
  'a title of something folded': (text) =>
    `<details><summary>${text}</summary>\n\ncontent\n\n</details>`,
}

describe('escapeMarkdown', () => {
  test.each(Object.entries(PLACES))('leaves of any text nothing but text in %s', (_, put) => {
    const benign = toTags(render(put('a')))
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = render(put(escapeMarkdown(`a${text}`)))

        expect(toTags(html)).toEqual(benign)
      }),
      { numRuns: 500 },
    )
  })

  test('leaves of any text alone one paragraph of text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(toPrintable(text.trim()).trim() !== '')
        expect(toTags(render(escapeMarkdown(text)))).toEqual(['<p>', '</p>'])
      }),
      { numRuns: 1000 },
    )
  })

  test('leaves nothing that a page would link of its own accord', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const shown of textsOutsideCode(render(escapeMarkdown(text)))) {
          expect(shown).not.toMatch(LINKING)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('loses nothing of it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = decodeHTML(escapeMarkdown(text)).replaceAll(joiner, '')

        expect(shown).toBe(toPrintable(text.trim(), 300))
      }),
    )
  })

  test.each([
    ['plain words', 'River levels, 2026 (v1.2)', 'River levels, 2026 (v1.2)'],
    ['a tag', '<b>', '&#60;b&#62;'],
    ['a list', '- a', '&#45; a'],
    ['a numbered list', '12. a', '12&#46; a'],
    ['a heading', '# a', '&#35; a'],
    ['a mention', '@user', '&#64;&#8288;user'],
    ['an issue', 'see #12 and GH-3', 'see &#35;&#8288;12 and GH&#8288;-3'],
    ['an address', 'https://a.b www.a.b', 'https:&#8288;//a.b www&#8288;.a.b'],
    ['an emoji', ':tada:', '&#58;&#8288;tada:'],
    ['what is too long', '<'.repeat(301), `${'&#60;'.repeat(300)}…`],
  ])('shows %s as it is', (_, text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped)
  })
})

describe('toCode', () => {
  test.each(Object.entries(PLACES).filter(([name]) => !name.startsWith('a title')))(
    'keeps any text within the code in %s',
    (_, put) => {
      const benign = toTags(render(put('`a`')))
      fc.assert(
        fc.property(hostileText, (text) => {
          const html = render(put(toCode(`a${text}`)))

          expect(toTags(html)).toEqual(benign)
        }),
        { numRuns: 500 },
      )
    },
  )

  test('shows the text exactly, up to its limit', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const printable = toPrintable(`a${text}`)
        fc.pre(Array.from(printable).length <= 100)
        const html = render(toCode(`a${text}`))
        const shown = decodeHTML(html.replace(/<\/?(?:p|code)>/g, '')).trimEnd()

        expect(shown.replaceAll(joiner, '')).toBe(printable.trimEnd())
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['a name', 'a b.csv', '`a b.csv`'],
    ['a name with a backtick', 'a`b', '<code>a&#96;b</code>'],
    ['a name with a pipe', 'a|b', '<code>a&#124;b</code>'],
    ['a name with a tag', 'a<b>', '<code>a&#60;b&#62;</code>'],
    ['an address', 'https://a.b', '<code>https:&#8288;//a.b</code>'],
    ['blanks', '  ', '<code></code>'],
    [
      'a long name by its ends',
      `${'a'.repeat(200)}.csv`,
      `\`${'a'.repeat(66)}…${'a'.repeat(29)}.csv\``,
    ],
  ])('writes %s', (_, text, code) => {
    expect(toCode(text)).toBe(code)
  })
})

describe('toLink', () => {
  test.each([
    ['another origin', 'https://evil.example/records/1'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/html,x'],
    ['an origin that begins alike', 'https://zenodo.org.evil.example/'],
    ['credentials', 'https://zenodo.org@evil.example/'],
    ['a name before the host', 'https://user@zenodo.org/'],
    ['another scheme', 'http://zenodo.org/'],
    ['no address', 'records/1'],
    ['nothing', ''],
  ])('makes no link to %s', (_, address) => {
    expect(toLink('here', address, [ORIGIN])).toBe('here')
  })

  test('makes one link of any address of the origin', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const tags = toTags(render(toLink('here', `${ORIGIN}/${text}`, [ORIGIN])))

        expect(
          tags.map((tag) => tag.replace(/ href="https:\/\/zenodo\.org\/[^"<>]*"/, '')),
        ).toEqual(['<p>', '<a>', '</a>', '</p>'])
      }),
      { numRuns: 500 },
    )
  })
})

describe('toSentence', () => {
  test('links the pages of the instance that it names', () => {
    const sentence = 'Look at https://zenodo.org/deposit/12, then run it again.'

    expect(toSentence(sentence, ORIGIN)).toBe(
      'Look at [zenodo.org/deposit/12](https://zenodo.org/deposit/12), then run it again.',
    )
  })

  test.each([
    ['another server', 'at https://evil.example/deposit/12'],
    ['another page', 'at https://zenodo.org/evil'],
    ['an unknown instance', 'at https://zenodo.example/deposit/12'],
  ])('does not link %s', (_, sentence) => {
    expect(toTags(render(toSentence(sentence, ORIGIN)))).toEqual(['<p>', '</p>'])
  })

  test('shows any text whole, and nothing but pages of the instance as links', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (before, after) => {
        const text = `a${before}${ORIGIN}/records/1 ${after}z`
        const html = render(toSentence(text, ORIGIN))
        const shown = decodeHTML(html.replace(/<[^>]*>/g, ''))
          .replaceAll(joiner, '')
          .trim()

        for (const tag of toTags(html))
          expect(tag).toMatch(/^<(\/?p|\/a|a href="https:\/\/zenodo\.org\/records\/1")>$/)
        expect(shown.replaceAll(/\s+/g, '')).toBe(
          toPrintable(text, 1500).replace(ORIGIN, 'zenodo.org').replaceAll(/\s+/g, ''),
        )
      }),
      { numRuns: 500 },
    )
  })
})

describe('fitLines', () => {
  const toRest = (left: number): string => `… ${left} more`

  test.each([
    ['all that fit', ['aa', 'bb'], 6, ['aa', 'bb']],
    ['as many as fit, and how many do not', ['aa', 'bb', 'cc'], 6, ['aa', 'bb', '… 1 more']],
    ['bytes, not letters', ['ää', 'bb'], 5, ['ää', '… 1 more']],
    ['nothing of nothing', [], 0, []],
  ])('takes %s', (_, lines, maxBytes, shown) => {
    expect(fitLines(lines, maxBytes, toRest)).toEqual(shown)
  })
})
