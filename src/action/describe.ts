import { ProtocolError } from '../errors.ts'
import { asList } from '../lib/json.ts'
import { hasMark } from '../lib/mark.ts'
import { toIsoDay } from '../metadata/dates.ts'
import { withDefaults } from '../metadata/defaults.ts'
import type { Metadata } from '../metadata/metadata.ts'
import { applyToNative, fromRehearsal } from '../metadata/native.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { Checked } from './check.ts'
import { findKeptAccess, tellKeptAccess } from './kept-access.ts'
import { changeRelated, markFor, withStayingMarks } from './marks.ts'
import { withoutOwnDoi } from './own-doi.ts'
import { isCopyOf } from './plan.ts'
import type { Ports } from './ports.ts'
import { tellChanges } from './tell-changes.ts'
import { judgeEcho, refuse, translate } from './verdict.ts'

/** What a new deposit is described with; undefined if there is nothing to say. */
export function toFirstDescription(
  { metadata, inputs }: Checked,
  { mark, today }: { readonly mark: string | undefined; readonly today: Date },
): Metadata | undefined {
  if (metadata.metadata === undefined && mark === undefined) return undefined
  const complete = withDefaults(metadata.metadata ?? {}, { today, mark })
  return inputs.depositId === undefined ? complete : omit(complete, ['related_identifiers'])
}

const omit = (metadata: Metadata, fields: readonly string[]): Metadata =>
  Object.fromEntries(Object.entries(metadata).filter(([field]) => !fields.includes(field)))

/** How a draft that exists is described. */
export interface Describing {
  readonly draft: Deposit
  /** The version before. */
  readonly latest: Deposit | undefined
  readonly mark: string | undefined
  /** It is as the server made it from the version before: date, version and mark are to be set. */
  readonly isNextVersion: boolean
}

/** How what is there is described; `isNew` means a next version that is still to be made of it. */
export function toDescribing(
  checked: Checked,
  { draft, latest }: Pick<Describing, 'draft' | 'latest'>,
  { isNew } = { isNew: false },
): Describing {
  const isEdit = draft.state === 'edit'
  const isNextVersion = isNew || (!isEdit && isUntouched(draft, latest))
  const mark = isEdit ? undefined : markFor(checked, { isNextVersion })
  return { draft, latest, mark, isNextVersion }
}

/**
 * Sends the metadata to an existing draft and reads back what the server made of it. A file wins
 * whole; without one only the fields that inputs give change, in the server's native form, which
 * keeps what the deposit form cannot say.
 * @throws InputError for what the server refuses or drops, at its place in the user's files
 */
export async function describe(
  checked: Checked,
  describing: Describing,
  ports: Ports,
): Promise<Deposit> {
  const { client, signal, log } = ports
  const { draft } = describing
  const description = toDescription(checked, describing, ports.today)
  const { extent, metadata: sent } = description
  if (extent === 'whole') {
    const described = await translate(checked.metadata, sent, () =>
      client.putMetadata(draft.id, sent, signal),
    )
    judgeEcho(checked, sent, described)
    tellChanges(checked, describing, { description, log })
    tellKeptAccess(checked, draft, ports)
    return described
  }
  if (Object.keys(sent).length > 0) {
    await changeNatively(checked, draft.id, { changes: sent, ports })
  }
  tellChanges(checked, describing, { description, log })
  return Object.keys(sent).length === 0 ? draft : client.getDeposit(draft.id, signal)
}

/** What is sent to a draft that exists. */
export interface Description {
  /** `whole` replaces all that the draft has; `part` leaves the other fields as they are. */
  readonly extent: 'whole' | 'part'
  readonly metadata: Metadata
}

/** What an existing draft is to be described with: everything a file gives, else only what inputs change. */
export function toDescription(checked: Checked, describing: Describing, today: Date): Description {
  return checked.metadata.hasFile
    ? { extent: 'whole', metadata: toFullDescription(checked, describing, today) }
    : { extent: 'part', metadata: toChanges(checked, describing, today) }
}

