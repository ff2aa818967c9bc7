/** A fenced block of a Markdown page. */
export interface CodeBlock {
  /** First word after the fence: `yaml`, `json`, … */
  readonly language: string
  readonly text: string
  /** Line of the opening fence, from 1. */
  readonly line: number
}

const FENCE = /^(?<indent>[ \t]*)(?<marks>`{3,}|~{3,})[ \t]*(?<language>[\w-]*)[^\n]*$/

/** All fenced blocks of a page, in order, without the indentation of the list they may stand in. */
export function findCodeBlocks(page: string): CodeBlock[] {
  const lines = page.split(/\r?\n/)
  const blocks: CodeBlock[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const { indent = '', marks, language = '' } = FENCE.exec(lines[index] ?? '')?.groups ?? {}
    if (marks === undefined) continue
    const length = lines.slice(index + 1).findIndex((line) => line.trim() === marks)
    if (length < 0) throw new Error(`The block that starts in line ${index + 1} does not end`)
    const inside = lines.slice(index + 1, index + 1 + length)
    const text = inside.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    blocks.push({ language: language.toLowerCase(), text: text.join('\n'), line: index + 1 })
    index += length + 1
  }
  return blocks
}
