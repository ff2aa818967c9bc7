import type { Place } from '../errors.ts'
import { findFile, type FoundFile } from './find-file.ts'
import { fromInlineText } from './from-zenodo-json.ts'
import { describeNothing, findLicenseGap, findOtherVersion, weighForPublishing } from './gaps.ts'
import { toDoi } from './identifiers.ts'
import { mergeSources, type Merged } from './merge.ts'
import { toField, toPath, type Finding, type Metadata, type Problem } from './metadata.ts'
import { readSource } from './read-source.ts'
import { fromInput, type Source } from './source.ts'
import { validate, type Extent } from './validate.ts'

/** DOI prefix of zenodo.org; its software treats it as its own on every instance. */
const ZENODO_PREFIX = '10.5281'

/** Where to look for metadata, and what the inputs give. */
export interface MetadataRequest {
  /** Absolute; `metadata-file` and the default names are looked up here. */
  readonly directory: string
  /** Input `metadata-file`: a path, or `none`. */
  readonly file: string | undefined
  /** Folders that the file may lie in after resolving links; anywhere if undefined. */
  readonly allowedRoots?: readonly string[]
  /** Input `metadata`: YAML or JSON. */
  readonly inline: string | undefined
  /** Input `version`, or the tag's name. */
  readonly version: string | undefined
  /** True if `version` is the input: it wins; a tag only fills a gap. */
  readonly versionGiven: boolean
  readonly publicationDate: string | undefined
  readonly communities: readonly string[]
  /** The repository and the tag of this run; its address is not repeated beside the mark that names it. */
  readonly repository: { readonly url: string; readonly tag: string | undefined } | undefined
  readonly publish: boolean
  /** True if a new deposit is made, so that what the sources lack will be lacking. A metadata file counts as complete anyway. */
  readonly describesNewDeposit?: boolean
  /** DOIs the deposit has already, bare; only these may have a prefix of the instance. */
  readonly ownDois?: readonly string[]
  /** DOI prefix of the instance; Zenodo's own where it is not given. */
  readonly doiPrefix?: string
  readonly today: Date
  /** How a file is named in messages: relative to the workspace. */
  readonly displayPath: (absolute: string) => string
}

/** Metadata, and all that is known about where it came from. */
export interface ReadMetadata {
  /** Complete metadata for a first description, defaults not filled in; undefined when no source gave anything. */
  readonly metadata: Metadata | undefined
  /** A metadata file was found: it wins whole. */
  readonly hasFile: boolean
  /** Fields given by inputs alone: what changes on a draft when there is no file. */
  readonly overrides: Metadata
  /** Field → where it came from, in words: `.zenodo.json`, `input metadata`, `input version`, `tag`. */
  readonly sources: Readonly<Record<string, string>>
  /** How the file used is named in messages. */
  readonly file: string | undefined
  /** Names of other metadata files beside it, which are not read. */
  readonly passedOver: readonly string[]
  /** Every problem of reading, conversion and validation, sorted by place. */
  readonly findings: readonly Finding[]
  /** DOIs the file names as its own. */
  readonly dois: readonly string[]
  /** Where a field stands, for later messages of the server; the nearest value around an absent one. */
  placeOf(field: string): Place | undefined
}

/** Reads metadata from the file, the `metadata` input and the single inputs. Never throws for what they hold. */
export async function readMetadata(request: MetadataRequest): Promise<ReadMetadata> {
  const { directory, file: named, allowedRoots } = request
  const found = await findFile({ directory, named, allowedRoots })
  const file = found.kind === 'file' ? toFileSource(found, request) : undefined
  const inputs = toInputSources(request)
  const merged = mergeSources([toTagSource(request), file, ...inputs])
  const overrides = mergeSources(inputs).metadata
  const findings = [
    ...toFileFindings(found, request),
    ...merged.findings,
    ...judge(merged, toExtent(merged, found, request), request),
  ]
  return {
    metadata: Object.keys(merged.metadata).length === 0 ? undefined : merged.metadata,
    hasFile: file !== undefined,
    overrides,
    sources: merged.sources,
    file: file?.name,
    passedOver: found.kind === 'file' ? found.passedOver : [],
    findings: findings.toSorted(byPlace),
    dois: file?.dois ?? [],
    placeOf: (field) => merged.locate(toPath(field))?.place,
  }
}

function toFileSource(found: FoundFile & { kind: 'file' }, request: MetadataRequest): Source {
  const { repository } = request
  const markedRepository = repository?.tag === undefined ? undefined : repository.url
  const source = readSource(found.text, request.displayPath(found.path), { markedRepository })
  return withoutRecordDoi(source, request.doiPrefix)
}

