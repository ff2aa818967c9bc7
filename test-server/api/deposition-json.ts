import type { CompletedFile } from '../state/bucket.ts'
import type { Deposit } from '../state/deposit.ts'
import type { World } from '../state/world.ts'
import { present, type Json } from '../transport/json.ts'
import { toLegacy } from '../metadata/to-legacy.ts'
import { stamp, quoteKey } from './stamp.ts'

/** Where links start. */
const base = (world: World): string => world.settings.baseUrl

const badge = (world: World, doi: string): string =>
  `${base(world)}/badge/doi/${encodeURIComponent(doi)}.svg`

function toLinks(world: World, { id, concept, draft, record }: Deposit, bucketId?: string): Json {
  const root = base(world)
  const deposition = `${root}/api/deposit/depositions/${id}`
  const recordUrl = `${root}/api/records/${id}`
  const isShownAsRecord = record !== undefined && draft === undefined
  const doi = (draft ?? record)?.stored.doi?.identifier
  const conceptDoi = isShownAsRecord ? concept.doi : undefined
  const published = record && {
    record: recordUrl,
    record_html: `${root}/record/${id}`,
    latest: `${recordUrl}/versions/latest`,
    latest_html: `${root}/records/${id}/latest`,
  }
  return present({
    self: isShownAsRecord ? recordUrl : deposition,
    html: `${root}/${isShownAsRecord ? 'records' : 'deposit'}/${id}`,
    doi: doi && `https://doi.org/${doi}`,
    parent_doi: conceptDoi && `https://doi.org/${conceptDoi}`,
    badge: badge(world, doi ?? ''),
    conceptbadge: conceptDoi && badge(world, conceptDoi),
    files: `${isShownAsRecord ? recordUrl : deposition}/files`,
    bucket: bucketId && `${root}/api/files/${bucketId}`,
    latest_draft: deposition,
    latest_draft_html: `${root}/deposit/${id}`,
    publish: `${deposition}/actions/publish`,
    edit: `${deposition}/actions/edit`,
    discard: `${deposition}/actions/discard`,
    newversion: `${deposition}/actions/newversion`,
    ...published,
  })
}

/** `files[]` inside a deposition: whole sizes, and links that are wrong for records. */
function toFile(world: World, { id, draft, record }: Deposit, file: CompletedFile): Json {
  const { key, content } = file
  const isShownAsRecord = record !== undefined && draft === undefined
  const parent = isShownAsRecord ? `/api/records/${id}` : `/api/deposit/depositions/${id}`
  return {
    id: content.id,
    filename: key,
    filesize: content.size,
    checksum: content.md5,
    links: {
      self: `${base(world)}${parent}/files/${content.id}`,
      download: `${base(world)}/api/records/${id}/draft/files/${quoteKey(key)}/content`,
    },
  }
}

/** The files a version shows: of a record those it was published with. */
export function shownFiles({ draft, record }: Deposit): readonly CompletedFile[] {
  if (draft) return draft.bucket.completed()
  return record?.bucket.completed().filter(({ key }) => record.keys.has(key)) ?? []
}

/** How a deposition is shown: alone, or in a list, which knows neither buckets nor drafts' files. */
export type Shown = 'alone' | 'listed'

/** The state as the deposit API names it. */
export function toState({ draft, record }: Deposit): 'unsubmitted' | 'inprogress' | 'done' {
  if (!draft) return 'done'
  return record ? 'inprogress' : 'unsubmitted'
}

/** A deposition, with its keys in the order of the real one. */
export function toDeposition(world: World, deposit: Deposit, shown: Shown = 'alone'): Json {
  const { id, concept, draft, record } = deposit
  const source = draft ?? record
  if (!source) throw new Error(`deposit ${id} has neither draft nor record`)
  const isListedDraft = shown === 'listed' && draft !== undefined
  const files = isListedDraft ? [] : shownFiles(deposit)
  const doi = source.stored.doi?.identifier
  const metadata = toLegacy(source.stored)
  // Always the production prefix, whatever DOI will be minted.
  const reserved = { doi: `10.5281/zenodo.${id}`, recid: id }
  return present({
    created: stamp(source.created),
    modified: stamp(source.modified),
    id,
    conceptrecid: String(concept.id),
    doi,
    conceptdoi: concept.doi,
    doi_url: doi && `https://doi.org/${doi}`,
    metadata: { ...metadata, prereserve_doi: reserved },
    title: metadata['title'] ?? '',
    links: toLinks(world, deposit, shown === 'alone' ? source.bucket.id : undefined),
    record_id: id,
    owner: world.ownerNumber(concept.owner),
    files: files.map((file) => toFile(world, deposit, file)),
    state: toState(deposit),
    submitted: record !== undefined,
  })
}

export const etag = ({ draft, record }: Deposit): Readonly<Record<string, string>> => ({
  etag: `"${(draft ?? record)?.revision ?? 0}"`,
})
