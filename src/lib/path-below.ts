import nodePath, { type PlatformPath } from 'node:path'

/** How a system writes paths: `path.win32` or `path.posix`. The machine's own unless a test says otherwise. */
export type PathRules = PlatformPath

/** Where a path lies below a folder, with forward slashes, `''` for the folder itself; undefined if it lies elsewhere. Both are absolute. */
export function pathBelow(
  path: string,
  folder: string,
  rules: PathRules = nodePath,
): string | undefined {
  const names = rules.relative(folder, path).split(rules.sep)
  if (names[0] === '..' || rules.isAbsolute(names.join(rules.sep))) return undefined
  return names.join('/')
}
