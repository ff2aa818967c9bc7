import { isWebAddress } from './checks/links.ts'
import type { Conversion } from './conversion.ts'
import { detectScheme } from './identifier-scheme.ts'
import { isOrcid, toDoi, toOrcid } from './identifiers.ts'
import { fromOtherLicence } from './licence.ts'
import type { Path } from './metadata.ts'
import { quote } from './text.ts'

/** DOIs with these prefixes are Zenodo's own (the second one its sandbox's): versions of this very record. */
const ZENODO_DOI = /^10\.(5281|5072)\/zenodo\./i

/** An ORCID iD without its address; what is none stays as it is, so that it is reported where it stands. */
export function toBareOrcid(value: unknown): unknown {
  return typeof value === 'string' && isOrcid(value) ? toOrcid(value) : value
}

/** A licence, or the first of several, under the id Zenodo takes. */
export function convertLicences(to: Conversion, value: unknown, from: Path): void {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  const place = Array.isArray(value) ? [...from, 0] : from
  const [first] = all
  if (first === undefined) return
  if (all.length > 1) {
    to.warn(
      from,
      `Zenodo keeps one licence here: the first, ${quote(first)}. The others would be lost.`,
    )
  }
  to.set('license', typeof first === 'string' ? (fromOtherLicence(first) ?? first) : first, place)
}

/**
 * An identifier of the work itself. Zenodo's own DOIs are only remembered, because this record has or gets
 * one of them; any other becomes a link to the same thing elsewhere.
 */
export function convertOwnIdentifier(to: Conversion, value: unknown, from: Path): void {
  if (typeof value !== 'string' || value.trim() === '') return
  const doi = toDoi(value)
  if (doi !== undefined) to.nameDoi(doi)
  if (doi !== undefined && ZENODO_DOI.test(doi)) return
  link(to, value, { relation: 'isIdenticalTo', from })
}

/** A link, if Zenodo recognises the identifier; Software Heritage ids are given as their addresses. */
export function link(
  to: Conversion,
  value: unknown,
  {
    relation,
    type,
    from,
  }: { readonly relation: string; readonly type?: string; readonly from: Path },
): void {
  if (typeof value !== 'string' || value.trim() === '') return
  const identifier = value.startsWith('swh:1:')
    ? `https://archive.softwareheritage.org/${value}`
    : (toDoi(value) ?? value.trim())
  if (detectScheme(identifier) === undefined) {
    to.warn(from, `${quote(value)} is of no kind that Zenodo recognises, and is left out.`)
    return
  }
  to.add(
    'related_identifiers',
    { identifier, relation, ...(type === undefined ? {} : { resource_type: type }) },
    from,
  )
}

/** Settings of a conversion. */
export interface ConvertOptions {
  /** Address of the repository that the mark of this run names at its tag; it is not linked a second time. */
  readonly markedRepository?: string | undefined
}

/** The repository of the code: a link to it, and the custom field in which Zenodo shows it. */
export function convertRepository(
  to: Conversion,
  value: unknown,
  { from, markedRepository }: ConvertOptions & { readonly from: Path },
): void {
  if (typeof value !== 'string' || value.trim() === '') return
  if (markedRepository === undefined || toRepository(value) !== toRepository(markedRepository)) {
    link(to, value, { relation: 'isSupplementTo', type: 'software', from })
  }
  if (isWebAddress(value)) to.set('custom', { 'code:codeRepository': value.trim() }, from)
}

function toRepository(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/\/$/, '')
    .replace(/\.git$/, '')
}

/** `Family, Given`; one of them alone if the other is not given. */
export function toName(family: readonly unknown[], given: readonly unknown[]): string {
  const join = (parts: readonly unknown[]) =>
    parts
      .filter((part) => typeof part === 'string' && part.trim() !== '')
      .map((part) => String(part).trim())
      .join(' ')
  return [join(family), join(given)].filter((part) => part !== '').join(', ')
}
