import { asObject, isObject } from '../lib/json.ts'
import { isEmpty, type Metadata } from './metadata.ts'
import { setFields, type WritableDraft } from './native-draft.ts'

type Rule = readonly [pattern: RegExp, legacy: string]

/** Native names of fields, and what they are called in the deposit's metadata; `$1` is a list index. */
const RULES: readonly Rule[] = [
  [/^metadata\.resource_type(\..*)?$/, 'upload_type'],
  [/^metadata\.publisher$/, 'imprint_publisher'],
  [/^metadata\.rights(\..*)?$/, 'license'],
  [/^metadata\.subjects\.(\d+)(\..*)?$/, 'keywords.$1'],
  [/^metadata\.subjects$/, 'keywords'],
  [/^metadata\.funding\.(\d+)(\..*)?$/, 'grants.$1'],
  [/^metadata\.funding$/, 'grants'],
  [/^metadata\.languages(\..*)?$/, 'language'],
  [/^metadata\.(creators|contributors)\.(\d+)\.role(\..*)?$/, '$1.$2.type'],
  [/^metadata\.(creators|contributors)\.(\d+)\.affiliations(\..*)?$/, '$1.$2.affiliation'],
  [
    /^metadata\.(creators|contributors)\.(\d+)\.person_or_org\.(family_name|given_name|name)$/,
    '$1.$2.name',
  ],
  [/^metadata\.(creators|contributors)\.(\d+)(\..*)?$/, '$1.$2'],
  [/^metadata\.references\.(\d+)\..*$/, 'references.$1'],
  [/^metadata\.locations\.features\.(\d+)\.geometry(\..*)?$/, 'locations.$1.lat'],
  [/^metadata\.locations\.features\.(\d+)(.*)$/, 'locations.$1$2'],
  [/^metadata\.dates\.(\d+)\.date$/, 'dates.$1'],
  [
    /^metadata\.related_identifiers\.(\d+)\.relation_type(\..*)?$/,
    'related_identifiers.$1.relation',
  ],
  [/^metadata\.identifiers(\..*)?$/, 'related_identifiers'],
  [/^access\.embargo(\..*)?$/, 'embargo_date'],
  [/^access(\..*)?$/, 'access_right'],
  [/^pids(\..*)?$/, 'doi'],
  [/^custom_fields\.journal:journal\.(.*)$/, 'journal_$1'],
  [/^custom_fields\.meeting:meeting\.(.*)$/, 'conference_$1'],
  [/^custom_fields\.imprint:imprint\.(title|pages)$/, 'partof_$1'],
  [/^custom_fields\.imprint:imprint\.(.*)$/, 'imprint_$1'],
  [/^custom_fields\.thesis:thesis\.university$/, 'thesis_university'],
  [/^custom_fields\.legacy:(communities|subjects)(.*)$/, '$1$2'],
  [/^custom_fields\.(.*)$/, 'custom.$1'],
  [/^metadata\.(.*)$/, '$1'],
]

/**
 * The name a field of a server message has in the deposit's metadata: `upload_type` for
 * `metadata.resource_type`. `sent` tells apart what the native form merges.
 */
export function toLegacyField(nativeField: string, sent: Metadata): string {
  const person = /^metadata\.(creators|contributors)\.(\d+)\.person_or_org\.identifiers/.exec(
    nativeField,
  )
  if (person !== null) return withPersonIdentifier(person[1] ?? '', Number(person[2]), sent)
  const description = /^metadata\.additional_descriptions(?:\.(\d+))?/.exec(nativeField)
  if (description !== null) return describedBy(Number(description[1] ?? 0), sent)
  const rule = RULES.find(([pattern]) => pattern.test(nativeField))
  const field = rule === undefined ? nativeField : nativeField.replace(rule[0], rule[1])
  return field.startsWith('contributors.') ? fromMergedContributors(field, sent) : field
}

