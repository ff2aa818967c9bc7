import { formatBytes } from '../lib/format.ts'
import { toPrintable } from '../lib/printable.ts'
import { MAX_FILES, MAX_RECORD_BYTES } from '../zenodo/limits.ts'
import type { Target } from '../zenodo/target.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { StoredFile } from '../zenodo/stored-file.ts'
import type { Inputs } from './inputs.ts'

/** What is done with the deposit that was found. */
export type Decision =
  | { readonly kind: 'create' }
  | { readonly kind: 'continue'; readonly draft: Deposit; readonly latest: Deposit | undefined }
  /** `pending` is the draft that is there already: the server says whether it is the one. */
  | {
      readonly kind: 'next-version'
      readonly latest: Deposit
      readonly pending: Deposit | undefined
    }
  | { readonly kind: 'edit'; readonly record: Deposit }
  | { readonly kind: 'report'; readonly version: Deposit }
  | {
      readonly kind: 'refuse'
      readonly input: string
      readonly problem: string
      /** The deposit that is in the way. */
      readonly about: Deposit
    }

/** A decision that leads to a draft. */
export type Planned = Exclude<Decision, { readonly kind: 'refuse' | 'report' }>

/** A published version, and the keys by which the files asked for differ from it. */
export interface OwnVersion {
  readonly version: Deposit
  readonly changedKeys: readonly string[]
  /** The draft of the next version, if there is one, holds the work of another run, or of a person. */
  readonly isFollowed: boolean
}

export interface Situation {
  readonly target: Target
  readonly inputs: Pick<Inputs, 'ifPublished' | 'ifUnchanged' | 'existingFiles'>
  /** Whether the user named the deposit; else it was found by its mark. */
  readonly isNamed: boolean
  /** After the guards: a prerelease is not published. */
  readonly publish: boolean
  /** Whether the user named files at all. */
  readonly namesFiles: boolean
  /** Keys by which the files that there would be differ from those of the latest version. */
  readonly changedKeys: readonly string[]
  /** The published version that bears the mark of this run: a run of this very tag made it, or this run before it was repeated. */
  readonly own: OwnVersion | undefined
  /** Version to record. */
  readonly version: string | undefined
  /** Where it came from, in words: `CITATION.cff`, `tag`. */
  readonly versionFrom: string | undefined
  /** The tag that started the run. */
  readonly tag: string | undefined
  /** Keys of the draft, or else of the latest version, that the user did not name. */
  readonly otherKeys: readonly string[]
  /** What the draft holds when it holds most: uploads come before removals. */
  readonly peak: { readonly files: number; readonly bytes: number }
}

/** The decision as a function of the situation; nothing is asked of anybody here. */
export function decide(situation: Situation): Decision {
  const { target } = situation
  switch (target.kind) {
    case 'none':
      return { kind: 'create' }
    case 'draft':
      return decideForDraft(situation, target)
    case 'published':
      return decideForPublished(situation, target)
  }
}

function decideForDraft(
  situation: Situation,
  { draft, latest }: { readonly draft: Deposit; readonly latest: Deposit | undefined },
): Decision {
  const verdict =
    latest &&
    ((situation.namesFiles ? decideUnchanged(situation, latest) : undefined) ??
      refuseRepeatedVersion(situation, latest))
  return (
    verdict ??
    refuseOthers(situation, draft) ??
    refuseTooMuch(situation, draft) ?? { kind: 'continue', draft, latest }
  )
}

function decideForPublished(
  situation: Situation,
  { named, latest, pending }: Target & { readonly kind: 'published' },
): Decision {
  const { inputs } = situation
  if (inputs.ifPublished === 'update-metadata') return { kind: 'edit', record: named }
  const base = pending ?? latest
  const refusal = refuseOthers(situation, base)
  const done = reportOwn(situation) ?? (refusal ? undefined : decideUnchanged(situation, latest))
  if (done) return done
  if (inputs.ifPublished === 'error') {
    return {
      kind: 'refuse',
      about: latest,
      input: 'if-published',
      problem: `Deposit ${latest.id} is published already, and if-published is error. Set if-published: new-version to make its next version.`,
    }
  }
  return (
    refusal ??
    refuseRepeatedVersion(situation, latest) ??
    refuseFollowed(situation, pending) ??
    refuseTooMuch(situation, base) ?? { kind: 'next-version', latest, pending }
  )
}

/** What this run published is its result, and no work that is left, whatever should happen otherwise. */
function reportOwn({ own, namesFiles }: Situation): Decision | undefined {
  const isDone = own !== undefined && (!namesFiles || own.changedKeys.length === 0)
  return isDone ? { kind: 'report', version: own.version } : undefined
}

/** What to do if the latest version has exactly these files; undefined if it has not. */
function decideUnchanged(situation: Situation, latest: Deposit): Decision | undefined {
  const { inputs, changedKeys, namesFiles, publish } = situation
  if (changedKeys.length > 0 || !(namesFiles || publish)) return undefined
  switch (inputs.ifUnchanged) {
    case 'skip':
      return { kind: 'report', version: latest }
    case 'publish':
      return undefined
    case 'error':
      return {
        kind: 'refuse',
        about: latest,
        input: 'if-unchanged',
        problem: `The latest published version, ${latest.id}, has exactly these files already, and if-unchanged is error.`,
      }
  }
}

