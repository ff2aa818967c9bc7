import { closest, toKey } from '../lib/closest.ts'
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

/** The entry of a vocabulary that may have been meant: `publication-article` for `article`, or one that is much like the word. */
export function nearest(word: string, entries: readonly string[]): string | undefined {
  const ending = `-${word.toLowerCase()}`
  return entries.find((entry) => entry.endsWith(ending)) ?? closest(word, entries)
}

/** The known field that an unknown one probably stands for. */
export function findMeant(name: string, known: readonly string[]): string | undefined {
  const other = entryOf(OTHER_NAMES, toKey(name))
  return other !== undefined && known.includes(other) ? other : nearest(name, known)
}
