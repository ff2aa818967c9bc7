import type { YAMLError } from 'yaml'

/** A mistake in a text, and where. */
export interface LocatedProblem {
  readonly problem: string
  readonly offset: number
}

/** One mistake of syntax after the other, in words for somebody who does not know the parser's. */
export function toYamlProblems(
  errors: readonly YAMLError[],
  text: string,
): readonly LocatedProblem[] {
  const deeper = errors.find(({ code }) => code === 'MULTILINE_IMPLICIT_KEY')
  // What the parser says of the lines around one that is indented too far is not what is wrong with them.
  if (deeper !== undefined) return [{ problem: TOO_DEEP_A_LINE, offset: deeper.pos[1] - 1 }]
  return errors.map(({ code, message, pos }) => {
    const quote = /^Missing closing (["'])/.exec(message)?.[1]
    if (quote !== undefined) return openQuote(quote, text)
    if (code === 'DUPLICATE_KEY') return repeatedKey(pos[0], text)
    return { problem: describe(code, message), offset: pos[0] }
  })
}

/** The parser says where the text ends; what opened it is the last quote there is, since nothing closed it. */
const openQuote = (quote: string, text: string): LocatedProblem => ({
  problem: `This is not valid YAML: nothing closes the quote ${quote} here.`,
  offset: text.lastIndexOf(quote),
})

function repeatedKey(offset: number, text: string): LocatedProblem {
  const key = /^"[^"\n]*"|^'[^'\n]*'|^[^:\n]*/.exec(text.slice(offset, offset + 100))?.[0] ?? ''
  return { problem: `The key ${key.trim()} is given twice.`, offset }
}

const TOO_DEEP_A_LINE =
  'This is not valid YAML: the line is indented further than those it belongs to. Begin it in the same column.'

/** What the parser says of something that is missing, and what it comes from. */
const MISSING = [
  [
    'Sequence item without -',
    'the line stands in a list, and begins neither with "- " nor in the column of the line above it. Indent it like the line above.',
  ],
  [
    'Implicit map keys need to be followed',
    'the line has no colon. Write it as "name: value"; if it belongs to the text above, indent it further.',
  ],
] as const

function describe(code: string, message: string): string {
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'This is not valid YAML: a text with a colon in it needs quotes, as in title: "Levels: a study".'
    case 'TAB_AS_INDENT':
      return 'This is not valid YAML: the line begins with a tab. Indent it by spaces.'
    case 'BAD_SCALAR_START':
      return `This is not valid YAML: ${message}. Put the text in quotes.`
    case 'MISSING_CHAR':
      return `This is not valid YAML: ${MISSING.find(([words]) => message.startsWith(words))?.[1] ?? message}`
    case 'BAD_INDENT':
      return 'This is not valid YAML: the line begins in another column than those it belongs to. Begin it in the same one.'
    default:
      return `This is not valid YAML: ${message}`
  }
}
