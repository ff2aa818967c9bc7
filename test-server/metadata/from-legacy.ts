import { crash } from '../transport/answer.ts'
import { isObject, present, type Json } from '../transport/json.ts'
import { COMMUNITIES, readCustomFields, SUBJECTS } from './custom-fields.ts'
import { readEmbargoDate, toDay } from './dates.ts'
import { readDoi } from './identifiers.ts'
import {
  readCommunities,
  readDates,
  readGrants,
  readLanguage,
  readLicense,
  readList,
  readLocations,
  readResourceType,
  readString,
  readSubjects,
} from './legacy-fields.ts'
import { contributorRole, readPeople, readSupervisors } from './people.ts'
import { Problems } from './problems.ts'
import { isTruthy } from './python.ts'
import { readRelated } from './related.ts'

/** What a deposit API body asks for, in the native form, before the draft's own rules. */
export interface NativeInput {
  readonly metadata: Json
  readonly customFields: Json
  readonly access: Json
  /** Undefined where the body gave none: then a DOI the draft has stays. */
  readonly doi: { readonly identifier: string; readonly provider: string } | undefined
}

const PUBLIC = { record: 'public', files: 'public' }
const ACCESS_RIGHTS = ['open', 'embargoed', 'restricted', 'closed']

/** Reads a deposit API body; refuses shapes it does not expect, one way or the other. */
export function fromLegacy(body: unknown, today: Date): NativeInput {
  if (!isObject(body)) throw crash()
  const problems = new Problems()
  for (const key of Object.keys(body)) {
    if (key !== 'metadata' && key !== 'files') problems.add(key, 'Unknown field.')
  }
  const { metadata } = body
  if (metadata === null) problems.add('metadata', 'Field may not be null.')
  else if (metadata !== undefined && !isObject(metadata)) throw crash()
  const input = isObject(metadata) ? readMetadata(metadata, problems, today) : undefined
  problems.throwIfAny()
  return input ?? { metadata: {}, customFields: {}, access: PUBLIC, doi: undefined }
}

function readMetadata(metadata: Json, problems: Problems, today: Date): NativeInput {
  const native = readFields(metadata, problems, today)
  const communities = readCommunities(metadata['communities'], problems)
  const subjects = readSubjects(metadata['subjects'])
  const customFields = {
    ...readCustomFields(metadata),
    ...(subjects.length > 0 && { [SUBJECTS]: subjects }),
    ...(communities.length > 0 && { [COMMUNITIES]: communities }),
  }
  const doi = readGivenDoi(metadata['doi'])
  problems.throwIfAny()
  return { metadata: native, customFields, access: readAccess(metadata), doi }
}

function readFields(metadata: Json, problems: Problems, today: Date): Json {
  const { related, alternate } = readRelated(metadata['related_identifiers'], problems)
  const { creators, contributors } = metadata
  const people = readPeople(contributors, 'metadata.contributors', problems, contributorRole)
  const subject = (item: unknown): Json => ({ subject: item })
  const reference = (item: unknown): Json => ({ reference: item })
  const supervisors = readSupervisors(metadata['thesis_supervisors'], problems)
  readString(metadata, 'resource_type', problems)
  return present({
    resource_type: readResourceType(metadata),
    creators: readPeople(creators, 'metadata.creators', problems),
    title: readString(metadata, 'title', problems),
    publisher: readString(metadata, 'imprint_publisher', problems) ?? 'Zenodo',
    publication_date: readString(metadata, 'publication_date', problems) ?? toDay(today),
    subjects: readList(metadata, 'keywords', subject, problems),
    contributors: nonEmpty([...supervisors, ...(people ?? [])]),
    dates: readDates(metadata['dates'], problems),
    languages: readLanguage(metadata['language'], problems),
    identifiers: nonEmpty(alternate),
    related_identifiers: nonEmpty(related),
    version: readString(metadata, 'version', problems),
    rights: readLicense(metadata['license'], problems) ?? defaultLicense(metadata),
    description: readString(metadata, 'description', problems),
    additional_descriptions: nonEmpty(readAdditional(metadata)),
    locations: readLocations(metadata['locations'], problems),
    funding: readGrants(metadata['grants'], problems),
    references: readList(metadata, 'references', reference, problems),
  })
}

const nonEmpty = (list: readonly Json[]): readonly Json[] | undefined =>
  list.length > 0 ? list : undefined

function readAdditional({ notes, method }: Json): readonly Json[] {
  const given = [
    { description: notes, type: { id: 'notes' } },
    { description: method, type: { id: 'methods' } },
  ]
  return given.filter(({ description }) => isTruthy(description))
}

/** Data get CC0, all else CC BY; nothing where the files are not public or nothing was said. */
function defaultLicense(metadata: Json): readonly Json[] | undefined {
  const { access_right: right = 'open', upload_type: type, license } = metadata
  if (license !== undefined || Object.keys(metadata).length === 0) return undefined
  if (right !== 'open' && right !== 'embargoed') return undefined
  return [{ id: type === 'dataset' ? 'cc0-1.0' : 'cc-by-4.0' }]
}

function readAccess({ access_right: right, embargo_date: date }: Json): Json {
  if (!isTruthy(right) || right === 'open') return PUBLIC
  const isKnown = typeof right === 'string' && ACCESS_RIGHTS.includes(right)
  if (!isKnown || (right === 'embargoed' && !isTruthy(date))) {
    const problems = new Problems()
    problems.add('_schema', 'Unknown access type.')
    problems.throwIfAny()
  }
  const restricted = { record: 'public', files: 'restricted' }
  if (right !== 'embargoed') return restricted
  const until = readEmbargoDate(date)
  return { ...restricted, embargo: present({ active: true, until, reason: null }) }
}

function readGivenDoi(doi: unknown): NativeInput['doi'] {
  if (!isTruthy(doi)) return undefined
  if (typeof doi !== 'string') throw crash()
  return readDoi(doi)
}