function withPersonIdentifier(list: string, index: number, sent: Metadata): string {
  const field =
    list === 'contributors' ? fromMergedContributors(`${list}.${index}`, sent) : `${list}.${index}`
  const [name = '', place = ''] = field.split('.')
  const people = sent[name]
  const person: unknown = Array.isArray(people) ? people[Number(place)] : undefined
  const hasOrcid = !isEmpty((person as Readonly<Record<string, unknown>> | undefined)?.['orcid'])
  return `${field}.${hasOrcid ? 'orcid' : 'gnd'}`
}

/** The server stores `notes` and `method` in one list, in this order, and only those that are given. */
function describedBy(index: number, sent: Metadata): string {
  const given = ['notes', 'method'].filter((field) => !isEmpty(sent[field]))
  return given[index] ?? 'notes'
}

/** The server stores supervisors of a thesis before the contributors, in one list. */
function fromMergedContributors(field: string, sent: Metadata): string {
  const supervisors = sent['thesis_supervisors']
  const count = Array.isArray(supervisors) ? supervisors.length : 0
  const [, place = '0', ...rest] = field.split('.')
  const index = Number(place)
  const [list, position] =
    index < count ? ['thesis_supervisors', index] : ['contributors', index - count]
  return [list, String(position), ...rest].join('.')
}

/** Entries of a rehearsal that come back for good metadata as well. */
const FALSE_ALARMS: readonly RegExp[] = [
  /^metadata\.rights\.\d+\.icon$/,
  /^metadata\.rights\.\d+\.rights$/,
  /^files\.enabled$/,
]

/**
 * What a rehearsal (native GET of the draft, native PUT of the same body) says is missing or wrong,
 * without its three permanent false alarms, under the names of the deposit's metadata.
 */
export function fromRehearsal(
  errors: readonly { readonly field: string; readonly messages: readonly string[] }[],
  sent: Metadata,
): readonly { readonly field: string; readonly problem: string }[] {
  return errors
    .filter(({ field }) => !FALSE_ALARMS.some((pattern) => pattern.test(field)))
    .map(({ field, messages }) => ({
      field: toLegacyField(field, sent),
      problem: messages.join(' '),
    }))
}

/**
 * A native draft (GET /api/records/{id}/draft) with only the given fields changed, ready for a native
 * PUT. Keeps everything the deposit's metadata cannot express; leaves out what the server only shows.
 */
export function applyToNative(
  draft: Readonly<Record<string, unknown>>,
  overrides: Metadata,
): Record<string, unknown> {
  const writable: WritableDraft = {
    metadata: { ...toReferences(draft['metadata']) },
    customFields: { ...toReferences(draft['custom_fields']) },
    pids: { ...asObject(draft['pids']) },
    access: pick(asObject(draft['access']), ['record', 'files', 'embargo']),
  }
  setFields(writable, overrides)
  const { metadata, customFields, pids, access } = writable
  const files = pick(asObject(draft['files']), ['enabled', 'default_preview', 'order'])
  return { metadata, custom_fields: customFields, pids, access, files: { enabled: true, ...files } }
}

/** Members that refer to a vocabulary: the server adds titles, icons and links to the id when it shows them. */
const REFERENCES = new Set([
  'lang',
  'languages',
  'relation_type',
  'resource_type',
  'rights',
  'role',
  'type',
  'code:programmingLanguage',
  'code:developmentStatus',
])

/** A copy in which what refers to a vocabulary is its id alone. */
function toReferences(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(asObject(value)).map(([name, member]) => [
      name,
      REFERENCES.has(name) ? mapItems(member, toId) : mapItems(member, toReferencesInside),
    ]),
  )
}

function toReferencesInside(value: unknown): unknown {
  return isObject(value) ? toReferences(value) : value
}

function toId(value: unknown): unknown {
  return isObject(value) && typeof value['id'] === 'string' ? { id: value['id'] } : value
}

function mapItems(value: unknown, convert: (item: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map(convert) : convert(value)
}

function pick(value: Readonly<Record<string, unknown>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)))
}
