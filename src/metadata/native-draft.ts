import { asObject } from '../lib/json.ts'
import { toCanonical } from './canonical.ts'
import { entryOf, isEmpty, type Metadata } from './metadata.ts'
import {
  toAccess,
  toDoiPid,
  toFeature,
  toFunding,
  toLanguages,
  toList,
  toNativeDate,
  toNativeIdentifiers,
  toNativePerson,
  toResourceType,
  toRights,
  type NativeObject,
} from './to-native.ts'

/** The parts of a native draft that a PUT takes; fields are set in place while it is being made. */
export interface WritableDraft {
  readonly metadata: Record<string, unknown>
  readonly customFields: Record<string, unknown>
  readonly pids: Record<string, unknown>
  access: NativeObject
}

type Setter = (draft: WritableDraft, value: unknown, overrides: Metadata) => void

/** Text fields that live in a group of custom fields: the group's name, and the field's name in it. */
const GROUPED: Readonly<Record<string, readonly [group: string, key: string]>> = {
  journal_title: ['journal:journal', 'title'],
  journal_volume: ['journal:journal', 'volume'],
  journal_issue: ['journal:journal', 'issue'],
  journal_pages: ['journal:journal', 'pages'],
  conference_title: ['meeting:meeting', 'title'],
  conference_acronym: ['meeting:meeting', 'acronym'],
  conference_dates: ['meeting:meeting', 'dates'],
  conference_place: ['meeting:meeting', 'place'],
  conference_url: ['meeting:meeting', 'url'],
  conference_session: ['meeting:meeting', 'session'],
  conference_session_part: ['meeting:meeting', 'session_part'],
  imprint_isbn: ['imprint:imprint', 'isbn'],
  imprint_place: ['imprint:imprint', 'place'],
  partof_title: ['imprint:imprint', 'title'],
  partof_pages: ['imprint:imprint', 'pages'],
  thesis_university: ['thesis:thesis', 'university'],
}

const SETTERS: Readonly<Record<string, Setter>> = {
  title: metadataSetter('title'),
  description: metadataSetter('description'),
  version: metadataSetter('version'),
  publication_date: metadataSetter('publication_date'),
  imprint_publisher: metadataSetter('publisher'),
  upload_type: setResourceType,
  publication_type: setResourceType,
  image_type: setResourceType,
  software_type: setResourceType,
  creators: metadataSetter('creators', (value) => toList(value).map((one) => toNativePerson(one))),
  contributors: setContributors,
  thesis_supervisors: setContributors,
  keywords: setKeywords,
  notes: setDescription('notes'),
  method: setDescription('methods'),
  license: metadataSetter('rights', toRights),
  language: metadataSetter('languages', toLanguages),
  references: metadataSetter('references', (value) =>
    toList(value).map((reference) => ({ reference })),
  ),
  dates: metadataSetter('dates', (value) => toList(value).map(toNativeDate)),
  locations: metadataSetter('locations', (value) => ({ features: toList(value).map(toFeature) })),
  related_identifiers: setRelatedIdentifiers,
  grants: setFunding,
  access_right: setAccess,
  embargo_date: setAccess,
  subjects: ({ customFields }, value) => set(customFields, 'legacy:subjects', value),
  communities: setCommunities,
  custom: setCustom,
  doi: ({ pids }, value) => set(pids, 'doi', isEmpty(value) ? undefined : toDoiPid(value)),
}

/** Sets every given field that the server keeps; others (`prereserve_doi`, unknown ones) change nothing. */
export function setFields(draft: WritableDraft, overrides: Metadata): void {
  const fields = { ...overrides, ...toCanonical(overrides) }
  for (const [name, value] of Object.entries(fields)) {
    const group = entryOf(GROUPED, name)
    if (group !== undefined) setGrouped(draft, group, value)
    else entryOf(SETTERS, name)?.(draft, value, fields)
  }
}

