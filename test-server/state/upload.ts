import { randomUUID } from 'node:crypto'
import { badRequest, crash, forbidden, notFound, notRegistered } from '../transport/answer.ts'
import type { Bucket, CompletedFile, StoredContent, StoredFile } from './bucket.ts'
import { touch, type Deposit, type Draft } from './deposit.ts'
import { changeRow, lostRace } from './draft-row.ts'
import type { World } from './world.ts'

const MAX_FILES = 100

/** A file on its way into a draft's bucket. */
export interface Upload {
  readonly world: World
  readonly deposit: Deposit
  readonly draft: Draft
  readonly key: string
  /** Bytes to come, as announced. */
  readonly announcedBytes: number
  /** Reads the content; called when it is this upload's turn. */
  readonly receive: () => Promise<StoredContent>
}

const tooMany = (): Error =>
  badRequest('Uploading selected files will result in exceeding the max amount per record.')

/** Refuses a key that no further file may have. */
export function checkNewKeys(bucket: Bucket, keys: readonly string[]): void {
  const added = keys.filter((key) => !bucket.files.has(key))
  if (bucket.files.size + added.length > MAX_FILES) throw tooMany()
  if (keys.some((key) => key.length > 255)) throw badRequest('Filename is too long.')
}

export function refuseLocked({ isLocked }: Bucket): void {
  if (isLocked) throw forbidden('Bucket is locked for modifications.')
}

/** What is refused before a byte of the body is read. */
function checkRoom(upload: Upload): void {
  const { draft, key, announcedBytes, world } = upload
  const { bucket } = draft
  checkNewKeys(bucket, [key])
  const { quotaBytes } = world.settings
  if (bucket.usedBytes(key) + announcedBytes > quotaBytes)
    throw badRequest('Bucket quota exceeded.')
  // The database keeps the rows of a native delete-all and refuses their names for ever.
  if (bucket.burntKeys.has(key)) throw crash()
}

function refuseGone({ deposit, draft }: Upload, phase: Draft['publishing']): void {
  if (!draft.isGone) return
  // It found the draft before the publish took it away: it goes through, and is lost.
  if (phase === 'early' && deposit.record) return
  throw deposit.record ? notRegistered() : notFound()
}

/**
 * Stores a file. One upload per bucket at a time: the others wait here, before their body is read.
 * A new key only needs the bucket; replacing one also changes the draft's row, and loses if that
 * was changed since the request began.
 */
export async function storeUpload(upload: Upload): Promise<CompletedFile> {
  const { draft, key } = upload
  const { bucket, revision, publishing } = draft
  const replaced = bucket.files.get(key)
  return bucket.lock.hold(async () => {
    refuseGone(upload, publishing)
    checkRoom(upload)
    if (!replaced) {
      if (bucket.files.has(key)) throw badRequest(`File with key ${key} already exists.`)
      return storeFile(upload)
    }
    const isSame = bucket.files.get(key) === replaced
    const lost = (): Error => (isSame ? lostRace(draft) : crash())
    return changeRow(draft, revision, lost, async () => {
      const file = await storeFile(upload)
      touch(draft, upload.world.now())
      return file
    })
  })
}

async function storeFile({ world, draft, key, receive }: Upload): Promise<CompletedFile> {
  const created = world.now()
  const content = await receive()
  await world.work()
  const updated = world.now()
  const file = { ...createFile(key, created), updated, status: 'completed' as const, content }
  draft.bucket.files.set(key, file)
  return file
}

/** A file that has no content yet. */
export function createFile(key: string, now: Date): StoredFile {
  return {
    key,
    versionId: randomUUID(),
    created: now,
    updated: now,
    status: 'pending',
    transfer: { type: 'L' },
    announced: {},
    content: undefined,
  }
}

/** Removes a file; like replacing, it changes the draft's row. */
export async function removeFile(world: World, draft: Draft, file: StoredFile): Promise<void> {
  const { bucket, revision } = draft
  await bucket.lock.hold(() =>
    changeRow(
      draft,
      revision,
      () => lostRace(draft),
      async () => {
        await world.work()
        bucket.files.delete(file.key)
        if (file.content) bucket.removed.set(file.content.id, file.key)
        touch(draft, world.now())
      },
    ),
  )
}
