import { InputError, type Issue } from '../errors.ts'
import { toPrintable } from '../lib/printable.ts'
import { parseIdentifier, type Identifier } from '../zenodo/identifier.ts'

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

/** Gives the text of an input as the runner passed it; empty if it was not given. */
export type ReadInput = (name: string) => string

const PRODUCTION = 'https://zenodo.org'
const SANDBOX = 'https://sandbox.zenodo.org'

/**
 * Reads and checks all inputs.
 * @throws InputError with every problem at once
 */
export function parseInputs(read: ReadInput): Inputs {
  const input = new InputReader(read)
  const serverUrl = parseServerUrl(input)
  const inputs: Inputs = {
    token: parseToken(input),
    serverUrl,
    depositId: parseDepositId(input, serverUrl),
    ifPublished: input.choice('if-published', ['new-version', 'update-metadata', 'error']),
    files: input.lines('files'),
    workingDirectory: input.text('working-directory') ?? '.',
    ifNoFilesFound: input.choice('if-no-files-found', ['error', 'warn', 'ignore']),
    failOnUnmatchedFiles: input.boolean('fail-on-unmatched-files', true),
    includeHiddenFiles: input.boolean('include-hidden-files', false),
    existingFiles: input.choice('existing-files', ['replace', 'keep', 'error']),
    metadata: input.text('metadata'),
    metadataFile: input.text('metadata-file'),
    version: input.text('version'),
    publicationDate: parseDate(input),
    communities: input.lines('communities') ?? [],
    publish: input.boolean('publish', false),
    publishPrereleases: input.boolean('publish-prereleases', false),
    ifUnchanged: input.choice('if-unchanged', ['skip', 'error', 'publish']),
    archiveName: parseArchiveName(input),
    sourceArchive: input.choice('source-archive', ['none', 'zip', 'tar.gz']),
    releaseAssets: input.boolean('release-assets', false),
    githubToken: input.text('github-token'),
    updateReleaseNotes: input.boolean('update-release-notes', false),
    updateCitation: input.boolean('update-citation', false),
    verifyChecksums: input.boolean('verify-checksums', true),
    concurrency: input.integer('concurrency', { min: 1, max: 16, standard: 4 }),
    retries: input.integer('retries', { min: 0, max: 10, standard: 5 }),
    dryRun: input.boolean('dry-run', false),
    showSummary: input.boolean('show-summary', true),
  }
  input.throwIfInvalid()
  return inputs
}

/** Reads single inputs and collects what is wrong with them. */
class InputReader {
  readonly #read: ReadInput
  readonly #issues: Issue[] = []

  constructor(read: ReadInput) {
    this.#read = read
  }

  text(name: string): string | undefined {
    const value = this.#read(name).trim()
    return value === '' ? undefined : value
  }

  lines(name: string): readonly string[] | undefined {
    const lines = this.#read(name)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
    return lines.length > 0 ? lines : undefined
  }

  boolean(name: string, standard: boolean): boolean {
    const value = this.text(name)?.toLowerCase()
    if (value === undefined) return standard
    if (value !== 'true' && value !== 'false') this.reject(name, 'must be true or false')
    return value === 'true'
  }

  integer(
    name: string,
    { min, max, standard }: Record<'min' | 'max' | 'standard', number>,
  ): number {
    const value = this.text(name)
    if (value === undefined) return standard
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    if (!(number >= min && number <= max)) {
      this.reject(name, `must be a whole number from ${min} to ${max}`)
      return standard
    }
    return number
  }

  /** One of the words; the first is the default. */
  choice<const Words extends readonly [string, ...string[]]>(
    name: string,
    words: Words,
  ): Words[number] {
    const value = this.text(name)
    if (value === undefined) return words[0]
    if (words.includes(value)) return value
    this.reject(name, `must be one of ${words.join(', ')}`)
    return words[0]
  }

  /** `demand` completes the sentence that begins with the input's name. */
  reject(name: string, demand: string): void {
    const value = toPrintable(this.text(name) ?? '', 100)
    this.report(name, `Input ${name} ${demand}; it is "${value}".`)
  }

  report(name: string, problem: string): void {
    this.#issues.push({ place: { input: name }, problem })
  }

  throwIfInvalid(): void {
    if (this.#issues.length > 0) throw new InputError(this.#issues)
  }
}

function parseToken(input: InputReader): string | undefined {
  const token = input.text('token')
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    input.report(
      'token',
      'Input token holds spaces or characters that no token has. Save the secret again, without line breaks or quotes.',
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
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
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

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)

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

function parseDate(input: InputReader): string | undefined {
  const date = input.text('publication-date')
  if (date === undefined) return undefined
  const isDate = /^\d{4}-\d\d-\d\d$/.test(date) && !date.startsWith('0000')
  const time = isDate ? new Date(`${date}T00:00:00Z`) : undefined
  if (
    time === undefined ||
    Number.isNaN(time.getTime()) ||
    time.toISOString().slice(0, 10) !== date
  ) {
    input.reject('publication-date', 'must be a date such as 2026-03-31')
    return undefined
  }
  return date
}