/**
 * Two different sets of files under one version, or from one tag, would confuse everybody for ever. A
 * draft of them may be made, but only where the deposit was named: nobody else asked for a next version.
 */
function refuseRepeatedVersion(situation: Situation, latest: Deposit): Decision | undefined {
  const { version, versionFrom, tag, publish, own, isNamed } = situation
  const isRepeated = version !== undefined && latest.metadata['version'] === version
  const { changedKeys } = isRepeated ? situation : (own ?? situation)
  const isDoubled = publish ? isRepeated || own !== undefined : own !== undefined && !isNamed
  if (changedKeys.length === 0 || !isDoubled) return undefined
  const about = isRepeated ? latest : (own?.version ?? latest)
  const what = isRepeated
    ? `Version ${version} is`
    : tag === undefined
      ? 'The result of this run is'
      : `Tag ${tag} is`
  const isStale = tag !== undefined && version !== tag && versionFrom !== undefined
  const wayOut = !isRepeated
    ? 'Files that really changed need a new tag, or a new run.'
    : isStale
      ? `Files that really changed need a version of their own: it is the one in ${versionFrom}, while the tag is ${tag}. Write the new one there and make a new tag, or set the input version.`
      : 'Files that really changed need a version of their own (input version, or a new tag).'
  return {
    kind: 'refuse',
    about,
    input: isRepeated ? 'version' : 'files',
    problem: `${toPrintable(what, 200)} published already, as record ${about.id}, with other files (${listKeys(changedKeys)}). If this is a re-run, nothing is left to do: files that are built anew often differ in their time stamps. ${toPrintable(wayOut, 500)}`,
  }
}

/** What this run has published is followed by somebody else's draft, which it must not fill with its own files. */
function refuseFollowed({ own }: Situation, pending: Deposit | undefined): Decision | undefined {
  if (own?.isFollowed !== true || pending === undefined) return undefined
  return {
    kind: 'refuse',
    about: own.version,
    input: 'files',
    problem: `This tag or run is published already, as record ${own.version.id}, with other files (${listKeys(own.changedKeys)}), and the draft of the next version, ${pending.id}, is the work of another run or a person. To work on that draft, set deposit-id: '${pending.id}'.`,
  }
}

/** Uploads that the server would refuse in their middle, in every run anew. */
function refuseTooMuch(
  { peak, inputs, namesFiles }: Situation,
  about: Deposit,
): Decision | undefined {
  const what =
    peak.files > MAX_FILES
      ? `${peak.files} files, and a record holds ${MAX_FILES}`
      : peak.bytes > MAX_RECORD_BYTES
        ? `${formatBytes(peak.bytes)}, and a record holds ${formatBytes(MAX_RECORD_BYTES)}`
        : undefined
  if (what === undefined || !namesFiles) return undefined
  const why =
    inputs.existingFiles === 'keep'
      ? 'with those it has, which existing-files: keep leaves'
      : 'before those not named are removed, which comes last'
  return {
    kind: 'refuse',
    about,
    input: 'files',
    problem: `Deposit ${about.id} would hold ${what}, ${why}. Remove files from it by hand, or put them into one archive (archive-name).`,
  }
}

/** The deposit that a decision is about; undefined where there is none yet. */
export function targetOf(decision: Planned): Deposit | undefined {
  switch (decision.kind) {
    case 'create':
      return undefined
    case 'continue':
      return decision.draft
    case 'edit':
      return decision.record
    case 'next-version':
      return decision.pending ?? decision.latest
  }
}

/** The draft of a next version that is not there yet. */
export const isNewDraft = (decision: Planned): boolean =>
  decision.kind === 'next-version' && decision.pending === undefined

/** The files that a draft begins with: an empty one of a next version gets those of the version before, unless it was named itself and nothing is added to it. */
export function storedFor(decision: Planned, namesFiles: boolean): readonly StoredFile[] {
  const stored = targetOf(decision)?.files ?? []
  const isNext = decision.kind === 'next-version' || (decision.kind === 'continue' && namesFiles)
  return stored.length > 0 || !isNext ? stored : (decision.latest?.files ?? [])
}

/** The first ten keys, made harmless. */
export const listKeys = (keys: readonly string[]): string =>
  [
    ...keys.slice(0, 10).map((key) => toPrintable(key, 100)),
    ...(keys.length > 10 ? ['…'] : []),
  ].join(', ')

/** `existing-files: error` meets files that were not named. */
function refuseOthers(
  { inputs, namesFiles, otherKeys }: Situation,
  about: Deposit,
): Decision | undefined {
  if (inputs.existingFiles !== 'error' || !namesFiles || otherKeys.length === 0) return undefined
  return {
    kind: 'refuse',
    about,
    input: 'existing-files',
    problem: describeOthers(about, otherKeys),
  }
}

/** What `existing-files: error` has against a deposit. */
export const describeOthers = ({ id }: Deposit, keys: readonly string[]): string =>
  `Deposit ${id} holds files that are not among those to upload: ${listKeys(keys)}. Set existing-files to replace (removes them) or keep.`
