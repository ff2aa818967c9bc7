import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { FileError, NetworkError, ProtocolError } from '../errors.ts'
import { requestLineOf, type Answer, type Call } from '../http/call.ts'
import { formatBytes } from '../lib/format.ts'
import { isProtected } from '../lib/is-protected.ts'
import { toPrintable } from '../lib/printable.ts'
import type { GitHub } from './github.ts'
import { READ_ASSETS, type ReleaseAsset } from './release-assets.ts'

/** From the API to its storage, and some more for a repository that was renamed. */
const MAX_REDIRECTS = 5

/**
 * Streams an asset into a file, which is there whole and with the announced size and digest, or not at all.
 * The API sends the reader on to a storage server, which never sees the token.
 */
export async function downloadAsset(
  github: GitHub,
  asset: ReleaseAsset,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const partial = `${path}.part`
  const call: Call = {
    method: 'GET',
    path: github.pathOf(`/releases/assets/${asset.id}`),
    accept: 'application/octet-stream',
    download: (body) => write(body, asset, partial),
    mayRedirect: true,
    repeat: true,
  }
  try {
    await github.repeat(() => fetchAsset(github, call, signal), READ_ASSETS, signal)
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw toFileError(error, asset, path)
  }
}

/** Begins at the API each time: the address of the storage server is valid for minutes only. */
async function fetchAsset(github: GitHub, call: Call, signal: AbortSignal): Promise<void> {
  let url = new URL(call.path, github.origin)
  let answer = await github.send(call, signal)
  for (let count = 1; answer.status >= 300; count += 1) {
    url = parseTarget(answer, url)
    if (count > MAX_REDIRECTS) throw strayed(call, `more than ${MAX_REDIRECTS} redirects`)
    if (!isProtected(url)) throw strayed(call, `a redirect to ${url.origin}, without encryption`)
    answer = await follow(github, url, call, signal)
  }
}

async function follow(github: GitHub, url: URL, call: Call, signal: AbortSignal): Promise<Answer> {
  const pathOfApi = github.findPath(url.href)
  if (pathOfApi !== undefined) return await github.send({ ...call, path: pathOfApi }, signal)
  await using storage = github.connect(url.origin)
  return await storage.send({ ...call, path: `${url.pathname}${url.search}` }, signal)
}

function parseTarget(answer: Answer, from: URL): URL {
  const url = answer.location === undefined ? null : URL.parse(answer.location, from.href)
  if (url !== null) return url
  throw strayed({ method: 'GET', path: from.pathname }, `${answer.status} and no place to go`)
}

function strayed(call: Pick<Call, 'method' | 'path'>, what: string): ProtocolError {
  const requestLine = requestLineOf(call)
  return new ProtocolError(requestLine, `GitHub answered ${requestLine} with ${what}.`)
}

async function write(
  body: AsyncIterable<Uint8Array>,
  asset: ReleaseAsset,
  path: string,
): Promise<void> {
  // So that nothing is written through a link that waits under this name.
  await rm(path, { force: true })
  await using file = await open(path, 'wx')
  await file.writeFile(checked(body, asset))
}

/** The bytes of a body; ends with an error unless they are the asset's. */
async function* checked(
  body: AsyncIterable<Uint8Array>,
  asset: ReleaseAsset,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of body) {
    sizeBytes += chunk.length
    if (sizeBytes > asset.sizeBytes)
      throw differs(asset, `more than the announced ${sizeOf(asset)}`)
    hash.update(chunk)
    yield chunk
  }
  if (sizeBytes < asset.sizeBytes) {
    throw differs(asset, `${formatBytes(sizeBytes)} instead of ${sizeOf(asset)}`)
  }
  const sha256 = hash.digest('hex')
  if (asset.sha256 === undefined || sha256 === asset.sha256) return
  throw differs(asset, `other bytes than announced: sha256 ${sha256} instead of ${asset.sha256}`)
}

const sizeOf = ({ sizeBytes }: ReleaseAsset): string => formatBytes(sizeBytes)

/** Something went wrong on the way, and may go right next time. */
function differs({ id, name }: ReleaseAsset, what: string): NetworkError {
  const message = `Of the release asset "${toPrintable(name, 200)}" came ${what}.`
  const hint = 'Re-run the job. If it happens every time, upload the asset again.'
  return new NetworkError(`GET asset ${id}`, message, { hint })
}

/** What the system refuses, as an error that names the file. */
function toFileError(cause: unknown, { name }: ReleaseAsset, path: string): unknown {
  if (!(typeof cause === 'object' && cause !== null && 'syscall' in cause && 'code' in cause)) {
    return cause
  }
  const message = `The release asset "${toPrintable(name, 200)}" cannot be written to "${path}": ${String(cause.code)}.`
  return new FileError(path, message, { cause })
}
