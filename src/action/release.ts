import { join } from 'node:path'
import { downloadAsset } from '../github/download-asset.ts'
import type { GitHub } from '../github/github.ts'
import { listReleaseAssets } from '../github/release-assets.ts'
import { updateReleaseNotes } from '../github/release-notes.ts'
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

/** Fetches the assets of the release into a folder, one after the other; returns their paths. */
export async function fetchAssets(folder: string, ports: ReleasePorts): Promise<readonly string[]> {
  const { github, log, signal } = ports
  const paths: string[] = []
  for (const asset of await listReleaseAssets(github, referenceTo(ports.trigger), signal)) {
    const path = join(folder, asset.name)
    await downloadAsset(github, asset, path, signal)
    log.info(`Fetched release asset ${asset.name} (${formatBytes(asset.sizeBytes)})`)
    paths.push(path)
  }
  return paths
}

/** Puts the badge into the notes of the release, once there is a DOI that resolves. */
export async function noteDoi(
  { state, badgeMarkdown }: { readonly state: State; readonly badgeMarkdown: string | undefined },
  { github, trigger, log, signal }: ReleasePorts,
): Promise<void> {
  if ((state !== 'published' && state !== 'unchanged') || !badgeMarkdown) return
  const done = await updateReleaseNotes(github, referenceTo(trigger), badgeMarkdown, signal)
  log.info(
    done === 'updated'
      ? 'Put the DOI badge into the release notes'
      : 'The release notes have the DOI badge already',
  )
}

const referenceTo = ({ release, tag }: Trigger): ReleaseReference => ({ id: release?.id, tag })
