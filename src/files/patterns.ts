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
 * Whether a pattern would publish a hidden file by accident. A path in full asks for it; so does a
 * name in full behind wildcards. No wildcard asks for what a hidden folder holds.
 */
export function isHiddenFrom(
  pattern: Pattern,
  path: string,
  directory: string,
  rules: PathRules = nodePath,
): boolean {
  const names = namesOf(rules.relative(directory, path), rules)
  const isBelowHidden = names.slice(0, -1).some(isHiddenName)
  const name = names.at(-1) ?? ''
  if (!isBelowHidden && !isHiddenName(name)) return false
  const isNamed = namesOf(pattern.text, rules).at(-1) === name
  return !isNamed || (isBelowHidden && !isLiteral(pattern))
}

const isHiddenName = (name: string): boolean => name.startsWith('.') && !/^\.\.?$/.test(name)

const namesOf = (path: string, { sep }: PathRules): readonly string[] =>
  path.split(sep === '\\' ? /[\\/]/ : '/')

/** Files of actions/checkout beside the workspace. */
const CREDENTIALS = /^git-credentials-.*\.config$/i

/**
 * Whether a file may hold credentials: it lies in a repository's own folder, whose case some systems
 * do not know, or actions/checkout keeps them in it. What git-annex keeps there are data.
 */
export function mayHoldCredentials(path: string, rules: PathRules = nodePath): boolean {
  const names = namesOf(path, rules)
  const git = names.findIndex((name) => name.toLowerCase() === '.git')
  const isAnnexed = names[git + 1] === 'annex' && names[git + 2] === 'objects'
  return (git >= 0 && !isAnnexed) || CREDENTIALS.test(names.at(-1) ?? '')
}
