import { asList, asObject } from '../lib/json.ts'
import { isMark, isMarkOf, isTagMarkOf } from '../lib/mark.ts'
import { withMark } from '../metadata/defaults.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { Checked } from './check.ts'
import { markOf, type Trigger } from './trigger.ts'

/**
 * The mark of this run, where what it works on is to bear it. A draft that was named is found by its
 * name, and needs the mark of a run only where a repeated one would publish another version, or fail.
 */
export function markFor(
  { inputs, trigger, publish, files }: Checked,
  { isNextVersion }: Pick<Marking, 'isNextVersion'>,
): string | undefined {
  const isFoundByName =
    inputs.depositId !== undefined && trigger.tag === undefined && !isNextVersion
  const mayRepeat = publish && (files !== undefined || inputs.ifUnchanged !== 'skip')
  return isFoundByName && !mayRepeat ? undefined : markOf(trigger)
}

/** A draft, or a record whose metadata are edited, with the related identifiers that it has. */
export interface Marking {
  readonly draft: Deposit
  /** The version before. */
  readonly latest: Deposit | undefined
  readonly trigger: Trigger
  /** The draft is as the server made it from the version before, with the marks of that. */
  readonly isNextVersion: boolean
}

/**
 * The related identifiers given, or else those of the draft, with the marks that stay, which are
 * seldom in a file. What is published keeps all of them: it came from other runs. A draft keeps those
 * of runs, by which these find it again, unless it has them from the version before; and those of
 * tags, unless a run of another tag continues it, whose draft it becomes.
 */
export function withStayingMarks(
  given: readonly unknown[] | undefined,
  { draft, latest, trigger, isNextVersion }: Marking,
): readonly unknown[] {
  const known = asList(draft.metadata['related_identifiers'])
  const { repositoryUrl, tag } = trigger
  if (repositoryUrl === undefined) return given ?? known
  const mark = markOf(trigger)
  const keepsTags = tag === undefined && draft.metadata['version'] !== undefined
  const stays = (item: unknown): boolean =>
    (mark !== undefined && isMark(item, mark)) ||
    (isTagMarkOf(item, repositoryUrl)
      ? draft.state === 'edit' || keepsTags
      : isMarkOf(item, repositoryUrl) && (draft.state === 'edit' || latest === undefined))
  const others = given ?? known.filter((item) => !isMarkOf(item, repositoryUrl))
  const taken = new Set(others.map(identifierOf))
  const marks = isNextVersion ? [] : known.filter(stays)
  return [...others, ...marks.filter((item) => !taken.has(identifierOf(item)))]
}

const identifierOf = (item: unknown): unknown => asObject(item)['identifier']

/** What becomes of the related identifiers where single fields change; undefined if they stay as they are. */
export function changeRelated(
  given: readonly unknown[] | undefined,
  { mark, ...marking }: Marking & { readonly mark: string | undefined },
): readonly unknown[] | undefined {
  const { draft, isNextVersion } = marking
  if (given === undefined && mark === undefined && !isNextVersion) return undefined
  const related = withStayingMarks(given, marking)
  const then = mark === undefined ? related : addMark(draft.metadata, related, mark)
  const known = asList(draft.metadata['related_identifiers'])
  const isSame = then.length === known.length && known.every((item) => then.includes(item))
  return isSame ? undefined : then
}

function addMark(
  { upload_type }: Metadata,
  related: readonly unknown[],
  mark: string,
): readonly unknown[] {
  const marked = withMark({ upload_type, related_identifiers: related }, mark)
  return asList(marked['related_identifiers'])
}
