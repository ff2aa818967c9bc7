import { toLegacy } from '../metadata/to-legacy.ts'
import { latestRecord, type Deposit } from '../state/deposit.ts'
import type { World } from '../state/world.ts'
import { present, textAt, without, type Json } from '../transport/json.ts'
import { filesOf, sourceOf, toLinks, type Side } from './native-json.ts'
import { quoteKey, stamp } from './stamp.ts'

/** Zenodo's own JSON of the same, for clients that ask for nothing in particular. */
export function toZenodo(world: World, deposit: Deposit, side: Side): Json {
  const { id, concept, record } = deposit
  const { stored, created, modified, revision } = sourceOf(deposit, side)
  const shown = toLegacy(stored)
  const legacy = without(shown, 'upload_type', 'license', 'imprint_publisher')
  const type = textAt(shown, 'upload_type')
  const license = textAt(shown, 'license')
  const subtype = type === undefined ? undefined : textAt(shown, `${type}_type`)
  const doi = stored.doi?.identifier
  const isLast = latestRecord(concept)?.id === id
  const parent = { pid_type: 'recid', pid_value: String(concept.id) }
  const version = { index: deposit.index - 1, is_last: isLast, parent }
  const folder = side === 'draft' ? '/draft' : ''
  const files = filesOf(deposit, side).map(({ key, content }) => {
    const path = `/api/records/${id}${folder}/files/${quoteKey(key)}/content`
    const links = { self: `${world.settings.baseUrl}${path}` }
    return { id: content.id, key, size: content.size, checksum: `md5:${content.md5}`, links }
  })
  return present({
    created: stamp(created),
    modified: stamp(modified),
    id,
    conceptrecid: String(concept.id),
    doi,
    conceptdoi: concept.doi,
    doi_url: doi && `https://doi.org/${doi}`,
    metadata: present({
      ...legacy,
      resource_type: type && present({ title: type, type, subtype }),
      license: license && { id: license },
      relations: { version: [version] },
    }),
    title: legacy['title'] ?? '',
    links: toLinks(world, deposit, side, doi),
    updated: stamp(modified),
    recid: String(id),
    revision,
    files,
    owners: [{ id: String(world.ownerNumber(concept.owner)) }],
    status: side === 'draft' ? 'draft' : 'published',
    state: side === 'draft' ? (record ? 'inprogress' : 'unsubmitted') : 'done',
    submitted: side === 'record' || record !== undefined,
  })
}
