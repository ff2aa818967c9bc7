import type { Settings } from '../options.ts'
import { noSuchPid, notFound, notRegistered } from '../transport/answer.ts'
import { Bucket } from './bucket.ts'
import { Communities } from './community.ts'
import {
  createDraft,
  EMPTY_METADATA,
  latestRecord,
  type Concept,
  type Deposit,
  type Draft,
  type Published,
  type StoredMetadata,
} from './deposit.ts'
import { SearchIndex } from './search-index.ts'

/** What a bucket belongs to. */
export interface BucketPlace {
  readonly bucket: Bucket
  readonly deposit: Deposit
}

/** One version as the search index knows it. */
export interface IndexedVersion {
  readonly deposit: Deposit
  readonly draft: Draft | undefined
  readonly stored: StoredMetadata
  /** Undefined for a version that has a draft: the real index never shows files of those. */
  readonly record: Published | undefined
  readonly isPublished: boolean
  readonly modified: Date
}

/** Everything the server knows. Ids of concepts and versions come from one counter. */
export class World {
  readonly settings: Settings
  readonly communities = new Communities()
  readonly #concepts = new Map<number, Concept>()
  readonly #deposits = new Map<number, Deposit>()
  readonly #buckets = new Map<string, BucketPlace>()
  /** Drafts and records of owners, as the deposit list sees them. */
  readonly ownIndex: SearchIndex<IndexedVersion>
  /** Published records, as the public search sees them. */
  readonly publicIndex: SearchIndex<IndexedVersion>
  #lastId = 999

  constructor(settings: Settings) {
    this.settings = settings
    const now = (): number => performance.now()
    this.ownIndex = new SearchIndex(settings.indexLagMs, now)
    this.publicIndex = new SearchIndex(settings.indexLagMs, now)
    for (const slug of settings.communities) {
      this.communities.add(slug, { title: slug, owner: undefined, now: this.now() })
    }
  }

  now(): Date {
    return this.settings.today()
  }

  /** The time a write takes; its locks are held meanwhile. */
  async work(): Promise<void> {
    const { workMs, sleep } = this.settings
    if (workMs > 0) await sleep(workMs)
  }

  /** User ids are numbers; the real server's first users have small ones. */
  ownerNumber(owner: string): number {
    return Object.keys(this.settings.tokens).indexOf(owner) + 3
  }

  deposits(): readonly Deposit[] {
    return [...this.#deposits.values()]
  }

  createDeposit(owner: string, stored: StoredMetadata): Deposit {
    const id = this.#nextId()
    const concept: Concept = { id, owner, doi: undefined, versions: [], nextDraft: undefined }
    this.#concepts.set(concept.id, concept)
    return this.#addVersion(concept, stored)
  }

  /** The draft of a next version, without files. */
  createNextVersion(concept: Concept, stored: StoredMetadata): Deposit {
    const deposit = this.#addVersion(concept, stored)
    concept.nextDraft = deposit
    return deposit
  }

  #addVersion(concept: Concept, stored: StoredMetadata): Deposit {
    const deposit: Deposit = {
      id: this.#nextId(),
      concept,
      index: concept.versions.length + 1,
      draft: undefined,
      record: undefined,
      tombstone: undefined,
      review: undefined,
      requests: [],
    }
    deposit.draft = createDraft(stored, this.createBucket(deposit), this.now())
    concept.versions.push(deposit)
    this.#deposits.set(deposit.id, deposit)
    this.reindex(deposit)
    return deposit
  }

  createBucket(deposit: Deposit): Bucket {
    const bucket = new Bucket()
    this.#buckets.set(bucket.id, { bucket, deposit })
    return bucket
  }

  findBucket(id: string): BucketPlace | undefined {
    return this.#buckets.get(id)
  }

  /** Deletes a never published deposit, or drops the edit of a published one. */
  discardDraft(deposit: Deposit): void {
    const { draft, concept } = deposit
    if (!draft) return
    draft.isGone = true
    this.#buckets.delete(draft.bucket.id)
    deposit.draft = undefined
    if (concept.nextDraft === deposit) concept.nextDraft = undefined
    if (!deposit.record) this.#remove(deposit)
    else this.reindex(deposit)
  }

  #remove(deposit: Deposit): void {
    const { concept } = deposit
    this.#deposits.delete(deposit.id)
    this.ownIndex.remove(deposit)
    concept.versions.splice(concept.versions.indexOf(deposit), 1)
    if (concept.versions.length === 0) this.#concepts.delete(concept.id)
  }

  /** A bucket that leads nowhere any more. */
  forgetBucket(bucket: Bucket): void {
    this.#buckets.delete(bucket.id)
  }

  /** Tells the index about a changed version; it will answer from it after its lag. */
  reindex(deposit: Deposit): void {
    const { draft, record, tombstone } = deposit
    const stored = draft?.stored ?? record?.stored ?? EMPTY_METADATA
    const modified = draft?.modified ?? record?.modified ?? this.now()
    const shared = { deposit, draft: draft && { ...draft }, isPublished: record !== undefined }
    const version = { ...shared, stored, record: draft ? undefined : record, modified }
    this.ownIndex.put(deposit, tombstone ? undefined : version)
    if (!record) return
    const published = { ...version, draft: undefined, stored: record.stored, record }
    this.publicIndex.put(deposit, tombstone ? undefined : published)
  }

  findDeposit(id: string): Deposit | undefined {
    return /^\d+$/.test(id) ? this.#deposits.get(Number(id)) : undefined
  }

  findConcept(id: string): Concept | undefined {
    return /^\d+$/.test(id) ? this.#concepts.get(Number(id)) : undefined
  }

  /** The deposit a draft route names; of a concept there is no draft. */
  getDeposit(id: string): Deposit {
    const deposit = this.findDeposit(id)
    if (deposit) return deposit
    throw this.findConcept(id) ? notFound() : noSuchPid()
  }

  /** The deposit that routes for drafts and records alike name: they look for a record last. */
  getDraftOrRecord(id: string): Deposit {
    const deposit = this.findDeposit(id)
    if (deposit) return deposit
    throw this.#recordMissing(id)
  }

  /** The published version with this id. */
  getRecord(id: string): Deposit & { record: Published } {
    const deposit = this.findDeposit(id)
    const { record } = deposit ?? {}
    if (deposit && record) return Object.assign(deposit, { record })
    throw deposit ? notRegistered() : this.#recordMissing(id)
  }

  #recordMissing(id: string): Error {
    const concept = this.findConcept(id)
    if (!concept) return noSuchPid()
    return latestRecord(concept) ? notFound() : notRegistered()
  }

  /** Whether another record carries this DOI. */
  isDoiTaken(doi: string, except: Deposit): boolean {
    const others = this.deposits().filter((deposit) => deposit !== except)
    return others.some(({ record }) => record?.stored.doi?.identifier === doi)
  }

  #nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }
}
