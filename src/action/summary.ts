import { DepositError, DoubtfulPublishError, InputError } from '../errors.ts'
import { formatBytes, formatDuration } from '../lib/format.ts'
import { toPrintable } from '../lib/printable.ts'
import type { Checked } from './check.ts'
import type { Result } from './deposit.ts'
import type { Inputs } from './inputs.ts'
import type { FileOutcome, Outputs, State } from './outputs.ts'

/** How a run ended. */
export type Ending =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'cancelled' }

export interface Told {
  readonly inputs: Inputs | undefined
  readonly checked: Checked | undefined
  readonly outputs: Partial<Outputs>
  readonly ending: Ending
  readonly elapsedMs: number
}

/** Far below the runner's limit of 1 MiB. */
const MAX_LENGTH = 90_000
const FOLD_ABOVE = 20
/** Longer than any sentence of ours, with the names in it. */
const MAX_SENTENCE = 1500

/** The job summary: state first, then DOI, files, what is left to do. */
export function toSummary(told: Told): string {
  const parts = [
    heading(told),
    identity(told),
    problems(told),
    filesTable(told),
    sources(told),
    next(told),
    footer(told),
  ]
  const summary = `${parts.filter((part) => part !== '').join('\n\n')}\n`
  if (summary.length <= MAX_LENGTH) return summary
  return `${[heading(told), identity(told), 'The rest is too long to be shown here; see the log.', next(told)].join('\n\n')}\n`
}

/** Text from outside as plain text in Markdown and HTML: shown as it is, never obeyed. */
export function escapeMarkdown(text: string, maxLength = 300): string {
  const safe = toPrintable(text, maxLength)
  return safe
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\\`*_{}[\]()#+!|~@:.$^=-]/g, (character) => `&#${character.charCodeAt(0)};`)
}

const HEADINGS: Readonly<Record<State, string>> = {
  draft: 'Draft on Zenodo, not published',
  published: 'Published on Zenodo',
  unchanged: 'Unchanged: already published',
  planned: 'Plan: nothing was written',
  unknown: 'Unknown: look at the deposit before doing anything else',
}

function heading({ ending, outputs }: Told): string {
  switch (ending.kind) {
    case 'done':
      return `## ${HEADINGS[ending.result.state]}`
    case 'cancelled':
      return '## Cancelled'
    case 'failed':
      return `## ${outputs.state === 'unknown' ? HEADINGS.unknown : 'Failed'}`
  }
}

function identity({ outputs }: Told): string {
  const { 'deposit-id': id, 'record-url': page, doi, state, version } = outputs
  if (id === undefined) return ''
  const badge = outputs.published === 'true' ? (outputs['badge-markdown'] ?? '') : ''
  const lines = [
    `**Deposit:** [${escapeMarkdown(id)}](${page ?? ''})`,
    doi
      ? `**DOI:** ${outputs.published === 'true' ? `[${escapeMarkdown(doi)}](${outputs['doi-url'] ?? ''})` : `${escapeMarkdown(doi)} (reserved)`}`
      : '',
    outputs['concept-doi']
      ? `**DOI of all versions:** ${escapeMarkdown(outputs['concept-doi'])}`
      : '',
    version ? `**Version:** ${escapeMarkdown(version)}` : '',
    state === undefined ? '' : `**State:** ${state}`,
  ]
  return [badge, lines.filter((line) => line !== '').join('<br>\n')].filter(Boolean).join('\n\n')
}

function problems({ ending }: Told): string {
  if (ending.kind !== 'failed') return ''
  const { error } = ending
  if (error instanceof InputError) {
    const list = error.issues.slice(0, 50).map(({ place, problem }) => {
      const where =
        'input' in place
          ? `input ${place.input}`
          : [place.file, place.line].filter(Boolean).join(':')
      return `- ${escapeMarkdown(where)}: ${escapeMarkdown(problem, MAX_SENTENCE)}`
    })
    return [...list, ...(error.hint ? [`\n${escapeMarkdown(error.hint, MAX_SENTENCE)}`] : [])].join(
      '\n',
    )
  }
  if (!(error instanceof DepositError)) return 'An unexpected error; see the log.'
  const sentences = [error.message, error.hint ?? ''].filter(Boolean)
  return sentences.map((text) => escapeMarkdown(text, MAX_SENTENCE)).join('\n\n')
}

function filesTable({ ending }: Told): string {
  if (ending.kind !== 'done' || ending.result.files.length === 0) return ''
  const { files } = ending.result
  const rows = files.map(toRow)
  const table = ['| File | Size | Checksum | |', '|---|---:|---|---|', ...rows].join('\n')
  if (files.length <= FOLD_ABOVE) return `### Files\n\n${table}`
  return `### Files\n\n<details><summary>${files.length} files</summary>\n\n${table}\n\n</details>`
}

const toRow = ({ key, sizeBytes, checksum, action }: FileOutcome): string =>
  `| ${escapeMarkdown(key)} | ${formatBytes(sizeBytes)} | ${escapeMarkdown(checksum)} | ${action} |`

function sources({ checked }: Told): string {
  const file = checked?.metadata.file
  const bySource = Map.groupBy(
    Object.entries(checked?.metadata.sources ?? {}),
    ([, source]) => source,
  )
  if (bySource.size === 0) return ''
  const lines = [...bySource].map(
    ([source, fields]) =>
      `- ${escapeMarkdown(source)}: ${fields.map(([field]) => escapeMarkdown(field)).join(', ')}`,
  )
  return [
    `### Metadata${file === undefined ? '' : ` from ${escapeMarkdown(file)}`}`,
    lines.join('\n'),
  ].join('\n\n')
}

function next({ ending, outputs }: Told): string {
  const id = outputs['deposit-id']
  if (id === undefined || ending.kind !== 'done' || ending.result.state !== 'draft') {
    return nextAfter(ending)
  }
  return [
    '### What is left to do',
    `[Review the draft](${outputs['record-url'] ?? ''}) and publish it there, or publish it from a workflow:`,
    `\`\`\`yaml\n    deposit-id: '${id}'\n    publish: true\n\`\`\``,
  ].join('\n\n')
}

/** What comes after a run that has nothing left to publish; where the outcome is unknown the error says it. */
function nextAfter(ending: Ending): string {
  if (ending.kind === 'done') return ''
  if (ending.kind === 'failed' && ending.error instanceof DoubtfulPublishError) return ''
  return ending.kind === 'failed' && ending.error instanceof InputError
    ? 'Mend this and run the job again.'
    : 'Run the job again: it continues where this run stopped.'
}

const footer = ({ elapsedMs }: Told): string =>
  `<sub>zenodo-deposit, ${formatDuration(elapsedMs)}</sub>`
