import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { toPrintable } from '../lib/printable.ts'
import { isLiteral, type Pattern } from './patterns.ts'
import { findNotation } from './unmatched.ts'

/**
 * Exclusions that exclude nothing although they were meant to: what somebody wanted to keep to himself
 * would be published. A wildcard that matches nothing may be a precaution, and is none of them.
 * @param taken names of the files that are published, relative to `directory`, where the patterns start
 */
export async function findIdle(
  patterns: readonly Pattern[],
  taken: readonly string[],
  directory: string,
): Promise<readonly string[]> {
  const first = patterns.findIndex(({ excludes }) => !excludes)
  const reasons = await Promise.all(
    patterns.map(async (pattern, index) => {
      if (!pattern.excludes) return []
      const reason =
        index < first
          ? 'stands above what it excludes from, so it excludes nothing. Move it down.'
          : await findReason(pattern, taken, directory)
      return reason === undefined ? [] : [`"!${toPrintable(pattern.text, 200)}" ${reason}`]
    }),
  )
  return reasons.flat()
}

async function findReason(
  pattern: Pattern,
  taken: readonly string[],
  directory: string,
): Promise<string | undefined> {
  const { text } = pattern
  const notation = findNotation(text)
  if (notation !== undefined) return `may not mean what it seems to. ${notation}`
  if (taken.includes(text)) return 'has no effect: a line below it takes the file again.'
  const deeper = findDeeper(text, taken)
  if (deeper !== undefined) {
    return `excludes only files directly at the start; ${toPrintable(deeper, 200)} is taken. Write "!**/${toPrintable(text, 200)}" to exclude such files everywhere.`
  }
  const isThere = !isLiteral(pattern) || (await exists(resolve(directory, text)))
  return isThere ? undefined : 'excludes nothing: there is no such file.'
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** A file in a folder whose name a pattern without a folder matches. */
function findDeeper(text: string, taken: readonly string[]): string | undefined {
  if (/[\\/[]/.test(text) || text.includes('**')) return undefined
  const source = text
    .replace(/[.+^${}()|\]]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  const name = new RegExp(`/${source}$`)
  return taken.find((path) => name.test(path))
}
