import { FileError, ProtocolError } from '../errors.ts'
import { requestLineOf } from '../http/call.ts'
import { asId, asObject, asText } from '../lib/json.ts'
import { toPrintable } from '../lib/printable.ts'
import { readPages, type GitHub } from './github.ts'
import type { Purpose } from './refusal.ts'
import { getRelease, type ReleaseReference } from './release.ts'

/** A file attached to a release. */
export interface ReleaseAsset {
  readonly id: string
  /** Safe as the name of a file. */
  readonly name: string
  readonly sizeBytes: number
  /** In hexadecimal; undefined for assets from before mid-2025, which GitHub has none of. */
  readonly sha256: string | undefined
}

/** What reading assets needs. */
export const READ_ASSETS: Purpose = {
  input: 'release-assets',
  permission: 'contents: read',
  words: 'read the assets of the release',
}

/** The assets of a release as they are now: the event that started the run has those of another moment. Throws a FileError for one that cannot be taken. */
export async function listReleaseAssets(
  github: GitHub,
  release: ReleaseReference,
  signal: AbortSignal,
): Promise<readonly ReleaseAsset[]> {
  const id = release.id ?? (await getRelease(github, release, READ_ASSETS, signal)).id
  const path = github.pathOf(`/releases/${id}/assets?per_page=100`)
  const requestLine = requestLineOf({ method: 'GET', path })
  const assets: ReleaseAsset[] = []
  for await (const page of readPages(github, path, READ_ASSETS, signal)) {
    assets.push(...page.map((item) => parseAsset(item, requestLine)))
  }
  return assets
}

function parseAsset(json: unknown, requestLine: string): ReleaseAsset {
  const { id, name, size, digest, state } = asObject(json)
  const assetId = asId(id)
  if (assetId === undefined || typeof name !== 'string' || typeof size !== 'number') {
    const message = `GitHub answered ${requestLine} with an asset without id, name or size.`
    throw new ProtocolError(requestLine, message)
  }
  const isWhole = state === undefined || state === 'uploaded'
  const problem = !isWhole ? 'was never uploaded completely' : findAssetNameProblem(name)
  if (problem !== undefined) throw refused(name, problem)
  const sha256 = /^sha256:([0-9a-f]{64})$/i.exec(asText(digest) ?? '')?.[1]?.toLowerCase()
  return { id: assetId, name, sizeBytes: size, sha256 }
}

function refused(name: string, problem: string): FileError {
  const message = `The release asset "${toPrintable(name, 200)}" cannot be taken: it ${problem}.`
  return new FileError(name, message, {
    hint: 'Delete the asset from the release, or upload it again under another name.',
  })
}

/** Unicode's controls, and what Windows takes for a drive, a stream or a pattern. */
// eslint-disable-next-line no-control-regex -- finding control characters is its purpose
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029"*:<>?|]/
const MAX_NAME_BYTES = 255

/** Why a file must not get this name, as the end of a sentence; undefined for a good one. */
export function findAssetNameProblem(name: string): string | undefined {
  if (name === '') return 'has no name'
  if (name === '.' || name === '..') return 'has the name of a folder'
  if (/[/\\]/.test(name)) return 'has a name that leads into another folder'
  if (!name.isWellFormed()) return 'has a name that is not valid Unicode'
  if (UNSAFE.test(name)) return 'has a name with a character that is not safe in file names'
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return `has a name longer than ${MAX_NAME_BYTES} bytes`
  }
  return undefined
}
