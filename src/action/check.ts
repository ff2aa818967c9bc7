import { join, resolve } from 'node:path'
import { realpath } from 'node:fs/promises'
import { InputError, type Issue } from '../errors.ts'
import { findFiles, type FoundFiles } from '../files/find-files.ts'
import type { LocalFile } from '../files/local-file.ts'
import { toPrintable } from '../lib/printable.ts'
import { readMetadata, type ReadMetadata } from '../metadata/read-metadata.ts'
import { guardFiles, guardRun } from './guards.ts'
import type { Inputs } from './inputs.ts'
import type { Log } from './ports.ts'
import type { Trigger } from './trigger.ts'

/** What is to be done, checked as far as that is possible without asking the server. */
export interface Checked {
  readonly inputs: Inputs
  readonly trigger: Trigger
  /** undefined: no patterns were given, the files are left alone. */
  readonly files: readonly LocalFile[] | undefined
  readonly metadata: ReadMetadata
  /** Version to record: the input, else the tag. */
  readonly version: string | undefined
  /** Whether to publish at the end: asked for, and no guard objects. */
  readonly publish: boolean
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
  inputs: Inputs,
  trigger: Trigger,
  surroundings: Surroundings,
): Promise<Checked> {
  const { log, workspace } = surroundings
  const directory = resolve(workspace, inputs.workingDirectory)
  const publish = decidePublish(inputs, trigger, log)
  const found = await findWanted(inputs, directory, surroundings)
  const metadata = await readWantedMetadata(inputs, trigger, {
    ...surroundings,
    directory,
    publish,
  })
  const guarded = guardFiles(found?.files ?? [])
  const isError = ({ severity }: { severity: string }): boolean => severity === 'error'
  const issues = [
    ...guardRun(inputs, trigger),
    ...(found ? judgeMatches(found, inputs, log) : []),
    ...guarded.issues,
    ...metadata.findings.filter((finding) => isError(finding) && !finding.lookup),
  ]
  for (const finding of metadata.findings) {
    if (!isError(finding) && !finding.lookup) log.warning(finding.problem, finding.place)
  }
  for (const warning of guarded.warnings) log.warning(warning)
  if (issues.length > 0) throw new InputError(issues)
  const version = inputs.version ?? trigger.tag
  return { inputs, trigger, files: found?.files, metadata, version, publish }
}

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
  { workspace, temporary }: Surroundings,
): Promise<FoundFiles | undefined> {
  if (inputs.files === undefined) return undefined
  const roots = [workspace, ...(temporary === undefined ? [] : [temporary])]
  return findFiles({
    lines: inputs.files,
    directory,
    includeHidden: inputs.includeHiddenFiles,
    allowedRoots: await Promise.all(roots.map((root) => realpath(root).catch(() => root))),
  })
}

/** Patterns without a match are errors, warnings, or nothing, as the inputs say. */
function judgeMatches(found: FoundFiles, inputs: Inputs, log: Log): readonly Issue[] {
  const toIssue = (problem: string): Issue => ({ place: { input: 'files' }, problem })
  const isNothing = found.files.length === 0 && found.issues.length === 0
  const nothing = `No file matches the files input${found.unmatched.length > 0 ? `: ${found.unmatched.join(' ')}` : '.'} Patterns start at working-directory, ${toPrintable(inputs.workingDirectory, 200)}. Was the step that makes the files run before?`
  if (isNothing && inputs.ifNoFilesFound === 'error') return [...found.issues, toIssue(nothing)]
  if (isNothing && inputs.ifNoFilesFound === 'warn') log.warning(nothing)
  if (isNothing) return found.issues
  const unmatched = found.unmatched.map((text) => `Pattern ${text}`)
  if (inputs.failOnUnmatchedFiles) {
    const hint = ' Set fail-on-unmatched-files: false if that is fine.'
    return [...found.issues, ...unmatched.map((text) => toIssue(text + hint))]
  }
  for (const text of unmatched) log.warning(text)
  return found.issues
}

function readWantedMetadata(
  inputs: Inputs,
  trigger: Trigger,
  options: Surroundings & { readonly directory: string; readonly publish: boolean },
): Promise<ReadMetadata> {
  const { workspace, directory, publish, today } = options
  const isUpdate = inputs.depositId !== undefined
  return readMetadata({
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
    publish: publish && !isUpdate,
    today,
    displayPath: (path) =>
      path.startsWith(join(workspace, '/')) ? path.slice(workspace.length + 1) : path,
  })
}
