import { decodeHTML } from 'entities'
import fc from 'fast-check'

/** What Markdown, HTML, tables, logs and pages of a forge obey. */
const PIECES = [
  ...[
    '<img src=x onerror=y>',
    '<',
    '>',
    '&lt;',
    '&#60;',
    '"',
    "'",
    '</details>',
    '</code>',
    '<!--',
  ],
  ...['`', '```', '``', '|', '\\', '\\|', '*', '**', '_', '~~', '$', '$x$', '$$', '^', '=', '=='],
  ...[
    '[a](http://evil.example)',
    '![a](b)',
    '[a](javascript:alert(1))',
    '](',
    ')',
    '[',
    ']',
    '[^1]',
  ],
  ...['#', '# ', '- ', '+ ', '1. ', '1) ', '> ', '- [ ] ', '---', '|--|', ': '],
  ...['\n', '\r\n', '\n\n', '\u2028', '\n\n# x\n', '\t', ' ', '   ', '    ', '\u200b', '\u202e'],
  ...[
    '@user',
    '@org/team',
    'a@b.example',
    '#12',
    'GH-12',
    'a/b#3',
    ':smile:',
    'mailto:a@b.example',
  ],
  ...['www.evil.example', 'https://evil.example', 'http://', 'HTTPS://EVIL.EXAMPLE', 'ftp://a.b'],
  ...['::error::', '##[error]', 'a', 'Z', '9', 'é', '😀', '\ud800'],
]

/** Text that tries to be more than text. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((parts) => parts.join('')),
)

/** The tags of rendered HTML, in order. */
export const toTags = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? []

/** What a reader sees outside of code and links. */
export const textsOutsideCode = (html: string): readonly string[] =>
  html
    .replaceAll(/<(code|pre|a)\b[^>]*>.*?<\/\1>/gs, '<>')
    .split(/<[^>]*>/)
    .map((text) => decodeHTML(text))