/**
 * A DOI of a record that a file names as its own is no field: the server gives every version its own,
 * and would take another one over (docs/server.md#foreign-doi). Whoever makes a new deposit beside that
 * record is warned by the name (`dois`).
 */
function withoutRecordDoi(source: Source, doiPrefix = ZENODO_PREFIX): Source {
  const { doi, ...rest } = source.metadata ?? {}
  const bare = typeof doi === 'string' ? toDoi(doi) : undefined
  const isRecord = [ZENODO_PREFIX, doiPrefix].some((prefix) =>
    bare?.startsWith(`${prefix}/zenodo.`),
  )
  return isRecord ? { ...source, metadata: rest } : source
}

function toFileFindings(found: FoundFile, request: MetadataRequest): readonly Finding[] {
  if (found.kind !== 'unreadable') return []
  const name = request.displayPath(found.path)
  const problem = `The metadata file "${name}" cannot be read: ${found.reason}.`
  const { line } = found
  const place = line === undefined ? { input: 'metadata-file' } : { file: name, line }
  return [{ severity: 'error', field: '', problem, place }]
}

/** A metadata file is complete, and for a new deposit so is all there is; but what cannot be read hides what is missing. */
function toExtent(merged: Merged, found: FoundFile, request: MetadataRequest): Extent {
  if (merged.isBroken || found.kind === 'unreadable') return 'part'
  return found.kind === 'file' || request.describesNewDeposit === true ? 'whole' : 'part'
}

/** The verdict on the merged metadata, each problem at the place where its value was written. */
function judge(merged: Merged, extent: Extent, request: MetadataRequest): readonly Finding[] {
  const { publish, today, ownDois = [], doiPrefix = ZENODO_PREFIX } = request
  const managedPrefixes = [...new Set([ZENODO_PREFIX, doiPrefix])]
  const { metadata, unread } = merged
  const context = { publish, today, ownDois, managedPrefixes }
  const isNothing = extent === 'whole' && !merged.hasDocument
  const problems = [
    ...validate(metadata, isNothing ? 'part' : extent, context),
    ...(extent === 'whole'
      ? findLicenseGap(metadata, { isNew: request.describesNewDeposit === true })
      : []),
    ...(request.version === undefined || request.versionGiven
      ? []
      : findOtherVersion(metadata, request.version)),
  ]
  return [
    ...(isNothing ? [describeNothing(request.file, publish)] : []),
    ...problems
      .filter(({ path }) => path.length !== 1 || !unread.has(String(path[0])))
      .map((problem) => (publish ? weighForPublishing(problem, metadata) : problem))
      .map((problem) => toFinding(problem, merged)),
  ]
}

function toFinding({ severity, path, problem, lookup }: Problem, merged: Merged): Finding {
  const { field, place } = merged.locate(path) ?? {
    field: toField(path),
    place: { input: 'metadata' },
  }
  return { severity, field, problem: `${field}: ${problem}`, place, ...(lookup && { lookup }) }
}

/** The tag's name fills a gap, so it comes before all other sources. */
function toTagSource({ version, versionGiven }: MetadataRequest): Source | undefined {
  if (version === undefined || versionGiven) return undefined
  return fromInput('version', 'tag', { version })
}

/** What the inputs give, the strongest last. */
function toInputSources(request: MetadataRequest): readonly Source[] {
  const { inline, version, versionGiven, publicationDate, communities } = request
  return [
    ...(inline === undefined || inline.trim() === '' ? [] : [fromInlineText(inline)]),
    ...(versionGiven && version !== undefined
      ? [fromInput('version', 'input version', { version })]
      : []),
    ...(publicationDate === undefined
      ? []
      : [
          fromInput('publication-date', 'input publication-date', {
            publication_date: publicationDate,
          }),
        ]),
    ...(communities.length === 0
      ? []
      : [
          fromInput('communities', 'input communities', {
            communities: communities.map((identifier) => ({ identifier })),
          }),
        ]),
  ]
}

function byPlace(one: Finding, other: Finding): number {
  const [a, b] = [toSortKey(one.place), toSortKey(other.place)]
  return a.name.localeCompare(b.name) || a.line - b.line || a.column - b.column
}

function toSortKey(place: Place) {
  if ('input' in place) return { name: `~${place.input}`, line: place.line ?? 0, column: 0 }
  return { name: place.file, line: place.line ?? 0, column: place.column ?? 0 }
}
