import { DepositError, InputError, type Place } from '../errors.ts'
import { fitLines, toCode, toFolded, toSentence } from './summary-text.ts'
import { originOf, type Told } from './summary-story.ts'

const MAX_PROBLEM_BYTES = 14_000
const MAX_REMARK_BYTES = 8_000
const FOLD_ABOVE = 5

/** Why the run failed: every mistake at its place, or what happened. */
export function toProblems(told: Told): string {
  const { ending } = told
  if (ending.kind !== 'failed') return ''
  const { error } = ending
  if (error instanceof InputError) {
    const items = error.issues.map(({ place, problem }) => toItem(told, problem, place))
    return toList(items, MAX_PROBLEM_BYTES)
  }
  if (error instanceof DepositError) return `**${toSentence(error.message, originOf(told))}**`
  // What a bug says has not been looked at by anybody: it stays in the log, where secrets are masked.
  return '**An unexpected error.** This is a bug of zenodo-deposit; please report it with the lines around it in the log.'
}

/** Warnings and notices of the run, as far as they are not the reason of its failure. */
export function toRemarks(told: Told): string {
  const items = told.journal.remarks.map(({ text, place }) => toItem(told, text, place))
  if (items.length === 0) return ''
  const list = toList(items, MAX_REMARK_BYTES)
  const title = told.journal.remarks.some(({ kind }) => kind === 'warning') ? 'Warnings' : 'Notes'
  return items.length > FOLD_ABOVE
    ? toFolded(`${items.length} ${title.toLowerCase()}`, list)
    : `### ${title}\n\n${list}`
}

function toItem(told: Told, text: string, place: Place | undefined): string {
  const sentence = toSentence(text, originOf(told))
  const where = place === undefined ? '' : toPlace(place)
  return where === '' ? `- ${sentence}` : `- ${where} – ${sentence}`
}

/** `file:line`, as editors and search fields take it. */
function toPlace(place: Place): string {
  const { line } = place
  if ('input' in place) {
    return `input ${toCode(place.input)}${line === undefined ? '' : `, line ${line}`}`
  }
  const { file } = place
  return toCode(line === undefined ? file : `${file}:${line}`, 120)
}

const toList = (items: readonly string[], maxBytes: number): string =>
  fitLines(items, maxBytes, (left) => `- … and ${left} more: see the log`).join('\n')
