import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { FileError } from '../errors.ts'
import { parseLfsPointer, POINTER_LIMIT_BYTES, type LfsPointer } from './lfs-pointer.ts'
import type { Git } from './source-archive-git.ts'
import type { Repository } from './source-archive-tree.ts'

/**
 * Where the content of each LFS file is, by its path in the repository: in the store that `git lfs` fills, or in the
 * working tree if unchanged. Nothing is fetched. Throws a FileError for content that is not here.
 */
export async function findLfsContents(
  git: Git,
  repository: Repository,
  clean: { readonly tree: string; readonly index: string; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>()
  const paths = await readLfsPaths(git, repository, clean)
  if (paths.length === 0) return contents
  const { directory } = repository
  const answer = await git(directory, ['rev-parse', '--git-common-dir'])
  const store = resolve(directory, answer.toString().trimEnd(), 'lfs', 'objects')
  for (const path of paths) {
    const pointer = parseLfsPointer(await readFile(join(clean.tree, path), 'utf8'))
    if (pointer === undefined) continue
    contents.set(path, await findContent(pointer, { store, directory, path, signal: clean.signal }))
  }
  return contents
}

/** Files that are small enough for a pointer and that `.gitattributes` gives to LFS. */
async function readLfsPaths(
  git: Git,
  { directory, entries }: Repository,
  { tree, index }: { readonly tree: string; readonly index: string },
): Promise<string[]> {
  const small = entries.filter(
    ({ kind, size = 0 }) =>
      (kind === 'file' || kind === 'executable') && size > 0 && size < POINTER_LIMIT_BYTES,
  )
  const input = small.map(({ path }) => `${path}\u0000`).join('')
  const args = [`--work-tree=${tree}`, 'check-attr', '--cached', '-z', '--stdin', 'filter']
  const answer = (await git(directory, args, { input, index })).toString().split('\u0000')
  // path, attribute, value; and again
  return answer.filter((_, position) => position % 3 === 0 && answer[position + 2] === 'lfs')
}

async function findContent(
  { sha256, size }: LfsPointer,
  {
    store,
    directory,
    path,
    signal,
  }: { store: string; directory: string; path: string; signal: AbortSignal },
): Promise<string> {
  const stored = join(store, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  if ((await sizeOf(stored)) === size) return stored
  const local = join(directory, path)
  if ((await sizeOf(local)) === size && (await sha256Of(local, signal)) === sha256) return local
  throw new FileError(local, `The content of "${path}" is in Git LFS, and not here.`, {
    hint: 'Give actions/checkout the input `lfs: true`; for submodules, run `git submodule foreach --recursive git lfs pull`.',
  })
}

async function sizeOf(path: string): Promise<number | undefined> {
  return await stat(path).then(
    (info) => (info.isFile() ? info.size : undefined),
    () => undefined,
  )
}

async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
