import { distance } from 'fastest-levenshtein'
import { entryOf } from './metadata.ts'

/** Names from other formats, and common slips, in lower case without separators. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  abstract: 'description',
  affiliations: 'affiliation',
  author: 'creators',
  authors: 'creators',
  award: 'grants',
  awards: 'grants',
  citation: 'references',
  community: 'communities',
  creator: 'creators',
  date: 'publication_date',
  datepublished: 'publication_date',
  datereleased: 'publication_date',
  embargo: 'embargo_date',
  familyname: 'name',
  familynames: 'name',
  firstname: 'name',
  funder: 'grants',
  funding: 'grants',
  givenname: 'name',
  givennames: 'name',
  grant: 'grants',
  institution: 'affiliation',
  isbn: 'imprint_isbn',
  lang: 'language',
  languages: 'language',
  lastname: 'name',
  latitude: 'lat',
  licence: 'license',
  licenses: 'license',
  longitude: 'lon',
  orcidid: 'orcid',
  publicationyear: 'publication_date',
  publisher: 'imprint_publisher',
  relatedworks: 'related_identifiers',
  relation_type: 'relation',
  relationtype: 'relation',
  resourcetype: 'upload_type',
  rights: 'license',
  role: 'type',
  slug: 'identifier',
  summary: 'description',
  tags: 'keywords',
  titles: 'title',
  type: 'upload_type',
  university: 'thesis_university',
}

/** The entry most like a word, if one is like enough that it may have been meant. */
export function nearest(word: string, entries: readonly string[]): string | undefined {
  const key = toKey(word)
  // `article` for `publication-article`, or two letters in the wrong order.
  const close = entries.find(
    (entry) => entry.endsWith(`-${word.toLowerCase()}`) || isSwapped(key, toKey(entry)),
  )
  if (close !== undefined) return close
  const best = entries
    .map((entry) => ({ entry, far: distance(key, toKey(entry)) }))
    .reduce<{ entry: string; far: number } | undefined>(
      (near, one) => (near === undefined || one.far < near.far ? one : near),
      undefined,
    )
  const limit = Math.max(1, Math.floor(key.length / 3))
  return best !== undefined && best.far <= limit ? best.entry : undefined
}

/** Says that a field is unknown, and which one may be meant. */
export function describeUnknownField(name: string, known: readonly string[]): string {
  const other = entryOf(OTHER_NAMES, toKey(name))
  const meant = other !== undefined && known.includes(other) ? other : nearest(name, known)
  const question = meant === undefined ? '' : ` Did you mean "${meant}"?`
  return `Zenodo knows no field "${name}" here and would drop it without a message.${question}`
}

/** True for words of the same letters in another order. */
function isSwapped(one: string, other: string): boolean {
  const sorted = (word: string) => Array.from(word).toSorted().join('')
  return one.length > 3 && one.length === other.length && sorted(one) === sorted(other)
}

function toKey(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '')
}
