import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { readActionDefinition } from '../__tests__/support/runner/action-definition.ts'
import { inputsTable, outputsTable, replaceBetween } from './markdown-tables.ts'

const README = join(import.meta.dirname, '..', 'README.md')

/** The page as it should be: its tables are what `action.yml` says, laid out as the formatter does. */
async function withTables(page: string): Promise<string> {
  const action = readActionDefinition()
  const withInputs = replaceBetween(page, 'inputs', inputsTable(action))
  const withBoth = replaceBetween(withInputs, 'outputs', outputsTable(action))
  return format(withBoth, { ...(await resolveConfig(README)), filepath: README })
}

const page = await readFile(README, 'utf8')
const wanted = await withTables(page)
if (!process.argv.includes('--check')) await writeFile(README, wanted)
else if (page !== wanted) {
  console.error('README.md does not say what action.yml says. Run: npm run docs')
  process.exitCode = 1
}
