import { realpath, stat } from 'node:fs/promises'
import { relative, sep, resolve } from 'node:path'
import * as glob from '@actions/glob'
import type { Issue } from '../errors.ts'
import { toPrintable } from '../lib/printable.ts'
import { toKey } from './file-key.ts'
import type { LocalFile } from './local-file.ts'
import { isHiddenFrom, isInGitFolder, isLiteral, parsePatterns, type Pattern } from './patterns.ts'

export interface FindFilesRequest {
  /** Lines of the `files` input. */
  readonly lines: readonly string[]
  /** Absolute; where the patterns start. */
  readonly directory: string
  readonly includeHidden: boolean
  /** Folders that files may lie in after resolving links. */
  readonly allowedRoots: readonly string[]
}

export interface FoundFiles {
  /** Sorted by key. */
  readonly files: readonly LocalFile[]
  /** Patterns that match nothing, each with what is known about why. */
  readonly unmatched: readonly string[]
  /** Files that cannot be taken. */
  readonly issues: readonly Issue[]
}

/** The local files that the patterns name. Folders are never taken as a whole: keys have no slash. */
export async function findFiles(request: FindFilesRequest): Promise<FoundFiles> {
  const { directory, includeHidden } = request
  const patterns = parsePatterns(request.lines, directory)
  const includes = patterns.filter(({ excludes }) => !excludes)
  const matches = new Map<Pattern, readonly string[]>()
  for (const pattern of includes) {
    const paths = await globFiles([pattern])
    const isTaken = (path: string): boolean =>
      includeHidden
        ? !isInGitFolder(relative(directory, path)) || !isHiddenFrom(pattern, path, directory)
        : !isHiddenFrom(pattern, path, directory)
    matches.set(pattern, paths.filter(isTaken))
  }
  const wanted = new Set([...matches.values()].flat())
  const isSimple = patterns.length === 1
  const paths = isSimple
    ? [...wanted]
    : (await globFiles(patterns)).filter((path) => wanted.has(path))
  const described = await Promise.all(paths.map((path) => describeFile(path, request)))
  return {
    files: described
      .flatMap((item) => ('file' in item ? [item.file] : []))
      .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.path < b.path ? -1 : 1)),
    unmatched: await explainUnmatched(includes.filter((pattern) => !matches.get(pattern)?.length)),
    issues: described.flatMap((item) => ('issue' in item ? [item.issue] : [])),
  }
}

/** Files that a list of patterns matches, in the globber's meaning: the last match wins. */
async function globFiles(patterns: readonly Pattern[]): Promise<readonly string[]> {
  const lines = patterns.flatMap(({ absolute, excludes }) =>
    excludes ? [`!${absolute}`, `!${absolute.replace(/[\\/]$/, '')}${sep}**`] : [absolute],
  )
  const globber = await glob.create(lines.join('\n'), {
    implicitDescendants: false,
    matchDirectories: false,
    followSymbolicLinks: true,
    omitBrokenSymbolicLinks: true,
  })
  return globber.glob()
}

async function describeFile(
  path: string,
  { directory, allowedRoots }: FindFilesRequest,
): Promise<{ file: LocalFile } | { issue: Issue }> {
  const displayPath = toPrintable(relative(directory, path).split(sep).join('/') || path, 300)
  const issue = (problem: string): { issue: Issue } => ({
    issue: { place: { input: 'files' }, problem },
  })
  try {
    const real = await realpath(path)
    if (!allowedRoots.some((root) => isInside(real, root))) {
      return issue(
        `${displayPath} lies outside the workspace (${toPrintable(real, 300)}). Only files below the workspace and RUNNER_TEMP are published; copy it there if it is meant to be.`,
      )
    }
    const { size, mtimeMs } = await stat(path)
    return { file: { path, displayPath, key: toKey(path), sizeBytes: size, modifiedMs: mtimeMs } }
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason'
    return issue(`${displayPath} cannot be read: ${toPrintable(reason)}.`)
  }
}

const isInside = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)

async function explainUnmatched(patterns: readonly Pattern[]): Promise<readonly string[]> {
  return Promise.all(
    patterns.map(async (pattern) => {
      const text = toPrintable(pattern.text, 200)
      const isFolder =
        isLiteral(pattern) &&
        (await stat(resolve(pattern.absolute)).then(
          (found) => found.isDirectory(),
          () => false,
        ))
      return isFolder
        ? `"${text}" is a folder. Write "${text.replace(/[\\/]$/, '')}/*" for the files in it, or "…/**" for those below it as well.`
        : `"${text}" matches no file.`
    }),
  )
}
