import { isObject } from '../../lib/json.ts'
import { findHtmlLosses, lengthOfHtml } from '../html.ts'
import type { Problem } from '../metadata.ts'
import { cleanText, lengthOf, quote } from '../text.ts'
import { itemsOf, lost, refused, type Check } from './context.ts'

/** A title must be 3 characters long after the server has cleaned it. */
export const checkTitle: Check = ({ title }) => {
  if (typeof title !== 'string' || lengthOf(cleanText(title)) >= 3) return []
  return [refused(['title'], `${quote(title)} is too short; a title has 3 characters or more.`)]
}

/** A description of fewer than 3 characters is dropped; notes and method of that length block publishing. */
export const checkHtml: Check = (metadata) =>
  ['description', 'notes', 'method'].flatMap((field) => {
    const html = metadata[field]
    if (typeof html !== 'string' || html === '') return []
    if (lengthOfHtml(html) < 3) return [tooShort(field, html)]
    return findHtmlLosses(html).map((loss) =>
      lost([field], `Zenodo would take out ${loss}. Nothing says so later.`),
    )
  })

function tooShort(field: string, html: string): Problem {
  const what = `${quote(html)} has fewer than 3 characters once Zenodo has cleaned it`
  return field === 'description'
    ? lost([field], `${what}, so the record would have no description.`)
    : refused([field], `${what}, and is refused at publishing; leave the field out instead.`)
}

/** Nothing but spaces counts as no version and no publisher; the latter is needed for the DOI. */
export const checkBlanks: Check = ({ version, imprint_publisher: publisher }) => [
  ...(isBlank(version)
    ? [lost(['version'], `${quote(version)} is blank and would be dropped.`)]
    : []),
  ...(isBlank(publisher)
    ? [refused(['imprint_publisher'], 'It is blank; leave it out, and it is Zenodo.')]
    : []),
]

/** Keywords and references are lists; a text there is cut into its letters. */
export const checkLists: Check = (metadata) =>
  ['keywords', 'references'].flatMap((field) => {
    const value = metadata[field]
    if (typeof value === 'string') return [cutIntoLetters(field, value)]
    if (isObject(value)) {
      return [lost([field], `An object is not a list: only its keys would be kept as ${field}.`)]
    }
    return [
      ...checkItems(
        field,
        itemsOf(metadata, field).map(([item]) => item),
      ),
    ]
  })

function cutIntoLetters(field: string, value: string): Problem {
  const items = value.split(/\s*[,;]\s*/).filter((item) => item !== '')
  const problem =
    `${quote(value)} is a text, and Zenodo would take each of its letters for one of the ${field}. ` +
    `Write a list: ${quote(items)}.`
  // A blank among the letters is refused at publishing, but only in keywords.
  return field === 'keywords' && /\s/.test(value.trim())
    ? refused([field], problem)
    : lost([field], problem)
}

function checkItems(field: string, items: readonly unknown[]): readonly Problem[] {
  if (items.length > 0 && items.every((item) => item === null)) {
    return [lost([field], 'It holds nothing but null and would be dropped.')]
  }
  return items.flatMap((item, index) => {
    if (typeof item !== 'string' || cleanText(item) !== '') return []
    if (field === 'keywords') {
      return [refused([field, index], 'A blank keyword is refused at publishing; take it out.')]
    }
    return item === '' ? [] : [lost([field, index], 'A blank reference would be dropped.')]
  })
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && cleanText(value) === ''
}
