import { isCompleted, type StoredFile } from '../state/bucket.ts'
import type { Deposit } from '../state/deposit.ts'
import { mediaType } from '../state/media-type.ts'
import type { World } from '../state/world.ts'
import { present, type Json } from '../transport/json.ts'
import { filesOf, sourceOf, type Side } from './native-json.ts'
import { quoteKey, stamp } from './stamp.ts'

function toTransferLinks(self: string, { transfer }: StoredFile): Json {
  if (transfer.type !== 'M') return { content: `${self}/content` }
  const parts = Array.from({ length: transfer.parts ?? 0 }, (_, index) => ({
    part: index + 1,
    url: `${self}/content/${index + 1}`,
  }))
  return { parts }
}

/** One file of a draft or record, pending or not. */
export function toFileEntry(world: World, deposit: Deposit, side: Side, file: StoredFile): Json {
  const { key, transfer, status, announced, created, updated } = file
  const { bucket } = sourceOf(deposit, side)
  const folder = side === 'draft' ? '/draft' : ''
  const parent = `${world.settings.baseUrl}/api/records/${deposit.id}${folder}/files`
  const self = `${parent}/${quoteKey(key)}`
  const links =
    side === 'draft'
      ? { ...toTransferLinks(self, file), commit: `${self}/commit` }
      : { content: `${self}/content` }
  const done = isCompleted(file) ? file : undefined
  const isPart = transfer.type === 'M'
  return present({
    created: stamp(created),
    updated: stamp(updated),
    mimetype: done || isPart ? mediaType(key) : undefined,
    version_id: done?.versionId,
    file_id: done?.content.id,
    bucket_id: done ? bucket.id : undefined,
    metadata: done ? {} : null,
    access: { hidden: false },
    links: { self, ...links },
    key,
    transfer,
    status,
    checksum: done
      ? `md5:${done.content.md5}`
      : (announced.checksum ?? (isPart ? null : undefined)),
    size: done ? done.content.size : announced.size,
    storage_class: done ? 'L' : undefined,
  })
}

/** The list of files with what the native API says around it. */
export function toFileList(world: World, deposit: Deposit, side: Side): Json {
  const { id } = deposit
  const folder = side === 'draft' ? '/draft' : ''
  const self = `${world.settings.baseUrl}/api/records/${id}${folder}/files`
  const files =
    side === 'draft' ? [...sourceOf(deposit, side).bucket.files.values()] : filesOf(deposit, side)
  return {
    enabled: true,
    links: { self, archive: `${self}-archive` },
    entries: files.map((file) => toFileEntry(world, deposit, side, file)),
    default_preview: null,
    order: [],
  }
}
