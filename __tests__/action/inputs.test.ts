import { describe, expect, test } from '@jest/globals'
import { InputError, type Issue } from '../../src/errors.ts'
import { parseInputs, type Inputs } from '../../src/action/inputs.ts'
import { readActionDefinition } from '../support/runner/action-definition.ts'
import { createInputs } from './support/builders.ts'

/** What is wrong with these inputs. */
function problemsOf(
  given: Readonly<Record<string, string>>,
  variables: readonly string[] = [],
): readonly Issue[] {
  try {
    createInputs(given, variables)
    return []
  } catch (error) {
    if (error instanceof InputError) return error.issues
    throw error
  }
}

const DEFAULTS: Inputs = {
  token: 'secret',
  serverUrl: 'https://zenodo.org',
  depositId: undefined,
  ifPublished: 'new-version',
  files: undefined,
  workingDirectory: '.',
  ifNoFilesFound: 'error',
  failOnUnmatchedFiles: true,
  includeHiddenFiles: false,
  existingFiles: 'replace',
  metadata: undefined,
  metadataFile: undefined,
  version: undefined,
  publicationDate: undefined,
  communities: [],
  publish: false,
  publishPrereleases: false,
  ifUnchanged: 'skip',
  archiveName: undefined,
  sourceArchive: 'none',
  releaseAssets: false,
  githubToken: undefined,
  updateReleaseNotes: false,
  updateCitation: false,
  verifyChecksums: true,
  concurrency: 4,
  retries: 5,
  dryRun: false,
  showSummary: true,
}

