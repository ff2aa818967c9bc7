import { distance } from 'fastest-levenshtein'

/** The entry most like a word, if one is like enough that it may have been meant. Letter case and what stands between words do not count. */
export function closest(word: string, entries: readonly string[]): string | undefined {
  const key = toKey(word)
  const swapped = entries.find((entry) => isSwapped(key, toKey(entry)))
  if (swapped !== undefined) return swapped
  const best = entries
    .map((entry) => ({ entry, far: distance(key, toKey(entry)) }))
    .reduce<{ entry: string; far: number } | undefined>(
      (near, one) => (near === undefined || one.far < near.far ? one : near),
      undefined,
    )
  const limit = Math.max(1, Math.floor(key.length / 3))
  return best !== undefined && best.far <= limit ? best.entry : undefined
}

/** True for words of the same letters in another order. */
function isSwapped(one: string, other: string): boolean {
  const sorted = (word: string) => Array.from(word).toSorted().join('')
  return one.length > 3 && one.length === other.length && sorted(one) === sorted(other)
}

/** A word in lower case without separators. */
export function toKey(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '')
}
