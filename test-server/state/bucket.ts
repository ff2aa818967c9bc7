import { randomUUID } from 'node:crypto'
import { Lock } from './lock.ts'

/** How the bytes of a natively announced file are to come. */
export interface Transfer {
  readonly type: string
  readonly parts?: number
  readonly part_size?: number
}

/** The bytes of a file as the server keeps them; shared by the versions that inherit the file. */
export interface StoredContent {
  /** The `file_id` of answers: the same in every version that inherits the file. */
  readonly id: string
  readonly size: number
  /** md5, hexadecimal, without prefix. */
  readonly md5: string
  /** Undefined where the file was larger than what is kept. */
  readonly bytes: Buffer | undefined
  /** Where the bytes lie when they are kept on disk. */
  readonly path: string | undefined
}

/** One file of a bucket: pending from the native init until the commit, else completed. */
export interface StoredFile {
  readonly key: string
  readonly versionId: string
  readonly created: Date
  readonly updated: Date
  readonly status: 'pending' | 'completed'
  readonly transfer: Transfer
  /** Size and checksum as announced at the native init: shown, never enforced. */
  readonly announced: { readonly size?: unknown; readonly checksum?: unknown }
  /** Native content that was sent but not committed is there while `status` is pending. */
  readonly content: StoredContent | undefined
}

/** A completed file always has content. */
export type CompletedFile = StoredFile & { readonly content: StoredContent }

export function isCompleted(file: StoredFile): file is CompletedFile {
  return file.status === 'completed' && file.content !== undefined
}

/** The files of one draft or record, and the lock that serialises writes to them. */
export class Bucket {
  readonly id = randomUUID()
  readonly files = new Map<string, StoredFile>()
  /** Keys that were present at a native delete-all: every later upload of them is a 500. */
  readonly burntKeys = new Set<string>()
  /** Content ids of removed files and the keys they had: naming one is told so. */
  readonly removed = new Map<string, string>()
  readonly lock = new Lock()
  /** Ids of contents inherited from an earlier version; they do not count for the quota. */
  readonly inherited = new Set<string>()
  isLocked = false

  completed(): readonly CompletedFile[] {
    return [...this.files.values()].filter(isCompleted)
  }

  findById(contentId: string): CompletedFile | undefined {
    return this.completed().find((file) => file.content.id === contentId)
  }

  /** Bytes that count for the quota, without those of the file that is about to be replaced. */
  usedBytes(exceptKey: string): number {
    const counted = this.completed().filter(
      ({ key, content }) => key !== exceptKey && !this.inherited.has(content.id),
    )
    return counted.reduce((sum, { content }) => sum + content.size, 0)
  }

  /** Takes over the completed files of another bucket: same contents, new versions of them. */
  inherit(from: Bucket, now: Date): void {
    for (const file of from.completed()) {
      this.files.set(file.key, { ...file, versionId: randomUUID(), created: now, updated: now })
      this.inherited.add(file.content.id)
    }
  }
}
