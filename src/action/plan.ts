import type { LocalFile } from '../files/local-file.ts'
import { totalSize } from '../lib/total-size.ts'
import { MAX_FILES, MAX_RECORD_BYTES } from '../zenodo/limits.ts'
import type { StoredFile } from '../zenodo/stored-file.ts'

export type ExistingFiles = 'replace' | 'keep' | 'error'

/** What happens to each file of a draft. */
export interface Plan {
  /** Keys that the draft does not hold. */
  readonly additions: readonly LocalFile[]
  /** Keys that it holds with other bytes. */
  readonly replacements: readonly LocalFile[]
  /** There already, same key, size and checksum. */
  readonly kept: readonly StoredFile[]
  /** In the draft, not wanted. */
  readonly removals: readonly StoredFile[]
  /** In the draft, not named by the user, left alone. */
  readonly others: readonly StoredFile[]
}

/** Gives the checksum of a local file where it is known. */
export type KnownChecksum = (file: LocalFile) => string | undefined

/** Local files whose checksum decides whether they are there already: key and size agree. */
export function findComparable(
  local: readonly LocalFile[],
  stored: readonly StoredFile[],
): readonly LocalFile[] {
  const sizes = new Map(stored.map(({ key, sizeBytes }) => [key, sizeBytes]))
  return local.filter(({ key, sizeBytes }) => sizes.get(key) === sizeBytes)
}

/** The plan for a draft that holds `stored`. */
export function makePlan(
  local: readonly LocalFile[],
  stored: readonly StoredFile[],
  options: { readonly existingFiles: ExistingFiles; readonly checksumOf: KnownChecksum },
): Plan {
  const byKey = new Map(stored.map((file) => [file.key, file]))
  const isThere = (file: LocalFile): boolean =>
    isSame(file, byKey.get(file.key), options.checksumOf)
  const localKeys = new Set(local.map(({ key }) => key))
  const notNamed = stored.filter(({ key }) => !localKeys.has(key))
  const removes = options.existingFiles === 'replace'
  return {
    additions: local.filter(({ key }) => !byKey.has(key)),
    replacements: local.filter((file) => byKey.has(file.key) && !isThere(file)),
    kept: local.filter(isThere).flatMap(({ key }) => byKey.get(key) ?? []),
    removals: removes ? notNamed : [],
    others: removes ? [] : notNamed,
  }
}

function isSame(
  local: LocalFile,
  stored: StoredFile | undefined,
  checksumOf: KnownChecksum,
): boolean {
  return stored?.sizeBytes === local.sizeBytes && stored.checksum === checksumOf(local)
}

/** Whether a stored file is a copy of one of these, so that removing it loses nothing. */
export const isCopyOf =
  (originals: readonly StoredFile[]) =>
  ({ key, checksum }: StoredFile): boolean =>
    checksum !== '' && originals.some((one) => one.key === key && one.checksum === checksum)

/** A plan whose copies go first. */
export interface CopiesFirst {
  /** Taken out before anything is sent. */
  readonly copies: readonly StoredFile[]
  /** The rest of the plan; what replaces a copy is a new key by then. */
  readonly rest: Plan
}

/**
 * A draft of a next version begins with copies of the version before, which keeps the originals. So
 * those that changed go before the uploads, and every upload is a new key; those that are not wanted
 * go then as well if there would be no room, else last like everything that is removed.
 */
export function takeCopiesFirst(
  plan: Plan,
  stored: readonly StoredFile[],
  originals: readonly StoredFile[],
): CopiesFirst {
  const isCopy = isCopyOf(originals)
  const replaced = new Set(plan.replacements.map(({ key }) => key))
  const unwanted = hasRoom(plan, stored) ? [] : plan.removals
  const copies = [...unwanted, ...stored.filter(({ key }) => replaced.has(key))].filter(isCopy)
  const gone = new Set(copies.map(({ key }) => key))
  const isGone = ({ key }: { readonly key: string }): boolean => gone.has(key)
  const isLeft = (file: { readonly key: string }): boolean => !isGone(file)
  return {
    copies,
    rest: {
      ...plan,
      additions: [...plan.additions, ...plan.replacements.filter(isGone)],
      replacements: plan.replacements.filter(isLeft),
      removals: plan.removals.filter(isLeft),
    },
  }
}

/** Whether a deposit can hold the new files beside all that it has. */
function hasRoom({ additions, replacements }: Plan, stored: readonly StoredFile[]): boolean {
  const bytes = totalSize([...stored, ...additions, ...replacements])
  return stored.length + additions.length <= MAX_FILES && bytes <= MAX_RECORD_BYTES
}

/** Keys by which a new version would differ from the published one; none if there is nothing to send and nothing to remove. */
export const findChangedKeys = ({ additions, replacements, removals }: Plan): readonly string[] =>
  [...additions, ...replacements, ...removals].map(({ key }) => key)

/** Keys of a draft that are not as the plan said. */
export interface Mismatch {
  readonly missing: readonly string[]
  /** Neither planned nor known before: somebody else writes to the same draft. */
  readonly unexpected: readonly string[]
  readonly different: readonly string[]
}

/**
 * Compares the list read back with what this run answers for; `checksumOf` knows the files that were
 * sent. The others may change under it: with `existing-files: keep` another job may be at work.
 */
export function findMismatch(
  plan: Plan,
  stored: readonly StoredFile[],
  checksumOf: KnownChecksum,
): Mismatch {
  const sent = [...plan.additions, ...plan.replacements].map((file) => ({
    key: file.key,
    sizeBytes: file.sizeBytes,
    checksum: checksumOf(file),
  }))
  const expected = new Map([...plan.kept, ...sent].map((file) => [file.key, file]))
  const others = new Set(plan.others.map(({ key }) => key))
  const storedKeys = new Set(stored.map(({ key }) => key))
  const isDifferent = (file: StoredFile): boolean => {
    const wanted = expected.get(file.key)
    if (wanted === undefined) return false
    const sameBytes = wanted.checksum === undefined || wanted.checksum === file.checksum
    return wanted.sizeBytes !== file.sizeBytes || !sameBytes
  }
  return {
    missing: [...expected.keys()].filter((key) => !storedKeys.has(key)),
    unexpected: [...storedKeys].filter((key) => !expected.has(key) && !others.has(key)),
    different: stored.filter(isDifferent).map(({ key }) => key),
  }
}
