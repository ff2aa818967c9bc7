import { InputError, type Issue } from '../errors.ts'
import { findCollisions, findKeyProblem } from '../files/file-key.ts'
import type { FoundFiles } from '../files/find-files.ts'
import type { LocalFile } from '../files/local-file.ts'
import { count, formatBytes } from '../lib/format.ts'
import { toPrintable } from '../lib/printable.ts'
import { totalSize } from '../lib/total-size.ts'
import { SANDBOX } from '../zenodo/instances.ts'
import { MAX_FILES, MAX_KEY_LENGTH, MAX_RECORD_BYTES } from '../zenodo/limits.ts'
import type { Inputs } from './inputs.ts'
import type { FileOutcome } from './outputs.ts'
import type { Trigger } from './trigger.ts'

/** What the guards found: issues stop the run, warnings are shown. */
export interface Guarded {
  readonly issues: readonly Issue[]
  readonly warnings: readonly string[]
}

const at = (input: string, problem: string): Issue => ({ place: { input }, problem })

/** The name that the documentation gives the secret. */
const secretFor = (serverUrl: string): string =>
  serverUrl === SANDBOX ? 'ZENODO_SANDBOX_TOKEN' : 'ZENODO_TOKEN'

/** What must not happen on this event, in this combination, or without a token. */
export const guardRun = (inputs: Inputs, trigger: Trigger): readonly Issue[] => [
  ...guardEvent(inputs, trigger),
  ...guardCombination(inputs),
  ...guardToken(inputs),
]

function guardEvent(inputs: Inputs, trigger: Trigger): readonly Issue[] {
  const issues: Issue[] = []
  if (inputs.publish && trigger.isPullRequest && !inputs.dryRun) {
    issues.push(
      at(
        'publish',
        `publish: true on a ${trigger.eventName} event: a pull request must not publish, since that cannot be undone. Publish on a release or a tag; on pull requests use dry-run: true.`,
      ),
    )
  }
  if (inputs.publish && !inputs.publishPrereleases && isReleaseUnknown(trigger)) {
    issues.push(
      at(
        'publish',
        'publish: true on a release event whose payload (GITHUB_EVENT_PATH) names no release, so that nobody knows whether it is a prerelease. Run the job again; publish-prereleases: true publishes in any case.',
      ),
    )
  }
  for (const input of ['release-assets', 'update-release-notes'] as const) {
    const isWanted = input === 'release-assets' ? inputs.releaseAssets : inputs.updateReleaseNotes
    if (isWanted && trigger.tag === undefined && trigger.release === undefined) {
      issues.push(
        at(input, `Input ${input} needs a release: run the step on release events or on tags.`),
      )
    }
  }
  return issues
}

const isReleaseUnknown = ({ eventName, release }: Trigger): boolean =>
  eventName === 'release' && release === undefined

function guardCombination(inputs: Inputs): readonly Issue[] {
  const isAsked = inputs.token !== undefined || !inputs.dryRun
  const lacksToken = inputs.updateReleaseNotes && inputs.githubToken === undefined && isAsked
  const packsNothing = inputs.archiveName !== undefined && inputs.files === undefined
  return [
    ...(lacksToken
      ? [
          at(
            'github-token',
            "Input github-token is empty, and update-release-notes needs it. Leave the input out, so that the job's own token is used.",
          ),
        ]
      : []),
    ...(packsNothing
      ? [at('archive-name', 'Input archive-name packs what files matches, and files is empty.')]
      : []),
  ]
}

function guardToken({ token, dryRun, serverUrl }: Inputs): readonly Issue[] {
  if (token !== undefined || dryRun) return []
  return [
    at(
      'token',
      `Input token is empty. If the secret exists: is its name right, and does the job name the environment that holds it? Else make a token at ${serverUrl}/account/settings/applications/tokens/new/ with the scopes deposit:write and deposit:actions, save it as a secret, and pass it as token: \${{ secrets.${secretFor(serverUrl)} }}. Runs for pull requests from forks and from Dependabot get no secrets; use dry-run: true there.`,
    ),
  ]
}

/** Patterns without a match: errors, warnings, or nothing, as the inputs say. */
export function guardMatches(
  { files, unmatched, idle, issues }: Pick<FoundFiles, 'files' | 'unmatched' | 'idle' | 'issues'>,
  inputs: Pick<Inputs, 'ifNoFilesFound' | 'failOnUnmatchedFiles' | 'workingDirectory'>,
): Guarded {
  if (files.length === 0 && issues.length === 0) {
    const nothing = describeNothing(unmatched, inputs.workingDirectory)
    return {
      issues: inputs.ifNoFilesFound === 'error' ? [at('files', nothing)] : [],
      warnings: inputs.ifNoFilesFound === 'warn' ? [nothing] : [],
    }
  }
  const patterns = unmatched.map((text) => `Pattern ${text}`)
  if (!inputs.failOnUnmatchedFiles) return { issues, warnings: [...patterns, ...idle] }
  const hint = 'Set fail-on-unmatched-files: false if that is fine.'
  return {
    issues: [...issues, ...patterns.map((text) => at('files', `${text} ${hint}`))],
    warnings: idle,
  }
}

