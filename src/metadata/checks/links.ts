import { isObject } from '../../lib/json.ts'
import { detectScheme } from '../identifier-scheme.ts'
import { toDoi, toIsbn } from '../identifiers.ts'
import { isEmpty, type Path, type Problem } from '../metadata.ts'
import { quote } from '../text.ts'
import { itemsOf, lost, refused, type Check, type CheckContext } from './context.ts'

const WEB_ADDRESS =
  /^(?:https?|ftps?):\/\/(?:[^\s/@]+@)?(?:(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]*\.?|localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])(?::\d+)?(?:\/?|[/?]\S+)$/iu

/** True for an address that Zenodo takes where it asks for a URL: http or ftp, a host with a domain, no spaces. */
export function isWebAddress(text: string): boolean {
  return WEB_ADDRESS.test(text.trim())
}

/** Each must be of a scheme the server recognises, or it refuses the whole metadata. */
export const checkRelatedIdentifiers: Check = (metadata) => {
  const items = itemsOf(metadata, 'related_identifiers')
  return [
    ...items.flatMap(([item, path]) => (isObject(item) ? checkRelated(item, path) : [])),
    ...findRepeatedAlternates(items),
  ]
}

function checkRelated(item: Readonly<Record<string, unknown>>, path: Path): readonly Problem[] {
  const { identifier, relation, resource_type: type } = item
  const problems: Problem[] = []
  if (typeof identifier === 'string' && detectScheme(identifier) === undefined) {
    problems.push(refused([...path, 'identifier'], describeUnrecognised(identifier)))
  }
  if (relation === 'isAlternateIdentifier' && !isEmpty(type)) {
    problems.push(
      lost(
        [...path, 'resource_type'],
        `${quote(type)} would be dropped: an alternate identifier has no type.`,
      ),
    )
  }
  return problems
}

function describeUnrecognised(identifier: string): string {
  const address = toAddress(identifier.trim())
  const advice =
    address === undefined
      ? 'Accepted: a DOI, an address with https://, an arXiv id, ISBN, ISSN, handle, PubMed id, URN and the like.'
      : `Write ${quote(address)}.`
  return `Zenodo does not recognise ${quote(identifier)} and would refuse all metadata. ${advice}`
}

/** The address of an identifier whose scheme the server does not take as it stands. */
function toAddress(identifier: string): string | undefined {
  if (identifier.startsWith('swh:1:')) return `https://archive.softwareheritage.org/${identifier}`
  const ror = /^(?:ror:)?(0[a-z\d]{6}\d{2})$/i.exec(identifier)?.[1]
  if (ror !== undefined) return `https://ror.org/${ror}`
  if (/^www\./i.test(identifier)) return `https://${identifier}`
  const number = /^(?:issn|pmid|arxiv):?\s*(\d[\dx.v-]+)$/i.exec(identifier)?.[1]
  return number !== undefined && detectScheme(number) !== undefined ? number : undefined
}

/** The same alternate identifier twice makes the server drop all of them. */
function findRepeatedAlternates(items: readonly (readonly [unknown, Path])[]): readonly Problem[] {
  const seen = new Set<string>()
  return items.flatMap(([item, path]) => {
    if (!isObject(item) || item['relation'] !== 'isAlternateIdentifier') return []
    const { identifier } = item
    if (typeof identifier !== 'string') return []
    const key = toDoi(identifier) ?? toIsbn(identifier) ?? identifier
    if (seen.has(key)) {
      return [
        lost(
          path,
          `${quote(identifier)} is given twice as an alternate identifier, and Zenodo would drop all of those.`,
        ),
      ]
    }
    seen.add(key)
    return []
  })
}

/** A DOI of the instance's own prefix that is not the deposit's would become the record's for good. */
export const checkDoi: Check = ({ doi }, context) => {
  if (typeof doi !== 'string') return []
  const bare = toDoi(doi)
  if (bare === undefined)
    return [refused(['doi'], `${quote(doi)} is not a DOI such as 10.1234/foo.`)]
  const prefix = context.managedPrefixes.find((one) => bare.startsWith(`${one}/`))
  return prefix === undefined ? [] : checkOwnDoi(doi, prefix, context)
}

function checkOwnDoi(doi: string, prefix: string, { ownDois }: CheckContext): readonly Problem[] {
  if (ownDois.some((own) => own.toLowerCase() === doi.toLowerCase())) return []
  return [
    refused(
      ['doi'],
      `${quote(doi)} has the prefix ${prefix}, whose DOIs Zenodo makes itself. Leave "doi" out; it is for DOIs from elsewhere. To make the next version of that record, give it as deposit-id.`,
    ),
  ]
}

/** The two text fields whose content the server checks. */
export const checkConferenceAndIsbn: Check = ({ conference_url: url, imprint_isbn: isbn }) => [
  ...(typeof url !== 'string' || isWebAddress(url)
    ? []
    : [
        lost(
          ['conference_url'],
          `${quote(url)} is not an address with https:// and would be dropped.`,
        ),
      ]),
  ...(typeof isbn !== 'string' || toIsbn(isbn) !== undefined
    ? []
    : [
        lost(
          ['imprint_isbn'],
          `${quote(isbn)} is not an ISBN (its last digit checks the others) and would be dropped.`,
        ),
      ]),
]
