import { breaksNativeJson } from '../metadata/effects.ts'
import type { CompletedFile } from '../state/bucket.ts'
import { latestRecord, type Deposit, type Draft, type Published } from '../state/deposit.ts'
import type { World } from '../state/world.ts'
import { crash, type FieldError } from '../transport/answer.ts'
import { isObject, listAt, objectAt, present, textAt, type Json } from '../transport/json.ts'
import { shownFiles } from './deposition-json.ts'
import { stamp } from './stamp.ts'

/** Which side of a deposit is shown: what is being edited, or what is public. */
export type Side = 'draft' | 'record'

/** The draft or the record of a deposit. */
export function sourceOf(deposit: Deposit, side: Side): Draft | Published {
  const source = deposit[side]
  if (!source) throw new Error(`deposit ${deposit.id} has no ${side}`)
  return source
}

/** The files of one side. */
export function filesOf(deposit: Deposit, side: Side): readonly CompletedFile[] {
  return shownFiles(side === 'record' ? { ...deposit, draft: undefined } : deposit)
}

const sum = (files: readonly CompletedFile[]): number =>
  files.reduce((total, { content }) => total + content.size, 0)

/** Where one side of a deposit leads to. */
export function toLinks(world: World, { id, concept }: Deposit, side: Side, doi?: string): Json {
  const root = world.settings.baseUrl
  const record = `${root}/api/records/${id}`
  const self = side === 'draft' ? `${record}/draft` : record
  const shared = {
    self,
    self_html: `${root}/${side === 'draft' ? 'uploads' : 'records'}/${id}`,
    preview_html: `${root}/records/${id}?preview=1`,
    doi: doi && `https://doi.org/${doi}`,
    self_doi: doi && `https://doi.org/${doi}`,
    reserve_doi: `${record}/draft/pids/doi`,
    parent_doi: concept.doi && `https://doi.org/${concept.doi}`,
    files: `${self}/files`,
    archive: `${self}/files-archive`,
    versions: `${record}/versions`,
    access_links: `${record}/access/links`,
    communities: `${record}/communities`,
    requests: `${record}/requests`,
  }
  if (side === 'draft') {
    const actions = { publish: `${self}/actions/publish`, review: `${self}/review` }
    return present({ ...shared, record, record_html: `${root}/records/${id}`, ...actions })
  }
  return present({
    ...shared,
    parent: `${root}/api/records/${concept.id}`,
    parent_html: `${root}/records/${concept.id}`,
    latest: `${record}/versions/latest`,
    latest_html: `${root}/records/${id}/latest`,
    draft: `${record}/draft`,
    request_deletion: `${record}/request-deletion`,
  })
}

function titled(value: unknown): unknown {
  const id = textAt(value, 'id')
  return id === undefined ? value : { id, title: { en: id } }
}

/** Licences are shown with what the vocabulary knows; icons only those of Creative Commons. */
function toRights(value: unknown): unknown {
  const id = textAt(value, 'id')
  if (id === undefined) return value
  const isCreativeCommons = id.startsWith('cc')
  return present({
    id,
    title: { en: id.toUpperCase() },
    icon: isCreativeCommons ? `${id.replace(/-[\d.]+$/, '')}-icon` : undefined,
    props: { scheme: 'spdx', url: `https://spdx.org/licenses/${id}.html` },
  })
}

const VOCABULARY_KEYS = ['type', 'role', 'relation_type', 'resource_type']

function withTitles(value: unknown): unknown {
  if (!isObject(value)) return value
  const entries = Object.entries(value)
  return Object.fromEntries(
    entries.map(([key, item]) => [key, VOCABULARY_KEYS.includes(key) ? titled(item) : item]),
  )
}

/** Metadata as the native API shows it: vocabulary ids with their titles. */
function toNativeMetadata(metadata: Json): Json {
  const lists = ['contributors', 'dates', 'related_identifiers', 'additional_descriptions']
  const entries = Object.entries(metadata).map(([key, value]) => {
    if (key === 'resource_type') return [key, titled(value)] as const
    if (key === 'languages') return [key, listAt(metadata, key).map(titled)] as const
    if (key === 'rights') return [key, listAt(metadata, key).map(toRights)] as const
    return [key, lists.includes(key) ? listAt(metadata, key).map(withTitles) : value] as const
  })
  return Object.fromEntries(entries)
}

function toAccess(access: Json): Json {
  const { record, files } = access
  const given = objectAt(access, 'embargo')
  const isActive = given['active'] === true
  const embargo = isActive ? given : { active: false, reason: null }
  const restricted = files === 'restricted' ? 'restricted' : 'open'
  return { record, files, embargo, status: isActive ? 'embargoed' : restricted }
}

function toVersions({ concept, index, ...deposit }: Deposit): Json {
  const latest = latestRecord(concept)
  const last = concept.versions.at(-1)
  return {
    is_latest: latest?.id === deposit.id && deposit.record !== undefined,
    is_latest_draft: last?.id === deposit.id,
    index,
  }
}

function toStatus({ record, index }: Deposit, side: Side): string {
  if (side === 'record') return 'published'
  if (record) return 'published'
  return index > 1 ? 'new_version_draft' : 'draft'
}

const toPids = (doi: { identifier: string; provider: string } | undefined): Json =>
  doi
    ? {
        doi: present({
          ...doi,
          client: doi.provider === 'datacite' ? 'datacite' : undefined,
        }),
      }
    : {}

/** A draft or record as InvenioRDM shows it; `errors` only where a draft was just saved. */
export function toNative(
  world: World,
  deposit: Deposit,
  side: Side,
  errors: readonly FieldError[] = [],
): Json {
  const { id, concept, record } = deposit
  const source = sourceOf(deposit, side)
  const { stored, created, modified, revision } = source
  if (breaksNativeJson(stored)) throw crash()
  const files = filesOf(deposit, side)
  const conceptDoi = concept.doi && { identifier: concept.doi, provider: 'datacite' }
  return present({
    id: String(id),
    created: stamp(created),
    updated: stamp(modified),
    links: toLinks(world, deposit, side, stored.doi?.identifier),
    revision_id: revision,
    parent: {
      id: String(concept.id),
      access: { owned_by: { user: String(world.ownerNumber(concept.owner)) } },
      communities: {},
      pids: toPids(conceptDoi === '' ? undefined : conceptDoi),
    },
    versions: toVersions(deposit),
    is_published: record !== undefined,
    is_draft: side === 'draft',
    pids: toPids(stored.doi),
    metadata: toNativeMetadata(stored.metadata),
    custom_fields: stored.customFields,
    access: toAccess(stored.access),
    files: { enabled: true, order: [], count: files.length, total_bytes: sum(files) },
    status: toStatus(deposit, side),
    errors: errors.length > 0 ? errors : undefined,
  })
}
