import { existsSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { InputError, type Issue, type Place } from '../errors.ts'
import { findFiles, type FoundFiles } from '../files/find-files.ts'
import type { LocalFile } from '../files/local-file.ts'
import { asText } from '../lib/json.ts'
import { nonEmpty, type NonEmpty } from '../lib/non-empty.ts'
import { pathBelow } from '../lib/path-below.ts'
import { toPrintable } from '../lib/printable.ts'
import type { Finding } from '../metadata/metadata.ts'
import { readMetadata, type MetadataRequest, type ReadMetadata } from '../metadata/read-metadata.ts'
import { isDoiOfInstance, possibleDois, prefixOf } from '../zenodo/instances.ts'
import { findCitation } from './cite.ts'
import { toSourceLines } from './source-lines.ts'
import { describeHidden, guardFiles, guardMatches, guardRun } from './guards.ts'
import type { Inputs, ParsedInputs } from './inputs.ts'
import type { Log } from './ports.ts'
import type { Trigger } from './trigger.ts'

/** What is to be done, checked as far as that is possible without asking the server. */
export interface Checked {
  readonly inputs: Inputs
  readonly trigger: Trigger
  /** undefined: none were asked for, or none were found and that is fine; the files of the deposit are left alone. */
  readonly files: NonEmpty<LocalFile> | undefined
  /** Names of files that the patterns match and that were left out, since they are hidden. */
  readonly hidden: readonly string[]
  readonly metadata: ReadMetadata
  /** Version to record: the input, else the metadata's, else the tag. */
  readonly version: string | undefined
  /** Whether to publish at the end: asked for, and no guard objects. */
  readonly publish: boolean
  /** DOIs of records of this instance that files of the repository name as their own. */
  readonly namedDois: readonly NamedDoi[]
  /** `CITATION.cff`, if the DOI is to be written into it. */
  readonly citationPath: string | undefined
}

export interface NamedDoi {
  readonly file: string
  readonly doi: string
}

export interface Surroundings {
  /** Absolute path of the workspace. */
  readonly workspace: string
  readonly temporary: string | undefined
  readonly today: Date
  readonly log: Log
}

/**
 * Gathers files and metadata and checks them, writing nothing and asking nobody.
 * @throws InputError with every problem of inputs, files and metadata at once
 */
export async function check(
  parsed: ParsedInputs,
  trigger: Trigger,
  surroundings: Surroundings,
): Promise<Checked> {
  const { inputs } = parsed
  const { log } = surroundings
  const publish = decidePublish(inputs, trigger, log)
  const request = await toMetadataRequest(parsed, trigger, { ...surroundings, publish })
  const looked = await look(inputs, request, log)
  const { issues, warnings } = judge(parsed, trigger, looked)
  for (const { problem, place } of warnings) log.warning(problem, place)
  if (issues.length > 0) throw new InputError(eachOnce(issues))
  const { found, metadata, citation } = looked
  for (const line of toSourceLines(metadata)) log.info(line)
  return {
    inputs,
    trigger,
    files: nonEmpty(found?.files ?? []),
    hidden: found?.hidden ?? [],
    metadata,
    version: asText(metadata.metadata?.['version']) ?? inputs.version ?? trigger.tag,
    publish,
    namedDois: await findNamedDois(request, inputs.serverUrl),
    citationPath: citation.path,
  }
}

/** A file that is read for two purposes has its mistakes once. */
function eachOnce(issues: readonly Issue[]): readonly Issue[] {
  const known = new Set<string>()
  return issues.filter(({ problem, place }) => {
    const key = `${'file' in place ? `${place.file}:${place.line ?? ''}` : place.input} ${problem}`
    return !known.has(key) && known.add(key)
  })
}

/** What lies in the workspace. */
interface Looked {
  /** undefined if no patterns were given, or there is no folder to start from. */
  readonly found: FoundFiles | undefined
  readonly metadata: ReadMetadata
  readonly citation: Awaited<ReturnType<typeof findCitation>>
  readonly hasDirectory: boolean
}

async function look(inputs: Inputs, request: MetadataRequest, log: Log): Promise<Looked> {
  const { directory } = request
  const hasDirectory = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return {
    found: hasDirectory ? await findWanted(inputs, request, log) : undefined,
    metadata: await readMetadata(request),
    citation: await findCitation(inputs, directory),
    hasDirectory,
  }
}

/** Everything that is wrong with inputs, files and metadata, and what is only odd. */
function judge(
  { inputs, issues: inputIssues }: ParsedInputs,
  trigger: Trigger,
  { found, metadata, citation, hasDirectory }: Looked,
): {
  readonly issues: readonly Issue[]
  readonly warnings: readonly { readonly problem: string; readonly place?: Place }[]
} {
  const matched = found && guardMatches(found, inputs)
  const packs = inputs.archiveName !== undefined || inputIssues.some(isAbout('archive-name'))
  const guarded = guardFiles(packs ? [] : (found?.files ?? []))
  const judged = weigh(metadata.findings, inputs)
  return {
    issues: [
      ...inputIssues,
      ...(hasDirectory ? [] : [noDirectory(inputs)]),
      ...guardRun(inputs, trigger).filter(isNews(inputIssues)),
      ...(matched?.issues ?? []),
      ...guarded.issues,
      ...judged.errors,
      ...citation.issues,
    ],
    warnings: [
      ...judged.warnings,
      ...[...(matched?.warnings ?? []), ...guarded.warnings].map((problem) => ({ problem })),
    ],
  }
}

const noDirectory = ({ workingDirectory }: Inputs): Issue => ({
  place: { input: 'working-directory' },
  problem: `Input working-directory: there is no folder "${toPrintable(workingDirectory, 200)}". Did actions/checkout, or the step that makes it, run before this one?`,
})

/** What stops the run, and what is told. What only the server can settle is asked of it later, where there is a token. */
function weigh(
  findings: readonly Finding[],
  { token }: Inputs,
): Readonly<Record<'errors' | 'warnings', readonly Finding[]>> {
  const isDoubt = ({ lookup }: Finding): boolean => lookup !== undefined
  const isError = ({ severity }: Finding): boolean => severity === 'error'
  return {
    errors: findings.filter((finding) => isError(finding) && !isDoubt(finding)),
    warnings: findings.filter((finding) =>
      isDoubt(finding) ? token === undefined : !isError(finding),
    ),
  }
}

/** An input that cannot be read is not missing as well. */
const isNews =
  (known: readonly Issue[]) =>
  ({ place }: Issue): boolean =>
    !('input' in place) || !known.some(isAbout(place.input))

const isAbout =
  (input: string) =>
  ({ place }: Issue): boolean =>
    'input' in place && place.input === input

function decidePublish(inputs: Inputs, trigger: Trigger, log: Log): boolean {
  if (!inputs.publish) return false
  if (trigger.release?.isPrerelease && !inputs.publishPrereleases) {
    log.notice(
      'The triggering release is a prerelease, so the deposit stays a draft. Set publish-prereleases: true to publish prereleases as well.',
    )
    return false
  }
  return true
}

/** Where files may lie, after resolving links: nothing else is published. */
function findRoots({ workspace, temporary }: Surroundings): Promise<readonly string[]> {
  const roots = [workspace, ...(temporary === undefined ? [] : [temporary])]
  return Promise.all(roots.map((root) => realpath(root).catch(() => root)))
}

async function findWanted(
  { files, includeHiddenFiles }: Inputs,
  { directory, allowedRoots = [] }: MetadataRequest,
  log: Log,
): Promise<FoundFiles | undefined> {
  if (files === undefined) return undefined
  const found = await findFiles({
    lines: files,
    directory,
    includeHidden: includeHiddenFiles,
    allowedRoots,
  })
  if (found.hidden.length > 0) log.info(describeHidden(found.hidden))
  return found
}

async function toMetadataRequest(
  { inputs, issues }: ParsedInputs,
  trigger: Trigger,
  surroundings: Surroundings & { readonly publish: boolean },
): Promise<MetadataRequest> {
  const { workspace, publish, today } = surroundings
  const { depositId, serverUrl } = inputs
  const id = depositId?.kind === 'id' ? depositId.id : undefined
  const doiPrefix = prefixOf(serverUrl)
  return {
    directory: resolve(workspace, inputs.workingDirectory),
    allowedRoots: await findRoots(surroundings),
    file: inputs.metadataFile,
    inline: inputs.metadata,
    version: inputs.version ?? trigger.tag,
    versionGiven: inputs.version !== undefined,
    publicationDate: inputs.publicationDate,
    communities: inputs.communities,
    repository:
      trigger.repositoryUrl === undefined
        ? undefined
        : { url: trigger.repositoryUrl, tag: trigger.tag },
    publish,
    describesNewDeposit: depositId === undefined && !issues.some(isAbout('deposit-id')),
    ownDois: id === undefined ? [] : possibleDois(id),
    ...(doiPrefix !== undefined && { doiPrefix }),
    today,
    // As annotations want it: below the workspace, with forward slashes.
    displayPath: (path) => pathBelow(path, workspace) ?? path,
  }
}

/** DOIs that `.zenodo.json` and `CITATION.cff` name, also the one of them that describes nothing here. */
async function findNamedDois(
  request: MetadataRequest,
  origin: string,
): Promise<readonly NamedDoi[]> {
  const named = []
  for (const file of ['.zenodo.json', 'CITATION.cff']) {
    if (!existsSync(join(request.directory, file))) continue
    const { dois } = await readMetadata({ ...request, file })
    for (const doi of dois) if (isDoiOfInstance(doi, origin)) named.push({ file, doi })
  }
  return named
}
