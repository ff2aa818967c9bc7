import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { FileError } from '../errors.ts'
import type { Git } from './source-archive-git.ts'

/** One file, link or submodule of a commit. */
export interface TreeEntry {
  readonly kind: 'file' | 'executable' | 'link' | 'submodule'
  readonly oid: string
  /** As committed; undefined for a submodule, and for an object that is damaged. */
  readonly size: number | undefined
  /** Relative to the repository, with forward slashes. */
  readonly path: string
}

/** A repository at a commit: the one that is checked out, or a submodule. */
export interface Repository {
  /** Where it is checked out. */
  readonly directory: string
  /** Where it belongs in the whole: empty, or a path that ends with a slash. */
  readonly prefix: string
  readonly commit: string
  readonly entries: readonly TreeEntry[]
}

/** The repository around a folder at HEAD, and its submodules at the commits it names, however deep. */
export async function readRepositories(git: Git, directory: string): Promise<Repository[]> {
  const top = await readTopFolder(git, directory)
  const commit = await git(top, ['rev-parse', '--verify', 'HEAD^{commit}']).catch(
    (cause: unknown) => {
      throw new FileError(directory, `The checkout in "${directory}" has no commit to pack.`, {
        cause,
      })
    },
  )
  return await readRepository(git, { directory: top, prefix: '', commit: lineOf(commit) })
}

async function readTopFolder(git: Git, directory: string): Promise<string> {
  try {
    return lineOf(await git(directory, ['rev-parse', '--show-toplevel']))
  } catch (cause) {
    if (!(cause instanceof FileError) || !/not a git repo|work tree/u.test(cause.message)) {
      throw cause
    }
    throw new FileError(directory, `"${directory}" is not the checkout of a git repository.`, {
      hint: 'Put actions/checkout before this step. In a container, git must be installed before that.',
      cause,
    })
  }
}

async function readRepository(git: Git, root: Omit<Repository, 'entries'>): Promise<Repository[]> {
  const { directory, prefix, commit } = root
  const listing = await git(directory, ['ls-tree', '-r', '-l', '-z', '--full-tree', commit])
  const entries = parseTree(listing, directory)
  const repositories: Repository[] = [{ ...root, entries }]
  for (const { kind, path, oid } of entries) {
    if (kind !== 'submodule') continue
    const submodule = join(directory, path)
    await checkSubmodule(git, submodule, { name: `${prefix}${path}`, commit: oid })
    const nested = { directory: submodule, prefix: `${prefix}${path}/`, commit: oid }
    repositories.push(...(await readRepository(git, nested)))
  }
  return repositories
}

/** Without its own `.git`, git would take the folder for a part of the repository around it. */
async function checkSubmodule(
  git: Git,
  directory: string,
  { name, commit }: { name: string; commit: string },
): Promise<void> {
  try {
    await access(join(directory, '.git'))
    await git(directory, ['cat-file', '-e', `${commit}^{commit}`])
  } catch (cause) {
    throw new FileError(directory, `The submodule "${name}" is not checked out.`, {
      hint: 'Give actions/checkout the input `submodules: recursive`.',
      cause,
    })
  }
}

/** Git says `-` for a submodule, and `BAD` for an object it cannot read. */
const DIGITS = /^\d+$/u

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = {
  '100644': 'file',
  '100664': 'file', // written by git before 1.0
  '100755': 'executable',
  '120000': 'link',
  '160000': 'submodule',
}

/** Reads what `git ls-tree -r -l -z` prints: `MODE TYPE OID SIZE<tab>PATH<NUL>`. */
export function parseTree(listing: Buffer, directory: string): TreeEntry[] {
  const lines = listing.toString('latin1').split('\u0000').slice(0, -1)
  return lines.map((line) => {
    const tab = line.indexOf('\t')
    const [mode = '', , oid = '', size = ''] = line.slice(0, tab).split(/ +/u)
    return {
      kind: KINDS[mode] ?? 'file',
      oid,
      size: DIGITS.test(size) ? Number(size) : undefined,
      path: decodePath(line.slice(tab + 1), directory),
    }
  })
}

/** Git keeps names as bytes; archives, and most systems, want UTF-8. */
function decodePath(latin1: string, directory: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(latin1, 'latin1'),
    )
  } catch (cause) {
    throw new FileError(directory, `The file name ${JSON.stringify(latin1)} is not UTF-8.`, {
      hint: 'Rename the file in the repository.',
      cause,
    })
  }
}

function lineOf(output: Buffer): string {
  return output.toString().replace(/\r?\n$/u, '')
}
