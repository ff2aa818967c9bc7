import { isAbsolute, join, relative, sep } from 'node:path'

/** One line of the `files` input. */
export interface Pattern {
  /** As the user wrote it, without the `!`. */
  readonly text: string
  readonly excludes: boolean
  /** Absolute, for the globber. */
  readonly absolute: string
}

const WILDCARD = /[*?[]/

/** The patterns of the lines; empty ones and `#` comments are left out. */
export function parsePatterns(lines: readonly string[], directory: string): readonly Pattern[] {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const excludes = line.startsWith('!')
      const text = excludes ? line.slice(1).trim() : line
      return { text, excludes, absolute: toAbsolute(text, directory) }
    })
}

function toAbsolute(text: string, directory: string): string {
  if (isAbsolute(text) || /^~(?:[\\/]|$)/.test(text)) return text
  return join(escapeGlob(directory), text)
}

/** A folder's own name may look like a pattern. */
const escapeGlob = (path: string): string =>
  (sep === '\\' ? path : path.replaceAll('\\', '\\\\'))
    .replace(/\[(?=[^/\\]*\])/g, '[[]')
    .replace(/[?*]/g, '[$&]')

/** Whether a pattern has no wildcard: a name in full. */
export const isLiteral = ({ text }: Pattern): boolean => !WILDCARD.test(text)

/**
 * Whether a wildcard would publish a hidden file by accident: the path has a name beginning with a
 * dot that no part of the pattern spells with its dot.
 */
export function isHiddenFrom(pattern: Pattern, path: string, directory: string): boolean {
  const hidden = relative(directory, path)
    .split(/[\\/]/)
    .filter((name) => name.startsWith('.') && !/^\.\.?$/.test(name))
  if (hidden.length === 0) return false
  const asked = pattern.text
    .split(/[\\/]/)
    .filter((name) => name.startsWith('.') && !/^\.\.?$/.test(name))
  return !hidden.every((name) => asked.some((part) => matchesName(part, name)))
}

/** `.*` and `.git*` spell the dot; `*` in them stands for the rest of the name. */
function matchesName(part: string, name: string): boolean {
  if (!WILDCARD.test(part)) return part === name
  const source = part
    .replace(/[.+^${}()|\\\]]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
    .replace(/\[/g, '\\[')
  return new RegExp(`^${source}$`).test(name)
}

/** Whether a file lies in a repository's own folder, which may hold credentials. */
export const isInGitFolder = (path: string): boolean => path.split(/[\\/]/).includes('.git')
