import type { CompletedFile } from '../state/bucket.ts'
import { receive } from '../state/content.ts'
import { mediaType } from '../state/media-type.ts'
import { refuseLocked, removeFile, storeUpload } from '../state/upload.ts'
import type { BucketPlace } from '../state/world.ts'
import {
  badRequest,
  crash,
  forbidden,
  gatewayPage,
  json,
  noSuchFile,
  notFound,
  Refusal,
} from '../transport/answer.ts'
import type { Exchange, Handler } from '../transport/exchange.ts'
import type { Json } from '../transport/json.ts'
import { toDownload } from './download.ts'
import { shownFiles } from './deposition-json.ts'
import { isUuid, quoteKey, stamp } from './stamp.ts'

/** nginx refuses what is announced beyond this before the application sees it. */
const GATEWAY_BYTES = 50 * 2 ** 30

function getPlace({ world }: Exchange, id: string): BucketPlace {
  if (!isUuid(id)) throw crash()
  const place = world.findBucket(id)
  if (!place) throw notFound()
  return place
}

function toBucketFile(exchange: Exchange, bucketId: string, file: CompletedFile): Json {
  const { key, versionId, content, created, updated } = file
  const self = exchange.link(`/api/files/${bucketId}/${quoteKey(key)}`)
  return {
    created: stamp(created),
    updated: stamp(updated),
    version_id: versionId,
    key,
    size: content.size,
    mimetype: mediaType(key),
    checksum: `md5:${content.md5}`,
    is_head: true,
    delete_marker: false,
    links: { self, version: `${self}?version_id=${versionId}`, uploads: `${self}?uploads=1` },
  }
}

/** Uploads or replaces a file. */
export const putBucketFile: Handler = async (exchange, { bucket: id = '', key = '' }) => {
  const { world, body } = exchange
  const announcedBytes = body.announcedBytes ?? 0
  if (announcedBytes > GATEWAY_BYTES) {
    throw new Refusal(gatewayPage(413, 'Request Entity Too Large'))
  }
  exchange.accept('application/json')
  exchange.contentType('application/octet-stream')
  const { bucket, deposit } = getPlace(exchange, id)
  const { draft } = deposit
  // Without a draft it is not even asked who is there.
  if (!draft) throw deposit.record?.keys.has(key) ? forbidden() : notFound()
  exchange.allowOnly(deposit.concept.owner)
  if (draft.bucket !== bucket) throw forbidden('Bucket is locked for modifications.')
  refuseLocked(bucket)
  if (key.length > 255) throw badRequest('Filename is too long.')
  // Also what comes chunked: the real server sees no length and takes it for nothing.
  if (announcedBytes === 0) throw badRequest('Empty files are not accepted.')
  body.keepEarlyBytes()
  const checksum = exchange.fault?.corruptChecksum ? 'wrong' : 'right'
  const file = await storeUpload({
    world,
    deposit,
    draft,
    key,
    announcedBytes,
    receive: () => receive(body.chunks(), world.settings, checksum),
  })
  return json(201, toBucketFile(exchange, id, file))
}

export const getBucketFile: Handler = (exchange, { bucket: id = '', key = '' }) => {
  const { bucket, deposit } = getPlace(exchange, id)
  const isRecord = deposit.record?.bucket === bucket
  const isPublic = isRecord && deposit.record?.stored.access['files'] === 'public'
  if (!isPublic) exchange.allowOnly(deposit.concept.owner)
  const files = isRecord ? shownFiles({ ...deposit, draft: undefined }) : bucket.completed()
  const file = files.find((candidate) => candidate.key === key)
  // The framework cannot tell a file that is missing from one that may not be seen.
  if (!file) throw forbidden()
  return toDownload(file)
}

/** Deletes the file, and then fails to say so. */
export const deleteBucketFile: Handler = async (exchange, { bucket: id = '', key = '' }) => {
  exchange.accept('application/json')
  const { bucket, deposit } = getPlace(exchange, id)
  exchange.allowOnly(deposit.concept.owner)
  const { draft } = deposit
  if (draft?.bucket !== bucket) throw forbidden()
  refuseLocked(bucket)
  const file = bucket.files.get(key)
  if (!file) throw noSuchFile(deposit.id, key)
  await removeFile(exchange.world, draft, file)
  throw crash()
}

/** The listing fails in the version that was recorded. */
export const listBucket: Handler = () => {
  throw crash()
}
