import { parse as parseIsbn } from 'isbn3'

/** An identifier of something related: its scheme, and the form in which it is kept. */
export interface Recognised {
  readonly scheme: string
  readonly identifier: string
}

const DOI = /^(?:doi:\s*|(?:https?:\/\/)?(?:dx\.)?doi\.org\/)?(10\.\d+(?:\.\d+)*\/\S+)$/i
const ARXIV =
  /^(?:arxiv:|https?:\/\/arxiv\.org\/(?!abs|pdf))?((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?)$/i
const HANDLE = /^(?:hdl:\s*|(?:https?:\/\/)?hdl\.handle\.net\/)?([^/]+(?:\.[^/]+)*\/.*)$/i

/** Whether the mod-11-2 check digit of an ORCID or ISNI is right. */
function hasCheckDigit(sixteen: string): boolean {
  if (!/^\d{15}[\dXx]$/.test(sixteen)) return false
  const sum = Array.from(sixteen.slice(0, 15)).reduce(
    (total, digit) => (total + Number(digit)) * 2,
    0,
  )
  const check = (12 - (sum % 11)) % 11
  return sixteen.slice(15).toUpperCase() === (check === 10 ? 'X' : String(check))
}

/** An ORCID as it is kept: whatever was sent, without its address, cut into four groups. */
export function normalizeOrcid(orcid: string): string {
  const bare = orcid
    .replace(/^\s*https?:\/\/orcid\.org\//i, '')
    .replace(/\/\s*$/, '')
    .replace(/[-\s]/g, '')
  return [0, 4, 8, 12].map((start) => bare.slice(start, start + 4)).join('-')
}

export const isOrcid = (orcid: string): boolean => hasCheckDigit(orcid.replaceAll('-', ''))

const GND =
  /^(?:gnd:|https?:\/\/d-nb\.info\/gnd\/)?((?:1[012]?\d{7}[\dX]|[47]\d{6}-\d|[1-9]\d{0,7}-[\dX]|3\d{7}[\dX]))$/i

/** A GND number without prefix; undefined when it is none. */
export const readGnd = (gnd: string): string | undefined => GND.exec(gnd.trim())?.[1]

function isEan13(digits: string): boolean {
  if (!/^\d{13}$/.test(digits)) return false
  const sum = Array.from(digits.slice(0, 12)).reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  )
  return (10 - (sum % 10)) % 10 === Number(digits.slice(12))
}

function isIssn(text: string): boolean {
  const digits = text.replace('-', '')
  if (!/^\d{4}-?\d{3}[\dX]$/i.test(text)) return false
  const sum = Array.from(digits.slice(0, 7)).reduce(
    (total, digit, index) => total + Number(digit) * (8 - index),
    0,
  )
  const check = (11 - (sum % 11)) % 11
  return digits.slice(7).toUpperCase() === (check === 10 ? 'X' : String(check))
}

/** The hyphenated ISBN-13 of any valid ISBN. */
export function readIsbn(text: string): string | undefined {
  const bare = text.trim().replace(/^ISBN[:\s]*/i, '')
  return parseIsbn(bare)?.isbn13h
}

type Rule = readonly [scheme: string, read: (text: string) => string | undefined]

const pattern =
  (regex: RegExp, prefix = '') =>
  (text: string): string | undefined => {
    const match = regex.exec(text)
    return match ? `${prefix}${match[1] ?? text}` : undefined
  }

const when =
  (test: (text: string) => boolean) =>
  (text: string): string | undefined =>
    test(text) ? text : undefined

/** In this order; the first that reads the text wins. */
const RULES: readonly Rule[] = [
  ['doi', pattern(DOI)],
  ['ark', pattern(/^ark:\/?\d+\/\S+$/i)],
  ['lsid', pattern(/^urn:lsid:[^:]+(?::[^:]+){2,3}$/i)],
  ['purl', pattern(/^https?:\/\/(?:purl\.org|purl\.oclc\.org|purl\.net|purl\.com)\/\S*$/i)],
  ['w3id', pattern(/^https?:\/\/w3id\.org\/\S+$/i)],
  [
    'pmid',
    pattern(
      /^https?:\/\/(?:pubmed\.ncbi\.nlm\.nih\.gov|www\.ncbi\.nlm\.nih\.gov\/pubmed)\/(\d+)\/?$/i,
    ),
  ],
  ['handle', pattern(/^(?:hdl:\s*|https?:\/\/hdl\.handle\.net\/)([^/]+\/.+)$/i)],
  ['url', when((text) => /^(?:[a-z]+\+)?(?:https?|ftps?):\/\/[^/\s]+/i.test(text))],
  [
    'urn',
    (text) =>
      /^urn:[a-z0-9][a-z0-9-]{0,31}:\S+$/i.test(text) ? `urn:${text.slice(4)}` : undefined,
  ],
  ['rrid', pattern(/^RRID:\s?\w+_?\w+$/i)],
  ['cstr', pattern(/^CSTR:\d{5}\.\d{2}\..+$/i)],
  ['ads', pattern(/^(?:ads:|ADS:)?(\d{4}[A-Za-z&]\S{13}[A-Za-z.:])$/)],
  ['arxiv', pattern(ARXIV, 'arXiv:')],
  ['isbn', readIsbn],
  ['issn', (text) => (isIssn(text) ? text.replace('-', '').replace(/^(.{4})/, '$1-') : undefined)],
  [
    'isni',
    when(
      (text) =>
        /^\d{4}([- ])\d{4}\1\d{4}\1\d{3}[\dX]$/i.test(text) &&
        hasCheckDigit(text.replace(/[- ]/g, '')),
    ),
  ],
  ['ean13', when(isEan13)],
  ['wikidata', pattern(/^Q\d+$/)],
  ['handle', pattern(HANDLE)],
  ['pmid', pattern(/^(?:pmid:)?(\d+)$/i)],
]

/** Recognises an identifier by its looks, as the server does; a given scheme means nothing. */
export function recognise(text: string): Recognised | undefined {
  const trimmed = text.trim()
  for (const [scheme, read] of RULES) {
    const identifier = read(trimmed)
    if (identifier !== undefined) return { scheme, identifier }
  }
  return undefined
}

/** A DOI as it is kept, and who manages it: the given text decides about the latter. */
export function readDoi(given: string): { identifier: string; provider: string } {
  const trimmed = given.trim()
  const provider = trimmed.startsWith('10.5281/') ? 'datacite' : 'external'
  const identifier = trimmed.replace(/^(?:doi:\s*|(?:https?:\/\/)?(?:dx\.)?doi\.org\/)/i, '')
  return { identifier, provider }
}

export const isDoi = (doi: string): boolean => /^10\.\d+(?:\.\d+)*\/.+$/.test(doi)
