import { toPrintable } from '../lib/printable.ts'
import { findChanges } from '../metadata/find-changes.ts'
import { toText } from '../metadata/text.ts'
import { draftPage } from '../zenodo/addresses.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { Checked } from './check.ts'
import type { Result } from './deposit.ts'
import { toFileOutputs } from './outputs.ts'
import { findKeptAccess } from './kept-access.ts'
import type { Log, Ports } from './ports.ts'
import { tell } from './tell.ts'

/** Reports the latest version as the result: it has exactly the files asked for. What else differs is told, and not recorded. */
export function reportUnchanged(checked: Checked, latest: Deposit, ports: Ports): Result {
  const { log, setOutputs, client } = ports
  const files = latest.files.map((file) => ({ ...file, action: 'kept' as const }))
  tell(latest, ports, 'unchanged')
  setOutputs(toFileOutputs(files, latest, client.http.origin))
  log.conclude(
    checked.files === undefined
      ? `Nothing to do: record ${latest.id} is published already, and ${describeNoFiles(checked)}.`
      : `Nothing to do: the published version ${latest.id} has exactly these files.`,
  )
  if (latest.state === 'edit') {
    log.notice(
      `Changes of the metadata of record ${latest.id} are begun and not published. Look at them at ${draftPage(latest.id, client.http.origin)}; if-published: update-metadata publishes them.`,
    )
  }
  if (checked.files === undefined) warnOfNoFiles(checked, latest, log)
  const fields = findUnrecorded(checked, latest, ports.today)
  if (fields.length > 0) {
    log.notice(
      `The files are those of record ${latest.id}, but the metadata differ in ${fields.join(', ')}, which was not recorded. To correct the record: if-published: update-metadata. For a new version all the same: if-unchanged: publish.`,
    )
  }
  return { state: 'unchanged', deposit: latest, files }
}

/** Why there are no files, as a clause. */
export const describeNoFiles = ({ inputs }: Checked): string =>
  inputs.files === undefined
    ? 'this step names no files'
    : 'nothing matches the files that this step names'

/** Another version is wanted, and nothing is given that it could be made of. */
function warnOfNoFiles(checked: Checked, latest: Deposit, log: Log): void {
  const { publish, version } = checked
  const known = toText(latest.metadata['version'])
  if (!publish || version === undefined || version === known) return
  log.warning(
    toPrintable(
      `Version ${version} was not published: ${describeNoFiles(checked)}, and record ${latest.id} has ${known === '' ? 'no version' : `version ${known}`}. Give files for a next version, or if-published: update-metadata to correct the record.`,
      600,
    ),
  )
}

/** Every version has its own, or the server shows them no more once they are published. */
const NOT_COMPARED = new Set(['version', 'publication_date', 'related_identifiers', 'communities'])

function findUnrecorded(checked: Checked, latest: Deposit, today: Date): readonly string[] {
  const { metadata: given = {}, overrides, hasFile } = checked.metadata
  const metadata = { ...given, ...findKeptAccess(checked, latest, today) }
  const changes = hasFile
    ? findChanges(latest.metadata, { extent: 'whole', metadata })
    : findChanges(latest.metadata, { extent: 'part', metadata: overrides })
  return changes.map(({ field }) => field).filter((field) => !NOT_COMPARED.has(field))
}