describe('parseInputs', () => {
  test('needs a token only, and by default neither publishes nor deletes a draft', () => {
    expect(createInputs()).toEqual(DEFAULTS)
  })

  test('has the defaults that action.yml declares', () => {
    const { inputs } = readActionDefinition()
    const declared = new Map(
      Object.entries(inputs).map(([name, { default: text }]) => [name, text]),
    )
    declared.set('token', 'secret')
    declared.delete('github-token') // an expression, which the runner evaluates

    expect(parseInputs((name) => declared.get(name) ?? '')).toEqual({
      inputs: DEFAULTS,
      issues: [],
    })
  })

  test('reads every input that action.yml declares, and no other', () => {
    const read = new Set<string>()

    parseInputs((name) => {
      read.add(name)
      return ''
    })

    expect([...read].toSorted()).toEqual(Object.keys(readActionDefinition().inputs).toSorted())
  })

  test.each<[string, string, string, Partial<Inputs>]>([
    ['a token with a line break behind it', 'token', 'abc\n', { token: 'abc' }],
    ['no token, which a guard judges', 'token', '', { token: undefined }],
    ['the sandbox', 'sandbox', 'true', { serverUrl: 'https://sandbox.zenodo.org' }],
    ['a server', 'server-url', 'https://zenodo.example', { serverUrl: 'https://zenodo.example' }],
    [
      'a server with a slash',
      'server-url',
      'https://a.example/',
      { serverUrl: 'https://a.example' },
    ],
    ['a server in capitals', 'server-url', 'HTTPS://A.example', { serverUrl: 'https://a.example' }],
    ['a port', 'server-url', 'https://a.example:8443', { serverUrl: 'https://a.example:8443' }],
    ['this machine', 'server-url', 'http://127.0.0.1:80', { serverUrl: 'http://127.0.0.1' }],
    [
      'this machine by name',
      'server-url',
      'http://localhost:9',
      { serverUrl: 'http://localhost:9' },
    ],
    ['this machine in IPv6', 'server-url', 'http://[::1]:9', { serverUrl: 'http://[::1]:9' }],
    ['an id', 'deposit-id', '12', { depositId: { kind: 'id', id: '12' } }],
    [
      'a DOI of elsewhere',
      'deposit-id',
      '10.1234/a',
      { depositId: { kind: 'doi', doi: '10.1234/a' } },
    ],
    ['another reaction', 'if-published', 'update-metadata', { ifPublished: 'update-metadata' }],
    ['patterns', 'files', 'a b.csv\r\n\n # no\n  !c,d \n', { files: ['a b.csv', '!c,d'] }],
    ['comments alone, which are no patterns', 'files', '# a\n#b', { files: undefined }],
    ['a folder', 'working-directory', ' data ', { workingDirectory: 'data' }],
    ['a warning', 'if-no-files-found', 'warn', { ifNoFilesFound: 'warn' }],
    ['nothing at all', 'if-no-files-found', 'ignore', { ifNoFilesFound: 'ignore' }],
    ['files to keep', 'existing-files', 'keep', { existingFiles: 'keep' }],
    ['no file', 'metadata-file', 'none', { metadataFile: 'none' }],
    ['metadata', 'metadata', 'title: A\ndescription: B', { metadata: 'title: A\ndescription: B' }],
    ['metadata that are indented', 'metadata', '\n  title: A\n', { metadata: '\n  title: A\n' }],
    ['metadata of blanks', 'metadata', ' \n', { metadata: undefined }],
    ['a version', 'version', '1.0', { version: '1.0' }],
    ['a date', 'publication-date', '2024-02-29', { publicationDate: '2024-02-29' }],
    ['communities', 'communities', 'a\nb\na', { communities: ['a', 'b'] }],
    ['one archive', 'archive-name', 'my data.tar.gz', { archiveName: 'my data.tar.gz' }],
    ['the sources', 'source-archive', 'zip', { sourceArchive: 'zip' }],
    ['the least at once', 'concurrency', '1', { concurrency: 1 }],
    ['the most at once', 'concurrency', '16', { concurrency: 16 }],
    ['no repeats', 'retries', '0', { retries: 0 }],
    ['the most repeats', 'retries', '10', { retries: 10 }],
    ['a token of GitHub', 'github-token', 'ghs', { githubToken: 'ghs' }],
  ])('takes %s', (_, name, text, expected) => {
    expect(createInputs({ [name]: text })).toEqual({ ...DEFAULTS, ...expected })
  })

  test.each<[string, keyof Inputs]>([
    ['fail-on-unmatched-files', 'failOnUnmatchedFiles'],
    ['include-hidden-files', 'includeHiddenFiles'],
    ['publish', 'publish'],
    ['publish-prereleases', 'publishPrereleases'],
    ['release-assets', 'releaseAssets'],
    ['update-release-notes', 'updateReleaseNotes'],
    ['update-citation', 'updateCitation'],
    ['verify-checksums', 'verifyChecksums'],
    ['dry-run', 'dryRun'],
    ['show-summary', 'showSummary'],
  ])('takes %s as true and false in any case', (name, field) => {
    const valueOf = (text: string): unknown => createInputs({ [name]: text })[field]

    expect(['true', 'True', 'TRUE', ' tRuE '].map(valueOf)).toEqual([true, true, true, true])
    expect(['false', 'False', 'FALSE'].map(valueOf)).toEqual([false, false, false])
    expect(valueOf('')).toBe(DEFAULTS[field])
  })

  test.each([
    ['a token of two words', 'token', 'Bearer abc', /^Input token holds spaces/],
    ['a token in quotes', 'token', '"abc"', /^Input token holds spaces, quotes/],
    ['a token of other letters', 'token', 'tökèn', /^Input token holds spaces/],
    ['a token of GitHub in two lines', 'github-token', 'gh\ns', /^Input github-token holds spaces/],
    ['yes', 'publish', 'yes', /^Input publish must be true or false; it is "yes"\.$/],
    ['1', 'dry-run', '1', /^Input dry-run must be true or false; it is "1"\.$/],
    ['off', 'sandbox', 'off', /^Input sandbox must be true or false; it is "off"\.$/],
    [
      'a word that is none',
      'if-published',
      'fail',
      /must be one of new-version, update-metadata, error/,
    ],
    [
      'a word in capitals',
      'existing-files',
      'Keep',
      /must be one of replace, keep, error; it is "Keep"/,
    ],
    ['a word that is none', 'if-no-files-found', 'no', /must be one of error, warn, ignore/],
    ['a word that is none', 'if-unchanged', 'no', /must be one of skip, error, publish/],
    ['a format that is none', 'source-archive', 'rar', /must be one of none, zip, tar\.gz/],
    ['none at once', 'concurrency', '0', /must be a whole number from 1 to 16; it is "0"/],
    ['too many at once', 'concurrency', '17', /must be a whole number from 1 to 16/],
    ['a fraction', 'concurrency', '1.5', /must be a whole number/],
    ['a number in words', 'concurrency', 'four', /must be a whole number/],
    ['an exponent', 'concurrency', '1e1', /must be a whole number/],
    ['a sign', 'retries', '-1', /must be a whole number from 0 to 10; it is "-1"/],
    ['too many repeats', 'retries', '11', /must be a whole number from 0 to 10/],
    ['a folder in an archive’s name', 'archive-name', 'a/b.zip', /must be a file name/],
    ['an archive of another kind', 'archive-name', 'a.rar', /ends in \.zip or \.tar\.gz/],
    ['an ending alone', 'archive-name', '.zip', /must be a file name/],
    ['a day that is none', 'publication-date', '2026-02-30', /must be a date such as/],
    ['communities in one line', 'communities', 'a, b', /one slug a line/],
    [
      'the address of a community',
      'communities',
      'https://zenodo.org/communities/a',
      /the last part of the community's address/,
    ],
    ['a month that is none', 'publication-date', '2026-13-01', /must be a date such as/],
    ['a date in another order', 'publication-date', '31.03.2026', /must be a date such as/],
    ['a year', 'publication-date', '2026', /must be a date such as/],
    ['the year zero', 'publication-date', '0000-01-01', /must be a date such as/],
    [
      'a host alone',
      'server-url',
      'zenodo.org',
      /must be an address such as https:\/\/zenodo\.org/,
    ],
    ['another protocol', 'server-url', 'ftp://zenodo.org', /must be an address/],
    [
      'a path',
      'server-url',
      'https://zenodo.org/api',
      /must be an origin.*https:\/\/zenodo\.org\./,
    ],
    ['a query', 'server-url', 'https://zenodo.org/?a=secret', /must be an origin/],
    ['an empty query', 'server-url', 'https://zenodo.org?', /must be an origin/],
    ['a fragment', 'server-url', 'https://zenodo.org/#a', /must be an origin/],
    ['a password', 'server-url', 'https://a:secret@zenodo.org', /must be an origin/],
    ['plain http', 'server-url', 'http://zenodo.org', /must begin with https/],
    ['a host that looks like this machine', 'server-url', 'http://127.0.0.1.nip.io', /with https/],
    [
      'words for a deposit',
      'deposit-id',
      'my data',
      /^Input deposit-id: "my data" names no deposit/,
    ],
    [
      'an address of another instance',
      'deposit-id',
      'https://sandbox.zenodo.org/records/1',
      /^Input deposit-id: .* is an address of https:\/\/sandbox\.zenodo\.org, but this step talks to/,
    ],
  ])('refuses %s for %s', (_, name, text, problem) => {
    expect(problemsOf({ [name]: text })).toEqual([
      { place: { input: name }, problem: expect.stringMatching(problem) },
    ])
  })

  test.each([
    ['with a password', 'http://alice:secret@zenodo.org/x'],
    ['with a query', 'http://zenodo.org/x?token=secret'],
    ['that cannot be read', 'https:/\\alice:secret@:99999'],
  ])('shows nothing secret of a server’s address %s', (_, text) => {
    const issues = problemsOf({ 'server-url': text, sandbox: 'true' })

    expect(issues.length).toBeGreaterThan(0)
    expect(JSON.stringify(issues)).not.toMatch(/secret|alice/)
  })

  test('never shows the token', () => {
    const issues = problemsOf({ token: 'abc def' })

    expect(JSON.stringify(issues)).not.toMatch(/abc|def/)
  })

  test.each([
    ['an underscore', 'INPUT_DRY_RUN', 'dry-run'],
    ['nothing between the words', 'INPUT_DEPOSITID', 'deposit-id'],
    ['one file', 'INPUT_FILE', 'files'],
    ['swapped letters', 'INPUT_PULBISH', 'publish'],
    ['the word of another tool', 'INPUT_CONCEPT', 'deposit-id'],
    ['underscores and the word of another tool', 'INPUT_ZENODO_DEPOSITION_ID', 'deposit-id'],
    ['a word for two inputs', 'INPUT_COMPRESSION', 'archive-name or source-archive'],
  ])('refuses a name with %s, which the runner would only warn of', (_, variable, meant) => {
    expect(problemsOf({}, [variable, 'INPUT_TOKEN', 'PATH'])).toEqual([
      {
        place: { input: variable.slice(6).toLowerCase() },
        problem: expect.stringMatching(
          new RegExp(`^There is no input .* Did you mean ${meant}\\?$`),
        ),
      },
    ])
  })

  test('leaves variables alone that are like no input', () => {
    const variables = ['INPUT_WHO-TO-GREET', 'INPUT_', 'INPUT_X', 'DRY_RUN', 'INPUT_DRY-RUN']

    expect(problemsOf({}, variables)).toEqual([])
  })

  test('refuses two instances at once', () => {
    const given = { sandbox: 'true', 'server-url': 'https://other.example' }

    expect(problemsOf(given)).toEqual([
      { place: { input: 'server-url' }, problem: expect.stringContaining('name two instances') },
    ])
  })

  test.each(['https://zenodo.org', 'https://sandbox.zenodo.org'])(
    'lets the sandbox be chosen beside %s, which may be a default',
    (serverUrl) => {
      const inputs = createInputs({ sandbox: 'true', 'server-url': serverUrl })

      expect(inputs.serverUrl).toBe('https://sandbox.zenodo.org')
    },
  )

  test('reads a deposit as one of the instance that was chosen', () => {
    const inputs = createInputs({ sandbox: 'true', 'deposit-id': '10.5072/zenodo.5' })

    expect(inputs.depositId).toEqual({ kind: 'id', id: '5' })
  })

  test('reports all problems at once', () => {
    const issues = problemsOf({
      token: 'a b',
      publish: 'yes',
      concurrency: '99',
      'existing-files': 'no',
      'publication-date': 'today',
      'server-url': 'x',
      'deposit-id': 'x',
    })

    expect(issues.map(({ place }) => place).toSorted()).toHaveLength(7)
  })

  test('shows no line break and no command of a wrong value', () => {
    const [issue] = problemsOf({ publish: 'x\n::set-output name=a::b ##[error]' })

    expect(issue?.problem).toBe(
      'Input publish must be true or false; it is "x\\n::set-output name=a::b ## [error]".',
    )
  })
})