/**
 * Whether a draft is a next version that nobody has described yet: it has what the server gives it,
 * the date of the day on which it was made, no version, the same title, and at most copies of the files
 * (docs/server.md#carried-over).
 */
export function isUntouched(
  { metadata, files, created }: Deposit,
  latest: Deposit | undefined,
): boolean {
  if (latest === undefined) return false
  const { version, publication_date: date, title } = metadata
  const isFirstDate = date === undefined || date === created?.slice(0, 10)
  const isSame = version === undefined && isFirstDate && title === latest.metadata['title']
  return isSame && files.every(isCopyOf(latest.files))
}

/** Everything, from a file; what the draft has already of access, date and version stays where the file has none. */
function toFullDescription(checked: Checked, describing: Describing, today: Date): Metadata {
  const { draft, mark, isNextVersion } = describing
  const { version, publication_date: date } = draft.metadata
  const kept = {
    ...findKeptAccess(checked, draft, today),
    ...(!isNextVersion && typeof date === 'string' && { publication_date: date }),
    ...(!isNextVersion && version !== undefined && { version }),
  }
  const given = withoutOwnDoi(withoutTagOnEdit(checked, draft), draft)
  const listed = asList(given['related_identifiers'])
  const related = withStayingMarks(listed, { ...describing, trigger: checked.trigger })
  const complete = {
    ...kept,
    ...given,
    ...(related.length > 0 && { related_identifiers: related }),
  }
  return withDefaults(complete, { today, mark })
}

/** A tag that starts a correction of what is published is not its version. */
function withoutTagOnEdit({ metadata }: Checked, { state }: Deposit): Metadata {
  const { metadata: given = {}, sources } = metadata
  return state === 'edit' && sources['version'] === 'tag' ? omit(given, ['version']) : given
}

/**
 * Only what inputs give; for a next version its date, and for that and a draft of another tag its
 * version. A step that gives nothing leaves the draft as it is.
 */
function toChanges(checked: Checked, describing: Describing, today: Date): Metadata {
  const { isNextVersion, draft, mark } = describing
  const overrides = withoutOwnDoi(checked.metadata.overrides, draft)
  const isAsItIs = Object.keys(overrides).length === 0 && checked.files === undefined
  if (isAsItIs && !isNextVersion) return {}
  const isOfOtherTag =
    checked.trigger.tag !== undefined && mark !== undefined && !hasMark(draft.metadata, mark)
  const setsVersion = checked.version !== undefined && (isNextVersion || isOfOtherTag)
  const changes = {
    ...(isNextVersion && { publication_date: toIsoDay(today) }),
    ...(setsVersion && { version: checked.version }),
    ...overrides,
  }
  const given = overrides['related_identifiers']
  const listed = given === undefined ? undefined : asList(given)
  const related = changeRelated(listed, { ...describing, trigger: checked.trigger })
  return related === undefined ? changes : { ...changes, related_identifiers: related }
}

async function changeNatively(
  checked: Checked,
  id: string,
  { changes, ports }: { readonly changes: Metadata; readonly ports: Ports },
): Promise<void> {
  const { client, signal } = ports
  const native = await client.native.getDraft(id, signal)
  if (native === undefined) {
    throw new ProtocolError(
      `GET /api/records/${id}/draft`,
      'This server cannot change single metadata fields of a draft without losing others.',
      { hint: 'Give the complete metadata in a file (metadata-file).' },
    )
  }
  const changed = applyToNative(native, changes)
  const errors = await translate(checked.metadata, changes, () =>
    client.native.putDraft(id, changed, signal),
  )
  const fields = new Set(Object.keys(changes))
  const problems = fromRehearsal(errors, changes).filter(
    ({ field }) => checked.publish || fields.has(field.split('.')[0] ?? ''),
  )
  refuse(checked, problems)
}
