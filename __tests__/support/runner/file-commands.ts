/**
 * What a step appended to `GITHUB_OUTPUT`, `GITHUB_STATE` or `GITHUB_ENV`: `name=value` lines and
 * `name<<DELIMITER … DELIMITER` blocks; a later value wins. Throws on what the runner would refuse.
 */
export function parseFileCommands(text: string): Record<string, string> {
  const lines = text.split('\n')
  const values: Record<string, string> = {}
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (line === '') continue
    const { name, value, delimiter } = parseFirstLine(line)
    if (delimiter === undefined) {
      values[name] = value
      continue
    }
    const end = lines.indexOf(delimiter, index + 1)
    if (end < 0) throw new Error(`Matching delimiter not found '${delimiter}'`)
    values[name] = lines.slice(index + 1, end).join('\n')
    index = end
  }
  return values
}

/** Whichever of `=` and `<<` comes first decides what the line is. */
function parseFirstLine(line: string) {
  const match = /^(?<name>.*?)(?<mark>=|<<)(?<rest>.*)$/su.exec(line)
  const name = match?.groups?.['name'] ?? ''
  const rest = match?.groups?.['rest'] ?? ''
  if (name === '') throw new Error(`Invalid format '${line}'`)
  if (match?.groups?.['mark'] === '=') return { name, value: rest, delimiter: undefined }
  if (rest === '') throw new Error(`Invalid format '${line}': no delimiter`)
  return { name, value: '', delimiter: rest }
}