function metadataSetter(name: string, convert = (value: unknown) => value): Setter {
  return ({ metadata }, value) => set(metadata, name, convert(value))
}

/** Sets a member; nothing is left behind for an empty value. */
function set(target: Record<string, unknown>, name: string, value: unknown): void {
  if (isEmpty(value)) Reflect.deleteProperty(target, name)
  else target[name] = value
}

function setGrouped(
  { customFields }: WritableDraft,
  [group, key]: readonly [string, string],
  value: unknown,
): void {
  const members: Record<string, unknown> = { ...asObject(customFields[group]) }
  set(members, key, value)
  set(customFields, group, members)
}

function setResourceType({ metadata }: WritableDraft, _value: unknown, overrides: Metadata): void {
  const current = asObject(metadata['resource_type'])['id']
  const base = typeof current === 'string' ? current.split('-')[0] : undefined
  const type = overrides['upload_type'] ?? base
  if (typeof type !== 'string') return
  // A subtype of another type says nothing.
  if (overrides['upload_type'] === undefined && overrides[`${type}_type`] === undefined) return
  metadata['resource_type'] = toResourceType(type, overrides[`${type}_type`])
}

/** Supervisors come first, as the deposit API stores them. Giving one of the two lists leaves the other alone. */
function setContributors({ metadata }: WritableDraft, _value: unknown, overrides: Metadata): void {
  const current = toList(metadata['contributors'])
  const { thesis_supervisors: supervisors, contributors } = overrides
  const isSupervisor = (person: unknown) =>
    asObject(asObject(person)['role'])['id'] === 'supervisor'
  const first =
    supervisors === undefined
      ? current.filter(isSupervisor)
      : toList(supervisors).map((person) => toNativePerson(person, 'supervisor'))
  const rest =
    contributors === undefined
      ? current.filter((person) => !isSupervisor(person))
      : toList(contributors).map((person) => toNativePerson(person, asObject(person)['type']))
  set(metadata, 'contributors', [...first, ...rest])
}

/** Keywords are the free subjects; subjects from a vocabulary stay. */
function setKeywords({ metadata }: WritableDraft, value: unknown): void {
  const vocabulary = toList(metadata['subjects']).filter((one) => !isEmpty(asObject(one)['id']))
  const free = toList(value).map((subject) => ({ subject }))
  set(metadata, 'subjects', [...vocabulary, ...free])
}

/** Notes and method are two kinds of additional descriptions; other kinds stay. */
function setDescription(type: string): Setter {
  return ({ metadata }, value) => {
    const others = toList(metadata['additional_descriptions']).filter(
      (one) => asObject(asObject(one)['type'])['id'] !== type,
    )
    const given = isEmpty(value) ? [] : [{ description: value, type: { id: type } }]
    set(metadata, 'additional_descriptions', [...others, ...given])
  }
}

function setRelatedIdentifiers({ metadata }: WritableDraft, value: unknown): void {
  const { related, alternate } = toNativeIdentifiers(value)
  set(metadata, 'related_identifiers', related)
  set(metadata, 'identifiers', alternate)
}

/** Grants are the awards of the vocabulary; funding told in free words stays. */
function setFunding({ metadata }: WritableDraft, value: unknown): void {
  const free = toList(metadata['funding']).filter((one) =>
    isEmpty(asObject(asObject(one)['award'])['id']),
  )
  set(metadata, 'funding', [...free, ...toList(value).map(toFunding)])
}

function setAccess(draft: WritableDraft, _value: unknown, overrides: Metadata): void {
  draft.access = toAccess(overrides, draft.access)
}

function setCommunities({ customFields }: WritableDraft, value: unknown): void {
  const slugs = toList(value).map((one) => asObject(one)['identifier'])
  set(customFields, 'legacy:communities', slugs)
}

function setCustom({ customFields }: WritableDraft, value: unknown): void {
  for (const [name, member] of Object.entries(asObject(value))) set(customFields, name, member)
}
