import { InputError, ProtocolError } from '../errors.ts'
import { asList, asObject, asText } from '../lib/json.ts'
import { toIsoDay } from '../metadata/dates.ts'
import { withDefaults } from '../metadata/defaults.ts'
import { toDoi } from '../metadata/identifiers.ts'
import type { Metadata } from '../metadata/metadata.ts'
import { applyToNative, fromRehearsal } from '../metadata/native.ts'
import type { ReadMetadata } from '../metadata/read-metadata.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import { findOwner } from '../zenodo/instances.ts'
import type { Checked } from './check.ts'
import type { Ports } from './ports.ts'
import { tellChanges } from './tell-changes.ts'
import { markOf, type Trigger } from './trigger.ts'
import { judgeEcho, report, translate } from './verdict.ts'

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
  readonly mark: string | undefined
  /** It was made just now from the version before: date and version are to be set. */
  readonly isNextVersion: boolean
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
    judgeEcho(checked, sent, described, ports)
    tellChanges(checked, describing, { description, log })
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

/**
 * What an existing draft is to be described with: everything a file gives, else only what inputs change.
 * @throws InputError for a DOI that belongs to another record
 */
export function toDescription(checked: Checked, describing: Describing, today: Date): Description {
  return checked.metadata.hasFile
    ? { extent: 'whole', metadata: toFullDescription(checked, describing, today) }
    : { extent: 'part', metadata: toChanges(checked, describing, today) }
}

/** The mark of this run, where the draft is to bear it: a deposit that was named is found by its name. */
export function markFor({ inputs, trigger }: Checked): string | undefined {
  const isMarked = inputs.depositId === undefined || trigger.tag !== undefined
  return isMarked ? markOf(trigger) : undefined
}

/** Everything, from a file; a date that the draft has already stays its date. */
function toFullDescription(
  { metadata, trigger }: Checked,
  { draft, mark, isNextVersion }: Describing,
  today: Date,
): Metadata {
  const first = draft.metadata['publication_date']
  const keepsDate = !isNextVersion && typeof first === 'string'
  const given = withoutOwnDoi(metadata, draft)
  const dated = keepsDate ? { publication_date: first, ...given } : given
  const complete = isNextVersion ? dated : withRelease(dated, draft, trigger)
  // What is published already came from another run, whatever tag this one has.
  return withDefaults(complete, { today, mark: draft.state === 'edit' ? undefined : mark })
}

/**
 * What is described again stays what it was made as: its version and its mark are seldom in the file.
 * A draft without a version may bear the tag of the version before, and one that a run of a tag
 * continues becomes a draft of that tag.
 */
function withRelease(
  metadata: Metadata,
  { state, metadata: known }: Deposit,
  trigger: Trigger,
): Metadata {
  const { version, related_identifiers: related } = known
  const keepsTags = state === 'edit' || (trigger.tag === undefined && version !== undefined)
  const isKept = (identifier: string): boolean =>
    identifier === markOf(trigger) || (keepsTags && isTagOf(trigger, identifier))
  const given = asList(metadata['related_identifiers'])
  const identifierOf = (item: unknown): string => asText(asObject(item)['identifier']) ?? ''
  const taken = new Set(given.map(identifierOf))
  const marks = asList(related).filter(
    (item) => isKept(identifierOf(item)) && !taken.has(identifierOf(item)),
  )
  const all = [...given, ...marks]
  return {
    ...(version !== undefined && { version }),
    ...metadata,
    ...(all.length > 0 && { related_identifiers: all }),
  }
}

const isTagOf = ({ repositoryUrl }: Trigger, identifier: string): boolean =>
  repositoryUrl !== undefined && identifier.startsWith(`${repositoryUrl}/tree/`)

/**
 * The server keeps a deposit's own DOI by itself and refuses some ways of repeating it; any other DOI
 * of the instance it would take, and publish the record under it (docs/server.md#foreign-doi).
 * @throws InputError for a DOI of another record of the instance
 */
function withoutOwnDoi(read: ReadMetadata, draft: Deposit): Metadata {
  const { metadata = {} } = read
  const { doi, ...rest } = metadata
  if (typeof doi !== 'string' || doi === '') return metadata
  const bare = toDoi(doi) ?? doi.trim()
  if (bare === draft.doi || bare.endsWith(`/zenodo.${draft.id}`)) return rest
  const ownPrefix = draft.doi?.split('/')[0]
  const isManaged = findOwner(bare) !== undefined || bare.split('/')[0] === ownPrefix
  if (!isManaged || bare === draft.metadata['doi']) return metadata
  throw new InputError([
    {
      place: read.placeOf('doi') ?? { input: 'metadata-file' },
      problem: `doi ${bare} belongs to another record than ${draft.id}. Remove it: the server gives every deposit its own DOI.`,
    },
  ])
}

/** Only what inputs give; and for a next version its date and its version. */
function toChanges(checked: Checked, { isNextVersion }: Describing, today: Date): Metadata {
  const { overrides } = checked.metadata
  if (!isNextVersion) return overrides
  return {
    publication_date: toIsoDay(today),
    ...(checked.version !== undefined && { version: checked.version }),
    ...overrides,
  }
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
  report(checked, problems, ports)
}
