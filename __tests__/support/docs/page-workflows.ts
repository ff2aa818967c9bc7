import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findCodeBlocks } from './code-blocks.ts'

/** What readers write where the examples of this repository say `./`. */
export const ACTION = 'zenodo-deposit/zenodo-deposit@v1'

const FIRST_LINE = /^# \.github\/workflows\/(?<name>[\w-]+)\.yml$/

/** Name of the example that a block of a page shows, by the path in its first line; undefined for other blocks. */
export const exampleNameOf = (text: string): string | undefined =>
  FIRST_LINE.exec(text.split('\n')[0] ?? '')?.groups?.['name']

/** An example workflow as a page shows it. */
export function readExample(root: string, name: string): string {
  const text = readFileSync(join(root, 'examples/workflows', `${name}.yml`), 'utf8')
  return text.replaceAll(/uses: \.\/$/gm, `uses: ${ACTION}`).trimEnd()
}

/** The page with the example workflows put into the blocks that name them, so that each is written once. */
export function withWorkflows(page: string, root: string): string {
  const lines = page.split('\n')
  for (const { text, line } of findCodeBlocks(page).toReversed()) {
    const name = exampleNameOf(text)
    if (name === undefined) continue
    const indent = /^\s*/.exec(lines[line - 1] ?? '')?.[0] ?? ''
    const workflow = readExample(root, name).split('\n')
    const block = workflow.map((row) => (row === '' ? '' : indent + row))
    lines.splice(line, text.split('\n').length, ...block)
  }
  return lines.join('\n')
}
