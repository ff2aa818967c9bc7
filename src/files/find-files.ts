import { constants, type Stats } from 'node:fs'
import { access, readFile, realpath, stat } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import * as glob from '@actions/glob'
import type { Issue } from '../errors.ts'
import { formatBytes } from '../lib/format.ts'
import { asObject } from '../lib/json.ts'
import { pathBelow } from '../lib/path-below.ts'
import { toPrintable } from '../lib/printable.ts'
import { toKey } from './file-key.ts'
import { parseLfsPointer, POINTER_LIMIT_BYTES } from './lfs-pointer.ts'
import { reasonOf, type LocalFile, stampOf } from './local-file.ts'
import {
  isHiddenFrom,
  isLiteral,
  mayHoldCredentials,
  parsePatterns,
  type Pattern,
} from './patterns.ts'
import { findIdle } from './idle.ts'
import { explainUnmatched } from './unmatched.ts'

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
  /** Matched and left out, since they are hidden; git's own files are not worth a word. */
  readonly hidden: readonly string[]
  /** Exclusions that exclude nothing, each with what is known about why. */
  readonly idle: readonly string[]
  /** Files that cannot be taken. */
  readonly issues: readonly Issue[]
}

/**
 * The local files that the patterns name. Folders are never taken as a whole: keys have no slash.
 * What is matched and cannot be read is an issue: nothing is left out in silence.
 */
export async function findFiles(request: FindFilesRequest): Promise<FoundFiles> {
  try {
    return await search(request)
  } catch (error) {
    const path = asObject(error)['path']
    if (typeof path !== 'string') throw error
    const issues = [unreadable(path, error, request)]
    return { files: [], unmatched: [], hidden: [], idle: [], issues }
  }
}

async function search(request: FindFilesRequest): Promise<FoundFiles> {
  const patterns = parsePatterns(request.lines, request.directory)
  const includes = patterns.filter(({ excludes }) => !excludes)
  const matches = new Map<Pattern, readonly string[]>()
  for (const pattern of includes) matches.set(pattern, await globFiles([pattern]))
  const taken = new Map(
    [...matches].map(([pattern, paths]) => [
      pattern,
      paths.filter((path) => isTaken(pattern, path, request)),
    ]),
  )
  const wanted = new Set([...taken.values()].flat())
  const isSimple = patterns.length === 1
  const all = isSimple ? [...matches.values()].flat() : await globFiles(patterns)
  const paths = all.filter((path) => wanted.has(path))
  const described = await Promise.all(paths.map((path) => describeFile(path, request)))
  const broken = await findBrokenLinks(patterns, request)
  const unmatched = includes.filter((pattern) => !taken.get(pattern)?.length)
  return {
    files: described
      .flatMap((item) => ('file' in item ? [item.file] : []))
      .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.path < b.path ? -1 : 1)),
    unmatched: broken.length > 0 ? [] : await explainAll(unmatched, matches, request),
    idle: await findIdle(
      patterns,
      paths.map((path) => toDisplayPath(path, request)),
      request.directory,
    ),
    hidden: [
      ...all
        .filter((path) => !wanted.has(path) && !mayHoldCredentials(path))
        .map((path) => toDisplayPath(path, request)),
      ...described.flatMap((item) => ('hidden' in item ? [item.hidden] : [])),
    ].toSorted(),
    issues: [...described.flatMap((item) => ('issue' in item ? [item.issue] : [])), ...broken],
  }
}

/** Why patterns lead to no file; `matches` are the hidden ones among them. */
const explainAll = (
  patterns: readonly Pattern[],
  matches: ReadonlyMap<Pattern, readonly string[]>,
  { directory }: FindFilesRequest,
): Promise<readonly string[]> =>
  Promise.all(
    patterns.map(async (pattern) => {
      const hidden = matches.get(pattern) ?? []
      if (hidden.length === 0) return await explainUnmatched(pattern, directory)
      const isSecret = hidden.every((path) => mayHoldCredentials(path))
      return `"${toPrintable(pattern.text, 200)}" matches hidden files only${isSecret ? ', of the kind that is never published' : '. Name them in full, or set include-hidden-files: true'}.`
    }),
  )

function isTaken(
  pattern: Pattern,
  path: string,
  { directory, includeHidden }: FindFilesRequest,
): boolean {
  if (!isLiteral(pattern) && mayHoldCredentials(path)) return false
  return includeHidden || !isHiddenFrom(pattern, path, directory)
}

