/**
 * Checks metadata files without a workflow, a token or the network:
 * `npm run --silent check-metadata -- [--json] [--publish] PATH…`. Ends with 1 if anything is an error.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Finding } from '../src/metadata/metadata.ts'
import { readMetadata } from '../src/metadata/read-metadata.ts'

const USAGE = `Usage: check-metadata [--json] [--publish] PATH…

Checks .zenodo.json, CITATION.cff and codemeta.json files, told apart by name or content.
  --json     print an array of {path, errors, warnings}
  --publish  what publishing needs and is missing is an error`

interface Report {
  readonly path: string
  readonly errors: readonly ReportedFinding[]
  readonly warnings: readonly ReportedFinding[]
}

interface ReportedFinding {
  readonly field: string
  readonly message: string
  readonly line: number
  readonly column: number
}

/** Runs the command; returns its exit code. */
export async function main(
  args: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const { options, paths } = parseCommand(args)
  if (options === undefined || paths.length === 0) {
    print(USAGE)
    return 2
  }
  const reports = await Promise.all(paths.map((file) => check(file, options.publish)))
  if (options.json) print(JSON.stringify(reports, null, 2))
  else for (const line of reports.flatMap(toLines)) print(line)
  return reports.some(({ errors }) => errors.length > 0) ? 1 : 0
}

function parseCommand(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        publish: { type: 'boolean', default: false },
      },
    })
    return { options: values, paths: positionals }
  } catch {
    return { options: undefined, paths: [] }
  }
}

async function check(file: string, publish: boolean): Promise<Report> {
  const { findings } = await readMetadata({
    directory: process.cwd(),
    file: path.resolve(file),
    inline: undefined,
    version: undefined,
    versionGiven: false,
    publicationDate: undefined,
    communities: [],
    repository: undefined,
    publish,
    today: new Date(),
    displayPath: () => file,
  })
  const bySeverity = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).map(toReported)
  return { path: file, errors: bySeverity('error'), warnings: bySeverity('warning') }
}

function toReported({ field, problem, place }: Finding): ReportedFinding {
  const { line = 1, column = 1 } = 'file' in place ? place : {}
  return { field, message: problem, line, column }
}

function toLines({ path: file, errors, warnings }: Report): readonly string[] {
  const toLine = (kind: string) => (finding: ReportedFinding) =>
    `${file}:${finding.line}:${finding.column}: ${kind}: ${finding.message}`
  const lines = [...errors.map(toLine('error')), ...warnings.map(toLine('warning'))]
  return lines.length > 0 ? lines : [`${file}: nothing to complain about`]
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), console.log)
