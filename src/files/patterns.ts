import nodePath from 'node:path'
import type { PathRules } from '../lib/path-below.ts'

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
export function parsePatterns(
  lines: readonly string[],
  directory: string,
  rules: PathRules = nodePath,
): readonly Pattern[] {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const excludes = line.startsWith('!')
      const text = excludes ? line.slice(1).trim() : line
      return { text, excludes, absolute: toAbsolute(text, directory, rules) }
    })
}

function toAbsolute(text: string, directory: string, rules: PathRules): string {
  if (rules.isAbsolute(text) || /^~(?:[\\/]|$)/.test(text)) return text
  return rules.join(escapeGlob(directory, rules), text)
}

/** A folder's own name may look like a pattern. */
const escapeGlob = (path: string, { sep }: PathRules): string =>
  (sep === '\\' ? path : path.replaceAll('\\', '\\\\'))
    .replace(/\[(?=[^/\\]*\])/g, '[[]')
    .replace(/[?*]/g, '[$&]')

/** Whether a pattern has no wildcard: a name in full. */
export const isLiteral = ({ text }: Pick<Pattern, 'text'>): boolean => !WILDCARD.test(text)

/**
 * Whether a wildcard would publish a hidden file by accident: the path has a name beginning with a
 * dot that no part of the pattern spells with its dot.
 */
export function isHiddenFrom(
  pattern: Pattern,
  path: string,
  directory: string,
  rules: PathRules = nodePath,
): boolean {
  const hidden = hiddenNames(rules.relative(directory, path), rules)
  const asked = hiddenNames(pattern.text, rules)
  return !hidden.every((name) => asked.some((part) => matchesName(part, name)))
}

const namesOf = (path: string, { sep }: PathRules): readonly string[] =>
  path.split(sep === '\\' ? /[\\/]/ : '/')

const hiddenNames = (path: string, rules: PathRules): readonly string[] =>
  namesOf(path, rules).filter((name) => name.startsWith('.') && !/^\.\.?$/.test(name))

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

/** Whether a file lies in a repository's own folder, which may hold credentials; some systems do not know its case. */
export const isInGitFolder = (path: string, rules: PathRules = nodePath): boolean =>
  namesOf(path, rules).some((name) => name.toLowerCase() === '.git')
