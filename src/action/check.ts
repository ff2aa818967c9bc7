import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { InputError, type Issue } from '../errors.ts'
import { findFiles, type FoundFiles } from '../files/find-files.ts'
import type { LocalFile } from '../files/local-file.ts'
import { asText } from '../lib/json.ts'
import { pathBelow } from '../lib/path-below.ts'
import type { Finding } from '../metadata/metadata.ts'
import { readMetadata, type MetadataRequest, type ReadMetadata } from '../metadata/read-metadata.ts'
import { isDoiOfInstance, possibleDois, prefixOf } from '../zenodo/instances.ts'
import { findCitation } from './cite.ts'
import { describeHidden, guardFiles, guardMatches, guardRun } from './guards.ts'
import type { Inputs, ParsedInputs } from './inputs.ts'
import type { Log } from './ports.ts'
import type { Trigger } from './trigger.ts'

/** What is to be done, checked as far as that is possible without asking the server. */
export interface Checked {
  readonly inputs: Inputs
  readonly trigger: Trigger
  /** undefined: no patterns were given, or none matches and that is fine; the files are left alone. */
  readonly files: readonly LocalFile[] | undefined
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
  { inputs, issues: inputIssues }: ParsedInputs,
  trigger: Trigger,
  surroundings: Surroundings,
): Promise<Checked> {
  const { log, workspace } = surroundings
  const directory = resolve(workspace, inputs.workingDirectory)
  const publish = decidePublish(inputs, trigger, log)
  const found = await findWanted(inputs, directory, surroundings)
  const isNew = inputs.depositId === undefined && !inputIssues.some(isAbout('deposit-id'))
  const request = toMetadataRequest(inputs, trigger, { ...surroundings, directory, publish, isNew })
  const metadata = await readMetadata(request)
  const citation = await findCitation(inputs, directory)
  const matched = found && guardMatches(found, inputs)
  const packs = inputs.archiveName !== undefined
  const guarded = guardFiles(packs ? [] : (found?.files ?? []))
  const judged = weigh(metadata.findings, inputs)
  const issues = [
    ...inputIssues,
    ...guardRun(inputs, trigger).filter(isNews(inputIssues)),
    ...(matched?.issues ?? []),
    ...guarded.issues,
    ...judged.errors,
    ...citation.issues,
  ]
  for (const { problem, place } of judged.warnings) log.warning(problem, place)
  for (const warning of [...(matched?.warnings ?? []), ...guarded.warnings]) log.warning(warning)
  if (issues.length > 0) throw new InputError(issues)
  return {
    inputs,
    trigger,
    files: found && found.files.length > 0 ? found.files : undefined,
    hidden: found?.hidden ?? [],
    metadata,
    version: asText(metadata.metadata?.['version']) ?? inputs.version ?? trigger.tag,
    publish,
    namedDois: await findNamedDois(request, inputs.serverUrl),
    citationPath: citation.path,
  }
}

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

async function findWanted(
  inputs: Inputs,
  directory: string,
  { workspace, temporary, log }: Surroundings,
): Promise<FoundFiles | undefined> {
  if (inputs.files === undefined) return undefined
  const roots = [workspace, ...(temporary === undefined ? [] : [temporary])]
  const found = await findFiles({
    lines: inputs.files,
    directory,
    includeHidden: inputs.includeHiddenFiles,
    allowedRoots: await Promise.all(roots.map((root) => realpath(root).catch(() => root))),
  })
  if (found.hidden.length > 0) log.info(describeHidden(found.hidden))
  return found
}

function toMetadataRequest(
  inputs: Inputs,
  trigger: Trigger,
  options: Surroundings & {
    readonly directory: string
    readonly publish: boolean
    readonly isNew: boolean
  },
): MetadataRequest {
  const { workspace, directory, publish, isNew, today } = options
  const { depositId, serverUrl } = inputs
  const id = depositId?.kind === 'id' ? depositId.id : undefined
  const doiPrefix = prefixOf(serverUrl)
  return {
    directory,
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
    describesNewDeposit: isNew,
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
