/** The first mistake in a text that should be JSON, and its offset; undefined if there is none. */
export function findJsonProblem(
  text: string,
): { readonly problem: string; readonly offset: number } | undefined {
  const message = complaintOf(text)
  if (message === undefined) return undefined
  const offset = positionOf(message) ?? findOffset(text)
  const comma = findNeedlessComma(text, offset)
  if (comma !== undefined) {
    return {
      problem: 'This is not valid JSON: nothing follows this comma. Remove it.',
      offset: comma,
    }
  }
  const end = findMissingComma(text, offset, message)
  if (end !== undefined) {
    return { problem: 'This is not valid JSON: a comma is missing after this.', offset: end }
  }
  const reason = message.replace(/( in JSON)?( at position .*|, .* is not valid JSON)$/s, '')
  return { problem: `This is not valid JSON: ${reason}.`, offset }
}

/** A comma before the end of an object or list, which is where the mistake is, though not where it shows. */
function findNeedlessComma(text: string, offset: number): number | undefined {
  const before = text.slice(0, offset).trimEnd()
  return before.endsWith(',') && /^[\]}]/.test(text.slice(offset)) ? before.length - 1 : undefined
}

/** The end of the line after which a comma is missing: the mistake shows only at the next one. */
function findMissingComma(text: string, offset: number, message: string): number | undefined {
  const isNext =
    /^Expected ',' or '[}\]]' after/.test(message) && /^["[{\dtfn-]/.test(text.slice(offset))
  const before = text.slice(0, offset).trimEnd()
  return isNext ? before.length - 1 : undefined
}

/**
 * Where the text goes wrong, which V8 does not tell for unexpected tokens: the end of the longest start of
 * the text that more text could still complete. Starts of a broken text stay broken, so halving finds it.
 */
function findOffset(text: string): number {
  let [whole, broken] = [0, text.length + 1]
  while (broken - whole > 1) {
    const middle = Math.floor((whole + broken) / 2)
    if (canBeCompleted(text.slice(0, middle))) whole = middle
    else broken = middle
  }
  return whole
}

function canBeCompleted(start: string): boolean {
  const message = complaintOf(start)
  if (message === undefined || /Unexpected end|Unterminated/.test(message)) return true
  return positionOf(message) === start.length
}

function complaintOf(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function positionOf(message: string): number | undefined {
  const position = / at position (\d+)/.exec(message)?.[1]
  return position === undefined ? undefined : Number(position)
}
