import { isObject } from '../lib/json.ts'
import { toDoi, toGnd, toIsbn, toOrcid } from './identifiers.ts'
import { toWords } from './html.ts'
import { coreOfText, toText } from './text.ts'
import { FUNDERS, LICENSE_ECHOES, LICENSES } from './vocabularies.ts'

/** The id the server stores for a licence in any form: name, alias, `{id}`. */
export function toLicenseId(value: unknown): string {
  const name = isObject(value) ? value['id'] : value
  const key = typeof name === 'string' ? name.trim().toLowerCase() : ''
  return LICENSES.get(key) ?? key
}

/** True for a licence and the name under which the server shows it. */
export function isSameLicense(sent: unknown, echoed: unknown): boolean {
  const id = toLicenseId(sent)
  return id === toLicenseId(echoed) || LICENSE_ECHOES.get(id) === echoed
}

/** True for two texts the server takes for the same. */
export function isSameText(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (isObject(one) || isObject(other) || Array.isArray(one) || Array.isArray(other)) {
    return JSON.stringify(one) === JSON.stringify(other)
  }
  return coreOfText(toText(one)) === coreOfText(toText(other))
}

/** True for two HTML texts with the same words and pictures; tags that only shape them do not count. */
export function isSameHtml(one: unknown, other: unknown): boolean {
  return coreOfText(toWords(toText(one))) === coreOfText(toWords(toText(other)))
}

/** True for two values of a person's key (`name`, `orcid`, …) that mean the same. */
export function isSamePersonKey(key: string, one: unknown, other: unknown): boolean {
  switch (key) {
    case 'orcid':
      return toOrcid(toText(one)).toUpperCase() === toOrcid(toText(other)).toUpperCase()
    case 'gnd':
      return toGnd(toText(one)) === toGnd(toText(other))
    case 'name':
      return nameCore(one) === nameCore(other)
    default:
      return isSameText(one, other)
  }
}

/** `00k4n6c32::283595` for a grant in any of the forms the server takes. */
export function toAwardId(id: string): string {
  const [funder = '', ...number] = id.includes('::')
    ? id.split('::')
    : ['10.13039/501100000780', id]
  return `${FUNDERS.get(funder) ?? funder}::${number.join('::')}`
}

/** What two writings of one identifier have in common, so that the server's normal form is found again. */
export function coreOfIdentifier(identifier: string): string {
  const text = identifier.trim()
  const doi = toDoi(text)
  if (doi !== undefined) return doi.toLowerCase()
  const isbn = toIsbn(text.replace(/^isbn:?\s*/i, ''))
  if (isbn !== undefined && /^(isbn:?)?[\d\sXx-]+$/i.test(text)) return isbn
  return text
    .toLowerCase()
    .replace(
      /^(https?:\/\/(hdl\.handle\.net|pubmed\.ncbi\.nlm\.nih\.gov)\/|(hdl|pmid|arxiv|urn|ads|wikidata|cstr|rrid):)/,
      '',
    )
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Trailing commas go as well: the server makes "Doe" of "Doe, ". */
function nameCore(name: unknown): string {
  return coreOfText(toText(name)).replace(/,+$/, '')
}
