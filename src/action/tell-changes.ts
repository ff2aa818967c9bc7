import { toPrintable } from '../lib/printable.ts'
import { findChanges, type Change } from '../metadata/find-changes.ts'
import { toIsoDay } from '../metadata/dates.ts'
import { toText } from '../metadata/text.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { Checked } from './check.ts'
import type { Describing, Description } from './describe.ts'
import type { Log, Ports } from './ports.ts'

/** What is different in the draft now; what nobody may miss is more than a line. */
export function tellChanges(
  checked: Checked,
  describing: Describing,
  { description, log }: { readonly description: Description; readonly log: Log },
): void {
  const changes = findChanges(describing.draft.metadata, description)
  const fields = changes.map(({ field }) => field)
  log.info(
    fields.length === 0
      ? 'The metadata stay as they are in the draft'
      : `Changed in the draft: ${fields.join(', ')}`,
  )
  warnOfVersion(checked, describing, { changes, log })
  if (description.extent === 'whole') tellReplaced(checked, describing, { changes, log })
}

interface News {
  readonly changes: readonly Change[]
  readonly log: Log
}

/** A published version is bound to its files; the metadata file of a branch is often ahead of it. */
function warnOfVersion(checked: Checked, { draft }: Describing, { changes, log }: News): void {
  const version = changes.find(({ field }) => field === 'version')
  const isAsked = checked.inputs.version !== undefined
  if (draft.state !== 'edit' || version?.now === undefined || isAsked) return
  const [now, then] = [version.now, version.then].map((value) => toPrintable(toText(value), 100))
  log.warning(
    `The version of record ${draft.id} was ${now ?? ''} and becomes ${then ?? ''}, although its files stay. If that is not meant, set the input version to ${now ?? ''}.`,
    checked.metadata.placeOf('version'),
  )
}

/** A date in a file that was not raised with the version would be the new version's as well. */
export function warnOfStaleDate(
  { metadata, inputs }: Checked,
  latest: Deposit,
  { log, today }: Pick<Ports, 'log' | 'today'>,
): void {
  const date = metadata.metadata?.['publication_date']
  const isKnown = typeof date === 'string' && date === latest.metadata['publication_date']
  if (!isKnown || inputs.publicationDate !== undefined || date === toIsoDay(today)) return
  log.warning(
    `The publication date ${date} will be recorded, and is that of the version before, record ${latest.id}. Write the new date, remove it (then it is today), or set the input publication-date.`,
    metadata.placeOf('publication_date'),
  )
}

/** Differ with every version, and are no loss. */
const OF_EACH_VERSION = new Set(['publication_date', 'version', 'related_identifiers'])

/** What somebody may have corrected by hand in a draft that the step was told to continue. */
function tellReplaced(
  { inputs, metadata }: Checked,
  { draft, isNextVersion }: Describing,
  { changes, log }: News,
): void {
  if (inputs.depositId === undefined || isNextVersion || draft.state !== 'draft') return
  const lost = changes.filter(({ field, now }) => now !== undefined && !OF_EACH_VERSION.has(field))
  if (lost.length === 0) return
  log.notice(
    `The draft had other values of ${lost.map(({ field }) => field).join(', ')}; ${metadata.file ?? 'the metadata file'} has replaced them. To leave the metadata of a draft as they are, set metadata-file: none.`,
  )
}
