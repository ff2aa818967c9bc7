import { isEan13, isIsni, isIssn, toDoi, toIsbn } from './identifiers.ts'

type Test = (text: string) => boolean

const URL_LIKE = /^[a-z][a-z\d+.-]*:\/\/[^/?#]+/i
const VIAF_URL = /^https?:\/\/(www\.)?viaf\.org\/viaf\//
const SWH = /^swh:1:(snp|rel|rev|dir|cnt):[\da-f]{40}(;.+)?$/
const HANDLE = /^(?:hdl:\s*|(?:https?:\/\/)?hdl\.handle\.net\/)?[^/.]+(?:\.[^/.]+)*\//i
const RRID =
  /^(?:rrid:)?(?:AB|CVCL|SCR|IMSR|Addgene|DGRC|Flybase|NCBITaxon|MGI|BDSC|ZFIN|ZIRC|DGGR|IMSR_\w+|ISMR_NM|ISMR_EM)+_[\w-]+$/i

/** The schemes Zenodo allows and recognises, the first that fits being the one it takes (idutils 1.7.1). */
const SCHEMES: readonly (readonly [name: string, test: Test])[] = [
  ['doi', (text) => toDoi(text) !== undefined],
  ['ark', isArk],
  ['arxiv', isArxiv],
  ['handle', (text) => HANDLE.test(text) && !SWH.test(text) && !isUrl(text)],
  ['purl', (text) => /^https?:\/\/purl\.(org|oclc\.org|net|com|fdlp\.gov)\/./.test(text)],
  ['lsid', (text) => /^urn:lsid:[^:]+(:[^:]+){2,3}$/i.test(text)],
  ['urn', (text) => /^urn:(?!\/\/)[^?#]/i.test(text)],
  ['ads', (text) => /^(ads:|ADS:)?\d{4}[A-Za-z]\S{13}[A-Za-z.:]$/.test(text.normalize('NFKD'))],
  ['isbn', (text) => toIsbn(text) !== undefined && !/^gnd:/i.test(text) && !isUrl(text)],
  ['issn', isIssn],
  ['isni', isIsni],
  ['ean13', isEan13],
  ['istc', isIstc],
  ['pmid', isPmid],
  ['url', isUrl],
  [
    'wikidata',
    (text) => /^(wikidata:\s*|(https?:\/\/)?www\.wikidata\.org\/entity\/)?Q\d+$/i.test(text),
  ],
  ['cstr', (text) => /^(cstr:)?([\w-]+\.){3}[\w-]+$/i.test(text)],
  ['rrid', (text) => RRID.test(text)],
]

/** The scheme under which Zenodo stores an identifier; undefined for one it does not recognise, which it refuses. */
export function detectScheme(identifier: string): string | undefined {
  const text = identifier.trim()
  // The address of a VIAF entry is recognised as that alone, and that scheme is not allowed.
  if (text === '' || VIAF_URL.test(text)) return undefined
  return SCHEMES.find(([, test]) => test(text))?.[0]
}

/** True for an address with a scheme and a host, of any kind: `https://…`, `ftp://…`, `git+https://…`. */
function isUrl(text: string): boolean {
  return URL_LIKE.test(text) && !/^https?:\/\/hdl\.handle\.net\//.test(text)
}

function isArk(text: string): boolean {
  return /^(http:\/\/[^/?#]+\/)?ark:\/?[\dbcdfghjkmnpqrstvwxz]+\/./.test(text)
}

function isArxiv(text: string): boolean {
  return (
    /^(arxiv:)?([a-z-]+(\.[a-z]{2})?\/)?\d{4}\.\d{4,5}(v\d+)?$/i.test(text) ||
    /^(arxiv:)?[a-z-]+(\.[a-z]{2})?\/\d{5,}(v\d+)?$/i.test(text)
  )
}

/** Any number is a PubMed id, but not one that is a valid EAN-8. */
function isPmid(text: string): boolean {
  return /^(pmid:|https?:\/\/pubmed.ncbi.nlm.nih.gov\/)?\d+\/?$/i.test(text) && !isEan8(text)
}

function isEan8(text: string): boolean {
  return /^\d{8}$/.test(text) && isEan13(`00000${text}`)
}

/** International Standard Text Code: 15 hexadecimal digits and a check digit modulo 16, weights 11, 9, 3, 1. */
function isIstc(text: string): boolean {
  const digits = text.replace(/[- ]/g, '').toUpperCase()
  if (!/^[\dA-F]{16}$/.test(digits)) return false
  const weights = [11, 9, 3, 1]
  const sum = Array.from(digits.slice(0, -1)).reduce(
    (total, digit, index) => total + Number.parseInt(digit, 16) * (weights[index % 4] ?? 0),
    0,
  )
  return (sum % 16).toString(16).toUpperCase() === digits.at(-1)
}
