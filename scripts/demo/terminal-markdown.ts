import { styleText } from 'node:util'

/** Markdown as a terminal can show it: headings bold, tables in columns, links with their address. */
export function toTerminal(markdown: string): string {
  const lines = markdown.trim().split('\n').map(stripTags)
  const blocks = groupBy(lines, isTableRow)
  const shown = blocks.flatMap((block) => (isTableRow(block[0] ?? '') ? alignTable(block) : block))
  return shown
    .map(showLine)
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
}

/** Rows of cells with the columns padded to one width. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd(),
  )
}

/** A value in as many lines as it has parts: the items of a JSON array get one each. */
export function toLines(value: string): string[] {
  if (!value.startsWith('[{')) return [value]
  const items = (JSON.parse(value) as unknown[]).map((item) => JSON.stringify(item))
  return items.map((item, index) => {
    const start = index === 0 ? '[' : ','
    return `${start} ${item}${index === items.length - 1 ? ' ]' : ''}`
  })
}

const isTableRow = (line: string) => line.trimStart().startsWith('|')

function alignTable(lines: readonly string[]): string[] {
  const rows = lines.filter((line) => !/^[\s|:-]+$/.test(line)).map(toCells)
  return alignColumns(rows).map((row) => `  ${row}`)
}

function toCells(line: string): string[] {
  const cells = line
    .trim()
    .split(/(?<!\\)\|/)
    .slice(1, -1)
  return cells.map((cell) => showInline(cell.trim()))
}

function showLine(line: string): string {
  const heading = /^#{1,6}\s+(?<text>.*)$/.exec(line)?.groups?.['text']
  return heading === undefined ? showInline(line) : styleText('bold', showInline(heading))
}

/** An image becomes its text, a link its text and address; escapes, marks and entities go. */
function showInline(text: string): string {
  const marked = text
    .replaceAll(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\[([^\]]*)\]\(([^)]*)\)/g, (_, label: string, url: string) =>
      label === url ? url : `${label} (${url})`,
    )
    .replaceAll(/\*\*(.+?)\*\*/g, '$1')
    .replaceAll('`', '')
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
  return marked.replaceAll(/&(?:#(\d+)|(lt|gt|quot|amp));/g, (_, code?: string, name?: string) =>
    code === undefined ? (NAMED_ENTITIES[name ?? ''] ?? '') : String.fromCodePoint(Number(code)),
  )
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' }

function stripTags(line: string): string {
  return line.replaceAll(/<br\s*\/?>/g, ' ').replaceAll(/(?<!\\)<\/?[a-z][^>]*>|<!--.*?-->/gi, '')
}

/** Neighbours for which `key` says the same, together. */
function groupBy(lines: readonly string[], key: (line: string) => boolean): string[][] {
  const groups: string[][] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last && key(last[0] ?? '') === key(line)) last.push(line)
    else groups.push([line])
  }
  return groups
}
