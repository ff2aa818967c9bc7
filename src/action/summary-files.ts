import { count, formatBytes } from '../lib/format.ts'
import { totalSize } from '../lib/total-size.ts'
import { PLANNED_WORDS } from './dry-run-lines.ts'
import { describeHidden } from './guards.ts'
import type { FileOutcome } from './outputs.ts'
import type { Told } from './summary-story.ts'
import { escapeMarkdown, fitLines, toCode, toFolded } from './summary-text.ts'

const FOLD_ABOVE = 20
const MAX_BYTES = 45_000
const MAX_NAME = 80
const MAX_HIDDEN = 600

type Action = FileOutcome['action']
type Words = Readonly<Record<Action, string>>

/** Every file with its size, its checksum, and what was done with it or would be. */
export function toFilesTable({ ending, checked }: Told): string {
  if (ending.kind !== 'done') return ''
  const { files, state } = ending.result
  const hidden = checked && checked.hidden.length > 0 ? describeHidden(checked.hidden) : ''
  if (files.length === 0) return escapeMarkdown(hidden, MAX_HIDDEN)
  const words = state === 'planned' ? PLANNED_WORDS : undefined
  const sorted = files.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const isKnown = files.some(({ checksum }) => checksum !== '')
  const rows = sorted.map((file) => toRow(file, { words, isKnown }))
  const head = ['File', 'Size', ...(isKnown ? ['Checksum'] : []), 'Action']
  const toRest = (left: number): string =>
    `| … and ${count(left, 'file')} more: see the log |${' |'.repeat(head.length - 1)}`
  const table = [
    `| ${head.join(' | ')} |`,
    `|:--|--:|${isKnown ? ':--|' : ''}:--|`,
    ...fitLines(rows, MAX_BYTES, toRest),
  ].join('\n')
  const totals = toTotals(files, words)
  const isLong = files.length > FOLD_ABOVE
  return [
    '### Files',
    isLong ? toFolded(totals, table) : `${table}\n\n${totals}`,
    ...(hidden === '' ? [] : [escapeMarkdown(hidden, MAX_HIDDEN)]),
  ].join('\n\n')
}

function toRow(
  { key, sizeBytes, checksum, action }: FileOutcome,
  { words, isKnown }: { readonly words: Words | undefined; readonly isKnown: boolean },
): string {
  const sum = checksum === '' ? '' : toCode(checksum)
  const cells = [toCode(key, MAX_NAME), formatBytes(sizeBytes), ...(isKnown ? [sum] : [])]
  return `| ${[...cells, words?.[action] ?? action].join(' | ')} |`
}

const ORDER: readonly Action[] = ['uploaded', 'replaced', 'kept', 'removed']

/** `3 files, 12.4 MB: 2 uploaded (12.3 MB), 1 kept (0.1 MB)`; what is removed is no part of the sum. */
function toTotals(files: readonly FileOutcome[], words: Words | undefined): string {
  const sum = (some: readonly FileOutcome[]): string => formatBytes(totalSize(some))
  const held = files.filter(({ action }) => action !== 'removed')
  const parts = ORDER.flatMap((action) => {
    const some = files.filter((file) => file.action === action)
    const done = words === undefined ? action : `to ${words[action]}`
    return some.length === 0 ? [] : [`${some.length} ${done} (${sum(some)})`]
  })
  return `${count(held.length, 'file')}, ${sum(held)}: ${parts.join(', ')}`
}
