import type { LocalFile } from '../files/local-file.ts'
import { asText } from '../lib/json.ts'
import { hasMark } from '../lib/mark.ts'
import { totalSize } from '../lib/total-size.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { StoredFile } from '../zenodo/stored-file.ts'
import type { Target } from '../zenodo/target.ts'
import type { Checked } from './check.ts'
import { decide, type Decision, type Situation } from './decide.ts'
import { isUntouched, toDescribing, toDescription } from './describe.ts'
import type { Found } from './find-target.ts'
import type { Inputs } from './inputs.ts'
import { findChangedKeys, isCopyOf, makePlan } from './plan.ts'
import type { Ports } from './ports.ts'
import { knowChecksums } from './transfer.ts'
import { markOf } from './trigger.ts'

/** What is to be done with the deposit that was found. */
export async function decideOn(
  checked: Checked,
  { target, own }: Found,
  ports: Ports,
): Promise<Decision> {
  const { inputs, trigger, files, publish: publishes } = checked
  const latest = target.kind === 'none' ? undefined : target.latest
  const changedFrom = async ({ files: stored }: Deposit): Promise<readonly string[]> => {
    if (files === undefined) return differingKeys(openDraftOf(target)?.files ?? [], stored)
    const checksumOf = await knowChecksums(files, stored, ports)
    const existingFiles = inputs.existingFiles === 'keep' ? 'keep' : 'replace'
    return findChangedKeys(makePlan(files, stored, { existingFiles, checksumOf }))
  }
  return decide({
    target,
    inputs,
    isNamed: inputs.depositId !== undefined,
    publish: publishes,
    namesFiles: files !== undefined,
    changedKeys: latest ? await changedFrom(latest) : (files ?? []).map(({ key }) => key),
    own: own && {
      version: own,
      changedKeys: await changedFrom(own),
      isFollowed: target.kind === 'published' && isOfAnother(target, checked),
    },
    version: foreseeVersion(checked, target, ports.today),
    versionFrom: checked.metadata.sources['version'],
    tag: trigger.tag,
    ...foresee(files ?? [], target, inputs),
  })
}

/** Keys by which what a draft holds already differs from a version; none if it is empty, and will get its files. */
function differingKeys(
  held: readonly StoredFile[],
  stored: readonly StoredFile[],
): readonly string[] {
  if (held.length === 0) return []
  const isIn = (files: readonly StoredFile[]) => (one: StoredFile) =>
    files.some(({ key, checksum }) => key === one.key && checksum === one.checksum)
  const changed = [
    ...held.filter((one) => !isIn(stored)(one)),
    ...stored.filter((one) => !isIn(held)(one)),
  ]
  return [...new Set(changed.map(({ key }) => key))]
}

/** The version that would be recorded: also the one that a draft has already, where nothing names another. */
function foreseeVersion(checked: Checked, target: Target, today: Date): string | undefined {
  const draft = openDraftOf(target)
  if (draft === undefined || target.kind === 'none') return checked.version
  const { latest } = target
  const describing = toDescribing(checked, { draft, latest })
  const given = toDescription(checked, describing, today).metadata['version']
  return asText(given) ?? (describing.isNextVersion ? undefined : asText(draft.metadata['version']))
}

/**
 * Whether the draft of the next version is somebody's work, and not what this tag or run has made of it
 * before: a draft that is begun in the browser inherits the mark, but not the version.
 */
function isOfAnother(
  { latest, pending }: Target & { readonly kind: 'published' },
  { trigger, version }: Checked,
): boolean {
  if (pending === undefined || isUntouched(pending, latest)) return false
  const mark = markOf(trigger)
  const isOurs = mark !== undefined && hasMark(pending.metadata, mark)
  return !isOurs || pending.metadata['version'] !== version
}

/** What is there beside the files, and how much the draft will hold when it holds most: before anything is removed from it. */
function foresee(
  files: readonly LocalFile[],
  target: Target,
  { existingFiles }: Inputs,
): Pick<Situation, 'otherKeys' | 'peak'> {
  const draft = openDraftOf(target)
  const latest = target.kind === 'none' ? undefined : target.latest
  const named = new Set(files.map(({ key }) => key))
  const besides = (held: readonly StoredFile[] = []): readonly StoredFile[] =>
    held.filter(({ key }) => !named.has(key))
  const isFilled = draft !== undefined && draft.files.length > 0
  const others = besides((isFilled ? draft : latest)?.files)
  const isCopy = isCopyOf(latest?.files ?? [])
  const staying = existingFiles === 'keep' ? others : others.filter((file) => !isCopy(file))
  const all = [...files, ...staying]
  return {
    otherKeys: others.map(({ key }) => key),
    peak: { files: all.length, bytes: totalSize(all) },
  }
}

/** The draft that is there already, also that of a next version. */
function openDraftOf(target: Target): Deposit | undefined {
  switch (target.kind) {
    case 'none':
      return undefined
    case 'draft':
      return target.draft
    case 'published':
      return target.pending
  }
}
