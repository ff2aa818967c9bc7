/** ORCID prefixes the server takes off; any other writing of the address it chops to pieces. */
const ORCID_PREFIX = /^https?:\/\/orcid\.org\//

const ORCID_RANGES: readonly (readonly [bigint, bigint])[] = [
  [15_000_000n, 35_000_000n],
  [900_000_000_000n, 900_100_000_000n],
]

const GND =
  /^(?:gnd:|GND:|https?:\/\/d-nb\.info\/gnd\/|d-nb\.info\/gnd\/)?(1[012]?\d{7}[0-9X]|[47]\d{6}-\d|[1-9]\d{0,7}-[0-9X]|3\d{7}[0-9X])/

const DOI = /^(?:doi:\s*|(?:https?:\/\/)?(?:dx\.)?doi\.org\/)?(10\.\d+(?:\.\d+)*\/.+)$/is

/** Sixteen characters of an ORCID iD as the server takes them from any text; they may be wrong. */
export function toOrcid(text: string): string {
  const digits = text.replace(ORCID_PREFIX, '').replace(/[- ]/g, '').slice(0, 16)
  return [0, 4, 8, 12].map((from) => digits.slice(from, from + 4)).join('-')
}

/** True for text from which the server gets an ORCID iD with a right check digit, in ORCID's range. */
export function isOrcid(text: string): boolean {
  const digits = toOrcid(text).replaceAll('-', '').toUpperCase()
  if (!isIsni(digits)) return false
  const number = BigInt(digits.slice(0, -1))
  return ORCID_RANGES.some(([from, to]) => from <= number && number <= to)
}

/** True for sixteen digits with the right check digit (ISO 7064, modulo 11-2). */
export function isIsni(text: string): boolean {
  const digits = text.replace(/[- ]/g, '').toUpperCase()
  if (!/^\d{15}[\dX]$/.test(digits)) return false
  let sum = 0
  for (const digit of digits.slice(0, -1)) sum = (sum + Number(digit)) * 2
  const check = (12 - (sum % 11)) % 11
  return digits.endsWith(check === 10 ? 'X' : String(check))
}

/** The GND number in a text, without prefix; undefined where the server finds none and crashes. */
export function toGnd(text: string): string | undefined {
  return GND.exec(text)?.[1]
}

/** Whether the check digit of a GND number (modulo 11, weights from 2) is right. Numbers with a hyphen are older and have other rules. */
export function hasGndCheckDigit(gnd: string): boolean {
  if (gnd.includes('-')) return true
  const digits = Array.from(gnd.slice(0, -1)).toReversed()
  const sum = digits.reduce((total, digit, index) => total + Number(digit) * (index + 2), 0)
  const check = (11 - (sum % 11)) % 11
  return gnd.endsWith(check === 10 ? 'X' : String(check))
}

/** The bare DOI (`10.…/…`) in a text; undefined where there is none. */
export function toDoi(text: string): string | undefined {
  return DOI.exec(text.trim())?.[1]?.trim()
}

/** Thirteen digits of an ISBN in any writing; undefined if its check digit is wrong. */
export function toIsbn(text: string): string | undefined {
  const digits = text.replace(/[^\dXx]/g, '').toUpperCase()
  if (/^97[89]\d{10}$/.test(digits)) return isEan13(digits) ? digits : undefined
  if (!/^\d{9}[\dX]$/.test(digits) || !isIsbn10(digits)) return undefined
  const body = `978${digits.slice(0, 9)}`
  return `${body}${String((10 - (weighEan(body) % 10)) % 10)}`
}

/** True for thirteen digits with the right check digit. */
export function isEan13(text: string): boolean {
  return /^\d{13}$/.test(text) && weighEan(text) % 10 === 0
}

/** True for an ISSN with the right check digit, with or without its hyphen; the server takes X for ten at any place. */
export function isIssn(text: string): boolean {
  const digits = text.replace(/[- ]/g, '').toUpperCase()
  return /^[\dX]{8}$/.test(digits) && weigh(digits, 8) % 11 === 0
}

function isIsbn10(digits: string): boolean {
  return weigh(digits, 10) % 11 === 0 && !/^0{9}/.test(digits)
}

/** Sum of the digits times weights that fall from `from` to 1; X counts ten. */
function weigh(digits: string, from: number): number {
  return Array.from(digits).reduce(
    (sum, digit, index) => sum + (digit === 'X' ? 10 : Number(digit)) * (from - index),
    0,
  )
}

function weighEan(digits: string): number {
  return Array.from(digits).reduce(
    (sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  )
}
