import { count, formatBytes } from '../lib/format.ts'
import { totalSize } from '../lib/total-size.ts'
import type { Change } from '../metadata/find-changes.ts'
import { contrast } from '../metadata/show-value.ts'
import type { Description } from './describe.ts'
import type { Inputs } from './inputs.ts'
import type { FileOutcome } from './outputs.ts'

/** What a dry run says would happen, apart from the files. */
export interface Foreseen {
  /** What would be opened, in words: `Would create a deposit`. */
  readonly step: string
  /** Whether the server was asked; without a token nobody can be. */
  readonly isAsked: boolean
  readonly publishes: boolean
  /** What the deposit would be described with. */
  readonly description: Description
  /** What that changes in the deposit; undefined where there is none, or none that could be read. */
  readonly changes: readonly Change[] | undefined
}

export interface PlanToTell {
  readonly files: readonly FileOutcome[]
  readonly foreseen: Foreseen
}

/** Words for what would be done with a file. */
export const PLANNED_WORDS: Readonly<Record<FileOutcome['action'], string>> = {
  uploaded: 'send',
  replaced: 'replace',
  kept: 'keep',
  removed: 'remove',
}
const MAX_SHOWN = 100

/** A plan as lines of the log. */
export function toPlanLines(
  { files, foreseen }: PlanToTell,
  {
    origin,
    inputs,
  }: {
    readonly origin: string
    readonly inputs: Pick<Inputs, 'updateCitation' | 'updateReleaseNotes'>
  },
): readonly string[] {
  return [
    ...files.map(describeFile),
    describeTotals(files),
    ...describeChanges(foreseen),
    foreseen.publishes ? `Would publish at ${origin}` : `Would leave a draft at ${origin}`,
    ...(inputs.updateCitation ? ['Would write the DOI into CITATION.cff'] : []),
    ...(inputs.updateReleaseNotes && foreseen.publishes
      ? ['Would put the DOI badge into the release notes']
      : []),
  ]
}

const describeFile = ({ key, sizeBytes, action }: FileOutcome): string =>
  `Would ${PLANNED_WORDS[action]} ${key} (${formatBytes(sizeBytes)})`

function describeTotals(files: readonly FileOutcome[]): string {
  const sent = files.filter(({ action }) => action === 'uploaded' || action === 'replaced')
  const total = (action: FileOutcome['action']): number =>
    files.filter((file) => file.action === action).length
  const bytes = totalSize(sent)
  return `${count(sent.length, 'file')} to send (${formatBytes(bytes)}), ${total('replaced')} of them in place of a file of the same name, ${total('kept')} to keep, ${total('removed')} to remove`
}

function describeChanges({ changes, description }: Foreseen): readonly string[] {
  if (changes === undefined) return []
  if (changes.length === 0) return ['The metadata would stay as they are']
  return changes.map(({ field, now, then }) => {
    const [before, after] = contrast(now, then, MAX_SHOWN)
    if (now === undefined) return `Would add ${field}: ${after}`
    if (then !== undefined) return `Would change ${field}: ${before} → ${after}`
    return description.extent === 'whole'
      ? `Would remove ${field}, which the metadata file does not have: ${before}`
      : `Would remove ${field}: ${before}`
  })
}