const MAX_HIDDEN = 10

/** What wildcards match and leave alone: some formats keep a part of the data in hidden files. */
export function describeHidden(names: readonly string[]): string {
  const shown = names.slice(0, MAX_HIDDEN).map((name) => toPrintable(name, 200))
  const list = [...shown, ...(names.length > MAX_HIDDEN ? ['…'] : [])].join(', ')
  return `Left out ${count(names.length, 'hidden file')}: ${list}. To take them, name them in full, or set include-hidden-files: true.`
}

function describeNothing(unmatched: readonly string[], workingDirectory: string): string {
  if (unmatched.length === 0) {
    return 'No file is left of those that the files input matches: lines that begin with ! exclude all of them.'
  }
  const patterns = `: ${unmatched.join(' ')}`
  const start =
    workingDirectory === '.'
      ? 'the workspace'
      : `working-directory "${toPrintable(workingDirectory, 200)}"`
  return `No file matches the files input${patterns} Patterns start at ${start}. Did actions/checkout, or the step that makes the files, run before this one?`
}

/** What helps against files that cannot be uploaded, where they come from the patterns. */
const MATCHED: WayOut = {
  many: 'Put them into one archive, with archive-name: files.zip.',
  empty: ({ displayPath }) =>
    `Exclude it with a line "!${displayPath}", or pack the files with archive-name.`,
}

/** What helps, as sentences. */
export interface WayOut {
  readonly many: string
  readonly empty: (file: LocalFile) => string
}

/** Limits of the server and keys that clash, each with its files and the way out. */
export function guardFiles(files: readonly LocalFile[], wayOut = MATCHED): Guarded {
  const totalBytes = totalSize(files)
  const { equal, alike } = findCollisions(files)
  const issues = [
    ...files
      .filter(({ sizeBytes }) => sizeBytes === 0)
      .map(
        (file) =>
          `${file.displayPath} is empty, and the server refuses empty files. ${wayOut.empty(file)}`,
      ),
    ...files.flatMap(({ key, displayPath }) => {
      const problem = findKeyProblem(key, MAX_KEY_LENGTH)
      return problem === undefined
        ? []
        : [`${displayPath} cannot be uploaded: ${problem}. Rename it.`]
    }),
    ...equal.map(
      ({ key, paths }) =>
        `${joinPaths(paths)} would have the same key, ${toPrintable(key, 100)}: a deposit has no folders, only names. Rename one, exclude one, or put them into one archive, with archive-name: files.zip.`,
    ),
    ...(files.length > MAX_FILES
      ? [`${files.length} files are too many, since a record holds ${MAX_FILES}. ${wayOut.many}`]
      : []),
    ...(totalBytes > MAX_RECORD_BYTES
      ? [
          `The files have ${toExactBytes(totalBytes)} together, and a record holds ${formatBytes(MAX_RECORD_BYTES)}. Split them into several deposits, or ask Zenodo's support for a larger quota.`,
        ]
      : []),
  ]
  return {
    issues: issues.map((problem) => at('files', problem)),
    warnings: alike.map(
      (keys) =>
        `${joinPaths(keys)} differ only in case, or in how accents are stored: on some systems a person who downloads both keeps one.`,
    ),
  }
}

/** Whether a deposit holds any file after this. */
export const hasFiles = (files: readonly FileOutcome[]): boolean =>
  files.some(({ action }) => action !== 'removed')

/**
 * The server publishes nothing without a file (docs/server.md#publish).
 * @throws InputError
 */
export function assertHasFiles(files: readonly FileOutcome[]): void {
  if (hasFiles(files)) return
  throw new InputError([
    at(
      'files',
      'The deposit holds no file, and a record needs at least one. Name files to upload.',
    ),
  ])
}

/** Rounded, unless that would hide what is too much. */
const toExactBytes = (bytes: number): string =>
  formatBytes(bytes) === formatBytes(MAX_RECORD_BYTES)
    ? `${bytes.toLocaleString('en')} B`
    : formatBytes(bytes)

const joinPaths = (paths: readonly string[]): string =>
  paths.map((path) => toPrintable(path, 200)).join(' and ')
