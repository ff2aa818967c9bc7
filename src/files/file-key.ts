import nodePath from 'node:path'
import type { PathRules } from '../lib/path-below.ts'

/** A file's name in the bucket: its base name, since keys of the bucket API cannot hold a slash (docs/server.md#upload). */
export const toKey = (path: string, rules: PathRules = nodePath): string => rules.basename(path)

/** Two local files that want the same key, or keys that some file systems cannot tell apart. */
export interface Collisions {
  readonly equal: readonly { readonly key: string; readonly paths: readonly string[] }[]
  readonly alike: readonly (readonly string[])[]
}

/** Groups of paths whose keys are equal, and groups of keys that differ only in case or in how accents are written. */
export function findCollisions(files: readonly { key: string; displayPath: string }[]): Collisions {
  const byKey = Map.groupBy(files, ({ key }) => key)
  const byFolded = Map.groupBy(byKey.keys(), (key) => key.normalize('NFC').toLowerCase())
  return {
    equal: [...byKey]
      .filter(([, group]) => group.length > 1)
      .map(([key, group]) => ({ key, paths: group.map(({ displayPath }) => displayPath) })),
    alike: [...byFolded.values()].filter((keys) => keys.length > 1),
  }
}

/** Why the server would not take this key, or undefined. */
export function findKeyProblem(key: string, maxLength: number): string | undefined {
  if (key.length > maxLength) {
    return `its name has ${key.length} characters, and the server takes ${maxLength}`
  }
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(key)) return 'its name has a control character'
  if (!key.isWellFormed()) return 'its name is no valid Unicode'
  return undefined
}
