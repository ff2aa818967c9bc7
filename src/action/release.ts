import { join } from 'node:path'
import { DepositError } from '../errors.ts'
import { downloadAsset } from '../github/download-asset.ts'
import type { GitHub } from '../github/github.ts'
import { listReleaseAssets, type ReleaseAsset } from '../github/release-assets.ts'
import { checkReleaseNotes, updateReleaseNotes } from '../github/release-notes.ts'
import type { ReleaseReference } from '../github/release.ts'
import { formatBytes } from '../lib/format.ts'
import type { Inputs } from './inputs.ts'
import type { State } from './outputs.ts'
import type { Log } from './ports.ts'
import type { Trigger } from './trigger.ts'

/** The release that this run is about, and the API that knows it. */
export interface ReleasePorts {
  readonly github: GitHub
  readonly trigger: Trigger
  readonly log: Log
  readonly signal: AbortSignal
}

/** Whether a run needs GitHub's API at all; a dry run without a token asks nobody. */
export const needsRelease = ({
  dryRun,
  token,
  releaseAssets,
  updateReleaseNotes,
}: Inputs): boolean => (releaseAssets || updateReleaseNotes) && !(dryRun && token === undefined)

/** The assets that the release has now. */
export const listAssets = ({
  github,
  trigger,
  signal,
}: ReleasePorts): Promise<readonly ReleaseAsset[]> =>
  listReleaseAssets(github, referenceTo(trigger), signal)

/** Fetches assets into a folder, one after the other; returns their paths, which are short whatever the names. */
export async function fetchAssets(
  assets: readonly ReleaseAsset[],
  folder: string,
  { github, log, signal }: ReleasePorts,
): Promise<readonly string[]> {
  const paths: string[] = []
  for (const [index, asset] of assets.entries()) {
    const path = join(folder, String(index))
    await downloadAsset(github, asset, path, signal)
    log.info(`Fetched release asset ${asset.name} (${formatBytes(asset.sizeBytes)})`)
    paths.push(path)
  }
  return paths
}

/** Finds out before anything is written whether the notes can take the badge. */
export const checkNotes = ({ github, trigger, signal }: ReleasePorts): Promise<void> =>
  checkReleaseNotes(github, referenceTo(trigger), signal)

/** Puts the badge into the notes of the release, once there is a DOI that resolves. */
export async function noteDoi(
  { state, badgeMarkdown }: { readonly state: State; readonly badgeMarkdown: string | undefined },
  { github, trigger, log, signal }: ReleasePorts,
): Promise<void> {
  if ((state !== 'published' && state !== 'unchanged') || !badgeMarkdown) {
    log.info('The release notes get the DOI badge once the record is published')
    return
  }
  const done = await updateReleaseNotes(github, referenceTo(trigger), badgeMarkdown, signal).catch(
    sayPublished,
  )
  log.info(
    done === 'updated'
      ? 'Put the DOI badge into the release notes'
      : 'The release notes have the DOI badge already',
  )
}

/** The one thing that can fail after publishing must not look as if nothing had been published. */
function sayPublished(error: unknown): never {
  if (error instanceof DepositError) {
    error.message = `The record is published; only its badge is not in the release notes. ${error.message}`
  }
  throw error
}

const referenceTo = ({ release, tag }: Trigger): ReleaseReference => ({ id: release?.id, tag })
