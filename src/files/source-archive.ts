import { isUtf8 } from 'node:buffer'
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FileError } from '../errors.ts'
import { checkRoom, writeArchive } from './pack-archive.ts'
import { orFileError } from './pack-fault.ts'
import type { Member } from './pack-member.ts'
import { createGit, type Git } from './source-archive-git.ts'
import { findLfsContents } from './source-archive-lfs.ts'
import { readRepositories, type Repository, type TreeEntry } from './source-archive-tree.ts'
import { stampOf } from './local-file.ts'

/** What to pack, and where to. */
export interface SourceArchiveOptions {
  /** The checkout, or a folder in it. */
  readonly directory: string
  /** The folder around everything, `REPO-VERSION`, for the commit that is packed. */
  readonly toName: (commit: string) => string
  /** Absolute; the ending, `.zip` or `.tar.gz`, chooses the format. */
  readonly archive: string
  readonly signal: AbortSignal
  /** Where git is found; nothing else of it matters to the archive. */
  readonly environment?: NodeJS.ProcessEnv | undefined
}

/** What was packed. */
export interface PackedSource {
  readonly fileCount: number
  readonly commit: string
  readonly name: string
}

/**
 * Packs the commit that is checked out, submodules included, as a person sees it who clones it: what the working tree
 * changed, ignores or does not track plays no part, `.gitattributes` does (line ends, LFS). Reproducible, links and
 * executable bits kept. Throws a FileError that says what is missing.
 *
 * Git makes a clean checkout beside the archive, and that is packed: only git itself knows all that its attributes mean.
 * `git archive` is no way to do it: it leaves out what `export-ignore` says, and all submodules.
 */
export async function packSource(options: SourceArchiveOptions): Promise<PackedSource> {
  const { directory, toName, archive, signal, environment = process.env } = options
  const work = await orFileError(archive, `The archive "${archive}" cannot be written`, () =>
    mkdtemp(`${archive}.source-`),
  )
  try {
    const git = await createGit({ home: work, environment, signal })
    const repositories = await readRepositories(git, directory)
    const commit = repositories[0]?.commit ?? ''
    const name = toName(commit)
    await checkRoom(archive, 2 * totalSize(repositories))
    const members: Member[] = []
    for (const [index, repository] of repositories.entries()) {
      const clean = { tree: join(work, `tree-${index}`), index: join(work, `index-${index}`) }
      await checkOut(git, repository, clean)
      members.push(...(await listMembers(git, { repository, clean, name, signal })))
    }
    await writeArchive(members, { archive, signal })
    return { fileCount: members.length, commit, name }
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 })
  }
}

interface CleanCheckout {
  readonly tree: string
  readonly index: string
}

/** Writes the files of a commit into an empty folder; the repository's own index and working tree stay as they are. */
async function checkOut(git: Git, repository: Repository, clean: CleanCheckout): Promise<void> {
  const { directory, commit } = repository
  await mkdir(clean.tree)
  const args = [`--work-tree=${clean.tree}`, 'read-tree', '--reset', '-u', commit]
  await git(directory, args, { index: clean.index })
}

async function listMembers(
  git: Git,
  options: { repository: Repository; clean: CleanCheckout; name: string; signal: AbortSignal },
): Promise<Member[]> {
  const { repository, clean, name, signal } = options
  const lfs = await findLfsContents(git, repository, { ...clean, signal })
  const members: Member[] = []
  for (const entry of repository.entries) {
    if (entry.kind === 'submodule') continue
    const path = lfs.get(entry.path) ?? join(clean.tree, entry.path)
    members.push(
      await listMember(entry, { name: `${name}/${repository.prefix}${entry.path}`, path }),
    )
  }
  return members
}

async function listMember(
  { kind }: TreeEntry,
  { name, path }: { name: string; path: string },
): Promise<Member> {
  const message = `"${name}" cannot be read`
  if (kind === 'link') {
    const target = await orFileError(path, message, () => readFile(path))
    if (!isUtf8(target)) throw new FileError(path, `The target of the link "${name}" is not UTF-8.`)
    return { kind: 'link', name, path, target: target.toString() }
  }
  const stats = await orFileError(path, message, () => stat(path))
  const { size } = stats
  return {
    kind: 'file',
    name,
    path,
    size,
    stamp: stampOf(stats),
    executable: kind === 'executable',
  }
}

function totalSize(repositories: readonly Repository[]): number {
  const sizes = repositories.flatMap(({ entries }) => entries.map(({ size = 0 }) => size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
