import { isObject } from '../lib/json.ts'
import { toCanonical } from './canonical.ts'
import { coreOfIdentifier, isSameText } from './echo-values.ts'
import { findLost } from './echo.ts'
import { isEmpty, type Metadata } from './metadata.ts'
import { toText } from './text.ts'

/** One field that is not to stay as it is; an absent side is undefined. */
export interface Change {
  readonly field: string
  readonly now: unknown
  readonly then: unknown
}

export interface Intended {
  /** `whole` replaces all that is there; `part` leaves the fields alone that it does not have. */
  readonly extent: 'whole' | 'part'
  readonly metadata: Metadata
}

/** What the server shows and nobody sets, or sets and never shows. */
const NOT_COMPARED = new Set([
  '$schema',
  'doi',
  'prereserve_doi',
  'relations',
  'resource_type',
  'thesis_supervisors',
])

/**
 * What describing a deposit, which has `now`, would change, sorted by field. What the server merely
 * spells in its own way (licence aliases, letter case, identifiers as addresses) is no change.
 */
export function findChanges(now: Metadata, { extent, metadata }: Intended): readonly Change[] {
  const then = extent === 'whole' ? withServerDefaults(metadata, now) : metadata
  const changed = new Set([...findGiven(now, then), ...findDropped(now, then, extent)])
  return [...changed]
    .filter((field) => !NOT_COMPARED.has(field))
    .toSorted()
    .map((field) => ({ field, now: present(now[field]), then: present(then[field]) }))
}

const present = (value: unknown): unknown => (isEmpty(value) ? undefined : value)

/** What the server puts where whole metadata leaves a gap (docs/server.md#create), in the place of what is there. */
function withServerDefaults(metadata: Metadata, now: Metadata): Metadata {
  const given = Object.fromEntries(Object.entries(metadata).filter(([, value]) => !isEmpty(value)))
  const access = given['access_right'] ?? 'open'
  const license = given['upload_type'] === 'dataset' ? 'cc-zero' : 'cc-by-4.0'
  const isLicensed = access === 'open' || access === 'embargoed'
  const defaults = {
    access_right: 'open',
    imprint_publisher: 'Zenodo',
    ...(isLicensed && { license }),
  }
  const replacing = Object.entries(defaults).filter(([field]) => !isEmpty(now[field]))
  return { ...Object.fromEntries(replacing), ...given }
}

/** Fields whose given value is not what the deposit has. */
function findGiven(now: Metadata, then: Metadata): readonly string[] {
  const lost = findLost(then, now).map(({ field }) => field.split('.')[0] ?? field)
  return [...lost.map((field) => toNamed(field, now, then)), ...findDeeper(now, then)]
}

/** `upload_type` stands for the type and its subtype; the one of them that differs is meant. */
function toNamed(field: string, now: Metadata, then: Metadata): string {
  const subtype = `${toText(then['upload_type'])}_type`
  const isSubtype = field === 'upload_type' && now['upload_type'] === then['upload_type']
  return isSubtype ? subtype : field
}

/** What looking for losses does not see: new values in custom fields, and other links. */
function findDeeper(now: Metadata, then: Metadata): readonly string[] {
  const custom = isObject(then['custom']) ? then['custom'] : {}
  const kept = isObject(now['custom']) ? now['custom'] : {}
  const isCustomChanged = Object.entries(custom).some(
    ([name, value]) => name in kept && !isSameText(value, kept[name]),
  )
  return [
    ...(isCustomChanged ? ['custom'] : []),
    ...(hasOtherLinks(now, then) ? ['related_identifiers'] : []),
  ]
}

/** Of these the server's form is known; of others one may stand for the other. */
const KNOWN_FORM = /^(https?:\/\/|10\.\d)/i

/** Links to something else, or to something of another kind. */
function hasOtherLinks(now: Metadata, then: Metadata): boolean {
  const known = itemsOf(toCanonical(now), 'related_identifiers').filter(isObject)
  return itemsOf(toCanonical(then), 'related_identifiers').some((item) => {
    if (!isObject(item)) return false
    const identifier = toText(item['identifier']).trim()
    const core = coreOfIdentifier(identifier)
    const same = known.filter((one) => coreOfIdentifier(toText(one['identifier'])) === core)
    if (same.length === 0) return KNOWN_FORM.test(identifier)
    return !same.some(
      (one) =>
        isSameText(one['resource_type'] ?? '', item['resource_type'] ?? '') &&
        // Some relations are stored and never shown.
        isSameText(one['relation'] ?? item['relation'], item['relation']),
    )
  })
}

/** Fields of which something would go. */
function findDropped(now: Metadata, then: Metadata, extent: Intended['extent']): readonly string[] {
  const [kept, given] = [toCanonical(now), toCanonical(then)]
  return Object.keys(kept).filter((field) => {
    if (isEmpty(kept[field])) return false
    if (extent === 'part' && !(field in then)) return false
    if (isEmpty(given[field]) && field !== 'contributors') return !isGivenElsewhere(field, then)
    if (field === 'custom') return hasMoreKeys(kept[field], given[field])
    return hasMoreItems(field, kept, given)
  })
}

/** Groups of custom fields, and how the fields are called under which the server shows them. */
const SHOWN_AS: Readonly<Record<string, RegExp>> = {
  'journal:': /^journal_/,
  'meeting:': /^conference_/,
  'imprint:': /^(imprint|partof)_/,
  'thesis:': /^thesis_/,
}

/** Some fields can be given in a second way: a subtype within the type, and what custom fields hold. */
function isGivenElsewhere(field: string, then: Metadata): boolean {
  const type = then['upload_type']
  if (typeof type === 'string' && field === `${type.split('-')[0] ?? ''}_type`) {
    return type.includes('-')
  }
  const custom = isObject(then['custom']) ? Object.keys(then['custom']) : []
  return Object.entries(SHOWN_AS).some(
    ([group, names]) => names.test(field) && custom.some((name) => name.startsWith(group)),
  )
}

function hasMoreItems(field: string, now: Metadata, then: Metadata): boolean {
  const kept = itemsOf(now, field)
  // The server shows the supervisors of a thesis among the contributors.
  const supervisors = field === 'contributors' ? itemsOf(then, 'thesis_supervisors').length : 0
  const given = itemsOf(then, field)
  if (kept.length > given.length + supervisors) return true
  const isPerson = field === 'creators' || field === 'contributors'
  return isPerson && given.some((person, index) => hasMoreKeys(kept[index + supervisors], person))
}

function hasMoreKeys(now: unknown, then: unknown): boolean {
  if (!isObject(now) || !isObject(then)) return false
  return Object.entries(now).some(
    ([key, value]) =>
      !isEmpty(value) && isEmpty(then[key]) && !(key === 'affiliation' && 'affiliations' in then),
  )
}

function itemsOf(metadata: Metadata, field: string): readonly unknown[] {
  const value: unknown = metadata[field]
  return Array.isArray(value) ? value : []
}
