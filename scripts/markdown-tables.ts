import type { ActionDefinition } from '../__tests__/support/runner/action-definition.ts'

/** Markdown table of the inputs, in the order of `action.yml`. */
export function inputsTable({ inputs }: ActionDefinition): string {
  const rows = Object.entries(inputs).map(([name, { description, default: value }]) => [
    `\`${name}\``,
    value === undefined || value === '' ? '' : `\`${value}\``,
    description,
  ])
  return table(['Input', 'Default', 'Meaning'], rows)
}

/** Markdown table of the outputs, in the order of `action.yml`. */
export function outputsTable({ outputs }: ActionDefinition): string {
  const rows = Object.entries(outputs).map(([name, { description }]) => [
    `\`${name}\``,
    description,
  ])
  return table(['Output', 'Meaning'], rows)
}

/** Puts `content` between `<!-- name -->` and `<!-- /name -->`; throws if the page lacks them. */
export function replaceBetween(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = page.indexOf(start)
  const to = page.indexOf(end, from)
  if (from < 0 || to < 0) throw new Error(`The page has no ${start} … ${end} to write between`)
  return `${page.slice(0, from + start.length)}\n\n${content}\n\n${page.slice(to)}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(toCell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function toCell(text: string): string {
  return text.trim().replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
}
