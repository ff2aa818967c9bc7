import type { Issue } from '../errors.ts'
import { isProtected } from '../lib/is-protected.ts'
import { toPrintable } from '../lib/printable.ts'
import { toCalendarDay } from '../metadata/dates.ts'
import { parseIdentifier, type Identifier } from '../zenodo/identifier.ts'
import { PRODUCTION, SANDBOX } from '../zenodo/instances.ts'
import { InputReader, type ReadInput } from './input-reader.ts'

/** What the user asked for, complete and valid. */
export interface Inputs {
  readonly token: string | undefined
  readonly serverUrl: string
  readonly depositId: Identifier | undefined
  readonly ifPublished: 'new-version' | 'update-metadata' | 'error'
  /** Lines of patterns; undefined: leave the files alone. */
  readonly files: readonly string[] | undefined
  readonly workingDirectory: string
  readonly ifNoFilesFound: 'error' | 'warn' | 'ignore'
  readonly failOnUnmatchedFiles: boolean
  readonly includeHiddenFiles: boolean
  readonly existingFiles: 'replace' | 'keep' | 'error'
  readonly metadata: string | undefined
  readonly metadataFile: string | undefined
  readonly version: string | undefined
  readonly publicationDate: string | undefined
  readonly communities: readonly string[]
  readonly publish: boolean
  readonly publishPrereleases: boolean
  readonly ifUnchanged: 'skip' | 'error' | 'publish'
  /** Name of the one archive that all matched files go into. */
  readonly archiveName: string | undefined
  readonly sourceArchive: 'none' | 'zip' | 'tar.gz'
  readonly releaseAssets: boolean
  readonly githubToken: string | undefined
  readonly updateReleaseNotes: boolean
  readonly updateCitation: boolean
  readonly verifyChecksums: boolean
  readonly concurrency: number
  readonly retries: number
  readonly dryRun: boolean
  readonly showSummary: boolean
}

/** Inputs, and what is wrong with them: where something is, there is a default in its place, so that files and metadata can be checked as well. */
export interface ParsedInputs {
  readonly inputs: Inputs
  readonly issues: readonly Issue[]
}

/** Reads and checks all inputs; `variables` are the names in the environment, where misnamed inputs show. */
export function parseInputs(read: ReadInput, variables: readonly string[] = []): ParsedInputs {
  const input = new InputReader(read)
  const serverUrl = parseServerUrl(input)
  const inputs: Inputs = {
    token: parseToken(input, 'token'),
    serverUrl,
    depositId: parseDepositId(input, serverUrl),
    ifPublished: input.choice('if-published', ['new-version', 'update-metadata', 'error']),
    files: input.lines('files'),
    workingDirectory: input.text('working-directory') ?? '.',
    ifNoFilesFound: input.choice('if-no-files-found', ['error', 'warn', 'ignore']),
    failOnUnmatchedFiles: input.boolean('fail-on-unmatched-files', true),
    includeHiddenFiles: input.boolean('include-hidden-files', false),
    existingFiles: input.choice('existing-files', ['replace', 'keep', 'error']),
    metadata: input.block('metadata'),
    metadataFile: input.text('metadata-file'),
    version: input.text('version'),
    publicationDate: parseDate(input),
    communities: parseCommunities(input),
    publish: input.boolean('publish', false),
    publishPrereleases: input.boolean('publish-prereleases', false),
    ifUnchanged: input.choice('if-unchanged', ['skip', 'error', 'publish']),
    archiveName: parseArchiveName(input),
    sourceArchive: input.choice('source-archive', ['none', 'zip', 'tar.gz']),
    releaseAssets: input.boolean('release-assets', false),
    githubToken: parseToken(input, 'github-token'),
    updateReleaseNotes: input.boolean('update-release-notes', false),
    updateCitation: input.boolean('update-citation', false),
    verifyChecksums: input.boolean('verify-checksums', true),
    concurrency: input.integer('concurrency', { min: 1, max: 16, standard: 4 }),
    retries: input.integer('retries', { min: 0, max: 10, standard: 5 }),
    dryRun: input.boolean('dry-run', false),
    showSummary: input.boolean('show-summary', true),
  }
  input.refuseMisnamed(variables)
  return { inputs, issues: input.issues }
}

/** A token as a header can hold it; no message repeats it. */
function parseToken(input: InputReader, name: 'token' | 'github-token'): string | undefined {
  const token = input.text(name)
  if (token !== undefined && (!/^[\x21-\x7e]+$/.test(token) || /["'`]/.test(token))) {
    input.report(
      name,
      `Input ${name} holds spaces, quotes or other characters that no token has. Save the secret again, without them.`,
    )
    return undefined
  }
  return token
}

/** The origin to talk to. No message repeats more than that of it: the rest may hold a secret. */
function parseServerUrl(input: InputReader): string {
  const sandbox = input.boolean('sandbox', false)
  const text = input.text('server-url') ?? PRODUCTION
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    input.report('server-url', `Input server-url must be an address such as ${PRODUCTION}.`)
    return PRODUCTION
  }
  const demand = (words: string): void =>
    input.report('server-url', `Input server-url ${words}; it begins with ${url.origin}.`)
  if (url.pathname !== '/' || /[?#@]/.test(text)) {
    demand('must be an origin, without path, query, or credentials')
  }
  if (!isProtected(url)) {
    demand('must begin with https: (http: is for this machine only)')
  }
  if (sandbox && url.origin !== PRODUCTION && url.origin !== SANDBOX) {
    input.report(
      'server-url',
      `Inputs server-url (${url.origin}) and sandbox (${SANDBOX}) name two instances; leave one of them out.`,
    )
  }
  return sandbox ? SANDBOX : url.origin
}

function parseDepositId(input: InputReader, serverUrl: string): Identifier | undefined {
  const text = input.text('deposit-id')
  if (text === undefined) return undefined
  const parsed = parseIdentifier(text, serverUrl)
  if ('identifier' in parsed) return parsed.identifier
  input.report('deposit-id', `Input deposit-id: ${toPrintable(parsed.problem, 600)}`)
  return undefined
}

function parseArchiveName(input: InputReader): string | undefined {
  const name = input.text('archive-name')
  if (name === undefined || /^[^/\\]+\.(?:zip|tar\.gz)$/.test(name)) return name
  input.reject('archive-name', 'must be a file name that ends in .zip or .tar.gz')
  return undefined
}

function parseCommunities(input: InputReader): readonly string[] {
  const slugs = [...new Set(input.lines('communities'))]
  const wrong = slugs.find((slug) => !/^[\w-]+$/.test(slug))
  if (wrong === undefined) return slugs
  input.report(
    'communities',
    `Input communities holds "${toPrintable(wrong, 100)}". Write one slug a line: the last part of the community's address, such as biosyslit.`,
  )
  return []
}

function parseDate(input: InputReader): string | undefined {
  const date = input.text('publication-date')
  if (date === undefined || toCalendarDay(date) === date) return date
  input.reject('publication-date', 'must be a date such as 2026-03-31')
  return undefined
}
