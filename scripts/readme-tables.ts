import { globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { withWorkflows } from '../__tests__/support/docs/page-workflows.ts'
import { readActionDefinition } from '../__tests__/support/runner/action-definition.ts'
import { inputsTable, outputsTable, replaceBetween } from './markdown-tables.ts'

const ROOT = join(import.meta.dirname, '..')

/** The README's tables are what `action.yml` says. */
function withTables(page: string): string {
  const action = readActionDefinition()
  const withInputs = replaceBetween(page, 'inputs', inputsTable(action))
  return replaceBetween(withInputs, 'outputs', outputsTable(action))
}

/** The page as it should be: generated parts up to date, laid out as the formatter does. */
async function generate(name: string, page: string): Promise<string> {
  const filled = withWorkflows(name === 'README.md' ? withTables(page) : page, ROOT)
  const filepath = join(ROOT, name)
  return format(filled, { ...(await resolveConfig(filepath)), filepath })
}

for (const name of ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })]) {
  const page = await readFile(join(ROOT, name), 'utf8')
  const wanted = await generate(name, page)
  if (page === wanted) continue
  if (!process.argv.includes('--check')) await writeFile(join(ROOT, name), wanted)
  else {
    console.error(
      `${name} does not say what action.yml and examples/workflows say. Run: npm run docs`,
    )
    process.exitCode = 1
  }
}