/** Files that a list of patterns matches, in the globber's meaning: the last match wins. */
async function globFiles(
  patterns: readonly Pattern[],
  links: 'followed' | 'as they are' = 'followed',
): Promise<readonly string[]> {
  const lines = patterns.flatMap(({ absolute, excludes }) =>
    excludes ? [`!${absolute}`, `!${absolute.replace(/[\\/]$/, '')}${sep}**`] : [absolute],
  )
  const globber = await glob.create(lines.join('\n'), {
    implicitDescendants: false,
    matchDirectories: false,
    followSymbolicLinks: links === 'followed',
    omitBrokenSymbolicLinks: true,
  })
  return globber.glob()
}

/** Links that match and lead nowhere, e.g. to contents that git-annex did not fetch; the globber that follows links passes over them. */
async function findBrokenLinks(
  patterns: readonly Pattern[],
  request: FindFilesRequest,
): Promise<readonly Issue[]> {
  const includes = patterns.filter(({ excludes }) => !excludes)
  const paths = await globFiles(patterns, 'as they are')
  const candidates = paths.filter((path) => includes.some((one) => isTaken(one, path, request)))
  const issues = await Promise.all(
    candidates.map((path) =>
      stat(path).then(
        () => [],
        (error: unknown) => [unreadable(path, error, request)],
      ),
    ),
  )
  return issues.flat()
}

const toIssue = (problem: string): Issue => ({ place: { input: 'files' }, problem })

const toDisplayPath = (path: string, { directory }: FindFilesRequest): string =>
  toPrintable(relative(directory, path).split(sep).join('/') || path, 300)

/** Stands where a name of the file system could not be read as text. */
const REPLACEMENT = '\ufffd'

const unreadable = (path: string, error: unknown, request: FindFilesRequest): Issue => {
  const shown = toDisplayPath(path, request)
  const isAbsent = asObject(error)['code'] === 'ENOENT'
  const reason = !isAbsent
    ? reasonOf(error)
    : path.includes(REPLACEMENT)
      ? 'its name is not UTF-8'
      : 'it is a link that leads nowhere'
  return toIssue(
    `${shown} cannot be read: ${toPrintable(reason)}. Exclude it with a line "!${shown}" if it is not meant to be published.`,
  )
}

async function describeFile(
  path: string,
  request: FindFilesRequest,
): Promise<{ file: LocalFile } | { issue: Issue } | { hidden: string }> {
  const displayPath = toDisplayPath(path, request)
  try {
    const real = await realpath(path)
    if (!request.allowedRoots.some((root) => pathBelow(real, root) !== undefined)) {
      const problem = `${displayPath} lies outside the workspace (${toPrintable(real, 300)}). Only files below the workspace and RUNNER_TEMP are published; copy it there if it is meant to be.`
      return { issue: toIssue(problem) }
    }
    if (real !== path && mayHoldCredentials(real)) return { hidden: displayPath }
    const stats = await stat(path)
    if (!stats.isFile())
      return { issue: toIssue(`${displayPath} is ${nameKind(stats)}, and no file.`) }
    await access(path, constants.R_OK)
    const file = {
      path,
      displayPath,
      key: toKey(path),
      sizeBytes: stats.size,
      stamp: stampOf(stats),
    }
    const issue = await findPointer(path, file)
    return issue === undefined ? { file } : { issue }
  } catch (error) {
    return { issue: unreadable(path, error, request) }
  }
}

const nameKind = (stats: Stats): string =>
  stats.isFIFO() ? 'a pipe' : stats.isSocket() ? 'a socket' : 'a device'

/** The content of a file that Git LFS keeps was not fetched: what lies here is a note of a hundred bytes. */
async function findPointer(
  path: string,
  { sizeBytes, displayPath }: LocalFile,
): Promise<Issue | undefined> {
  if (sizeBytes === 0 || sizeBytes >= POINTER_LIMIT_BYTES) return undefined
  const pointer = parseLfsPointer(await readFile(path, 'utf8'))
  return (
    pointer &&
    toIssue(
      `${displayPath} is a pointer of Git LFS, and its content (${formatBytes(pointer.size)}) is not here. Give actions/checkout the input lfs: true.`,
    )
  )
}
