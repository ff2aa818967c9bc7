import { stat } from 'node:fs/promises'
import { toPrintable } from '../lib/printable.ts'
import { isLiteral, type Pattern } from './patterns.ts'

/**
 * Exclusions that exclude nothing although they were meant to: what somebody wanted to keep to himself
 * would be published. A wildcard that matches nothing may be a precaution, and is none of them.
 * @param taken names of the files that are published, relative to where the patterns start
 */
export async function findIdle(
  patterns: readonly Pattern[],
  taken: readonly string[],
): Promise<readonly string[]> {
  const first = patterns.findIndex(({ excludes }) => !excludes)
  const found = await Promise.all(
    patterns.map(async (pattern, index) => {
      if (!pattern.excludes) return []
      const text = `"!${toPrintable(pattern.text, 200)}"`
      if (index < first) {
        return [`${text} stands above what it excludes from, so it excludes nothing. Move it down.`]
      }
      if (isLiteral(pattern) && !(await exists(pattern.absolute))) {
        return [`${text} excludes nothing: there is no such file.`]
      }
      const deeper = findDeeper(pattern, taken)
      return deeper === undefined
        ? []
        : [
            `${text} excludes only files directly at the start; ${toPrintable(deeper, 200)} is taken. Write "!**/${toPrintable(pattern.text, 200)}" to exclude such files everywhere.`,
          ]
    }),
  )
  return found.flat()
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** A file in a folder whose name a pattern without a folder matches. */
function findDeeper({ text }: Pattern, taken: readonly string[]): string | undefined {
  if (/[\\/[]/.test(text) || text.includes('**')) return undefined
  const source = text
    .replace(/[.+^${}()|\]]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  const name = new RegExp(`/${source}$`)
  return taken.find((path) => name.test(path))
}
