import { count } from '../lib/format.ts'
import type { Metadata } from '../metadata/metadata.ts'
import { FIELDS } from '../metadata/schema-problems.ts'
import { contrast, showValue } from '../metadata/show-value.ts'
import type { Foreseen } from './dry-run-lines.ts'
import { escapeMarkdown, fitLines, toCode, toFolded } from './summary-text.ts'
import type { Told } from './summary-story.ts'

const MAX_BYTES = 14_000
const MAX_VALUE = 160

/** Each field with its value and its source; and for a plan what that changes in the deposit. */
export function toMetadataPart(told: Told): string {
  const { checked, ending } = told
  if (checked === undefined || ending.kind !== 'done') return ''
  const { state, foreseen } = ending.result
  if (state === 'unchanged') return ''
  const changes = foreseen === undefined ? '' : toChanges(foreseen)
  const fields = toFields(told, changes === '' && foreseen !== undefined)
  const rest = toRemark(told)
  const parts = [changes, fields, rest].filter((part) => part !== '')
  return parts.length === 0 ? '' : ['### Metadata', ...parts].join('\n\n')
}

function toChanges({ changes, description }: Foreseen): string {
  if (changes === undefined) return ''
  if (changes.length === 0) return 'The metadata would stay as they are.'
  const rows = changes.map(({ field, now, then }) => {
    const [before, after] = contrast(now, then, MAX_VALUE)
    const end = then === undefined ? '_removed_' : toCell(after)
    return `| ${toCode(field)} | ${toCell(before)} | ${end} |`
  })
  const loses = description.extent === 'whole' && changes.some(({ then }) => then === undefined)
  return [
    toTable(['Field', 'Now', 'Then'], rows),
    ...(loses
      ? ['A metadata file counts as complete: fields that it does not have are removed.']
      : []),
  ].join('\n\n')
}

function toFields(told: Told, isOpen: boolean): string {
  const { metadata = {}, sources = {} } = told.checked?.metadata ?? {}
  const isSkipped = ([field, source]: readonly [string, string]): boolean =>
    source === 'tag' && metadata[field] !== findRecorded(told)[field]
  const fields = Object.entries(sources).filter(
    (entry) => FIELDS.includes(entry[0]) && !isSkipped(entry),
  )
  if (fields.length === 0) return ''
  const rows = fields.map(([field, source]) => {
    const [value] = contrast(metadata[field], undefined, MAX_VALUE)
    return `| ${toCode(field)} | ${toCell(value)} | ${escapeMarkdown(source)} |`
  })
  const table = toTable(['Field', 'Value', 'From'], rows)
  if (isOpen) return table
  const bySource = Map.groupBy(fields, ([, source]) => source)
  const title = [...bySource]
    .map(([source, some]) => `${count(some.length, 'field')} from ${escapeMarkdown(source)}`)
    .join(', ')
  return toFolded(title, table)
}

/** What the deposit was described with, or would be; a tag is not the version of everything that it starts. */
function findRecorded({ ending }: Told): Metadata {
  if (ending.kind !== 'done') return {}
  const { foreseen, deposit } = ending.result
  return foreseen?.description.metadata ?? deposit?.metadata ?? {}
}

const toCell = (value: string): string => escapeMarkdown(value, MAX_VALUE + 10)

function toTable(head: readonly string[], rows: readonly string[]): string {
  const toRest = (left: number): string =>
    `| … and ${left} more: see the log |${' |'.repeat(head.length - 1)}`
  return [
    `| ${head.join(' | ')} |`,
    `|${':--|'.repeat(head.length)}`,
    ...fitLines(rows, MAX_BYTES, toRest),
  ].join('\n')
}

/** What no source gave. */
function toRemark({ checked, ending }: Told): string {
  if (checked === undefined || ending.kind !== 'done') return ''
  const { foreseen, deposit } = ending.result
  const extent = foreseen?.description.extent ?? (checked.metadata.hasFile ? 'whole' : 'part')
  const isNew = checked.inputs.depositId === undefined
  if (extent === 'part' && !isNew) return 'All other fields stay as they were in the deposit.'
  const metadata = foreseen?.description.metadata ?? deposit?.metadata ?? {}
  const added = findAdded(metadata, checked.metadata.sources)
  return added.length === 0 ? '' : `Recorded beside these: ${added.join(', ')}.`
}

/** Ids of the deposit itself are no description. */
const NO_DESCRIPTION = new Set(['doi', 'prereserve_doi', 'relations', 'resource_type'])

function findAdded(
  metadata: Metadata,
  sources: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(metadata)
    .filter(([field]) => !(field in sources) && !NO_DESCRIPTION.has(field))
    .map(([field, value]) => [toCode(field), showValue(value)] as const)
    .filter(([, value]) => value !== '')
    .slice(0, 20)
    .map(([field, value]) => `${field} ${escapeMarkdown(value, 100)}`)
}
