import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { KEPT_TAGS } from '../../src/metadata/html.ts'
import { markdownToHtml } from '../../src/metadata/markdown.ts'

describe('markdownToHtml', () => {
  test.each<[string, string, string]>([
    ['plain text', 'Some text.', '<p>Some text.</p>'],
    ['paragraphs', 'One.\n\nTwo.', '<p>One.</p>\n<p>Two.</p>'],
    ['emphasis', '*a* **b** `c`', '<p><em>a</em> <strong>b</strong> <code>c</code></p>'],
    ['a list', '- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
    ['a numbered list', '1. a', '<ol>\n<li>a</li>\n</ol>'],
    ['a link', '[a](https://x.org)', '<p><a href="https://x.org">a</a></p>'],
    ['a bare address', 'https://x.org', '<p><a href="https://x.org">https://x.org</a></p>'],
    ['a heading that is too deep', '###### a', '<h5>a</h5>'],
    ['code with tags in it', '```py\na < b\n```', '<pre><code>a &lt; b\n</code></pre>'],
    ['a crossed-out word', '~~a~~ b', '<p>a b</p>'],
    [
      'a picture, which becomes a link',
      '![a](https://x.org/a.png)',
      '<p><a href="https://x.org/a.png">a</a></p>',
    ],
    ['a task list', '- [x] a', '<ul>\n<li>[x] a</li>\n</ul>'],
    ['tags that shape words', 'CO<sub>2</sub> **x**', '<p>CO<sub>2</sub> <strong>x</strong></p>'],
    ['what looks like a tag', 'List<String>', '<p>List&lt;String&gt;</p>'],
    ['a script', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['a script as address', '[a](javascript:alert(1))', '<p>a</p>'],
    [
      'a shaping tag with an attribute',
      '<b onclick="x">a</b>',
      '<p>&lt;b onclick=&quot;x&quot;&gt;a</b></p>',
    ],
    ['HTML', '<p>a <i>b</i></p>', '<p>a <i>b</i></p>'],
  ])('makes HTML of %s', (_, markdown, html) => {
    expect(markdownToHtml(markdown)).toBe(html)
  })

  test('makes only tags that Zenodo keeps, whatever the text', () => {
    const pieces = fc.constantFrom(
      ...[
        '*',
        '_',
        '`',
        '#',
        '- ',
        '1. ',
        '> ',
        '|',
        '\n',
        '\n\n',
        '    ',
        '[a]',
        '(b)',
        '![',
        '](',
        ')',
      ],
      ...[
        '<b>',
        '</b>',
        '<script>',
        '<img src=x onerror=y>',
        '<!--',
        '-->',
        '<a href="javascript:x">',
      ],
      ...['&', '&lt;', '"', "'", '~~', 'https://x.org', 'javascript:', 'word', '<', '>', '\\'],
    )

    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const html = markdownToHtml(parts.join(''))

        for (const [, name = '', attributes = ''] of html.matchAll(/<\/?([^\s>/]*)([^>]*)>/g)) {
          expect(KEPT_TAGS.has(name)).toBe(true)
          expect(attributes).toMatch(/^( href="(https?:|mailto:)[^"]*"|\s*\/?)$/)
        }
      }),
    )
  })
})
