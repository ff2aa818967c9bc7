const TOKEN =
  /[\t\n\r ]*(?:[{}[\],:]|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null)/iuy

/** The first mistake in a text that should be JSON, and its offset; undefined if there is none. */
export function findJsonProblem(
  text: string,
): { readonly problem: string; readonly offset: number } | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const position = / at position (\d+)/.exec(message)?.[1]
    const offset = position === undefined ? findBadToken(text) : Number(position)
    const reason = message.replace(/( in JSON)?( at position .*|, .* is not valid JSON)$/s, '')
    return { problem: `This is not valid JSON: ${reason}.`, offset }
  }
}

/** Where the text stops being made of JSON's tokens; V8 keeps this to itself for some of its messages. */
function findBadToken(text: string): number {
  let offset = 0
  for (;;) {
    TOKEN.lastIndex = offset
    if (!TOKEN.test(text)) break
    offset = TOKEN.lastIndex
  }
  const rest = text.slice(offset)
  return offset + (rest.length - rest.trimStart().length)
}
