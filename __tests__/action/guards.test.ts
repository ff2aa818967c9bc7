import { describe, expect, test } from '@jest/globals'
import { guardFiles, guardMatches, guardRun } from '../../src/action/guards.ts'
import { createInputs, createLocalFile, createTrigger } from './support/builders.ts'

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `f${n}.csv`)

describe('guardRun', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['a draft on a tag', {}, {}, []],
    ['publishing on a tag', { publish: 'true' }, {}, []],
    ['a draft on a pull request', {}, { GITHUB_EVENT_NAME: 'pull_request' }, []],
    [
      'publishing on a pull request',
      { publish: 'true' },
      { GITHUB_EVENT_NAME: 'pull_request' },
      ['publish'],
    ],
    [
      'publishing on a pull request with the target’s rights',
      { publish: 'true' },
      { GITHUB_EVENT_NAME: 'pull_request_target' },
      ['publish'],
    ],
    [
      'a dry run of publishing on a pull request',
      { publish: 'true', 'dry-run': 'true', token: '' },
      { GITHUB_EVENT_NAME: 'pull_request' },
      [],
    ],
    ['no token', { token: '' }, {}, ['token']],
    ['a dry run without a token', { token: '', 'dry-run': 'true' }, {}, []],
    [
      'both mistakes',
      { token: '', publish: 'true' },
      { GITHUB_EVENT_NAME: 'pull_request' },
      ['publish', 'token'],
    ],
    ['release assets on a tag', { 'release-assets': 'true' }, {}, []],
    [
      'release assets and notes without a release',
      { 'release-assets': 'true', 'update-release-notes': 'true', 'github-token': 'ghs' },
      { GITHUB_REF: 'refs/heads/main', GITHUB_REF_TYPE: 'branch' },
      ['release-assets', 'update-release-notes'],
    ],
    [
      'release notes and no token of GitHub',
      { 'update-release-notes': 'true' },
      {},
      ['github-token'],
    ],
    [
      'the same where nobody is asked',
      { 'update-release-notes': 'true', token: '', 'dry-run': 'true' },
      {},
      [],
    ],
    ['an archive of nothing', { 'archive-name': 'a.zip' }, {}, ['archive-name']],
  ])('judges %s', (_, inputs, env, places) => {
    const issues = guardRun(createInputs(inputs), createTrigger(env))

    expect(issues.map(({ place }) => place)).toEqual(places.map((input) => ({ input })))
  })

  test('says where to get a token of the instance that was chosen', () => {
    const [issue] = guardRun(createInputs({ token: '', sandbox: 'true' }), createTrigger())

    expect(issue?.problem).toContain('https://sandbox.zenodo.org/account/settings/applications/')
    expect(issue?.problem).toContain('token: ${{ secrets.ZENODO_')
  })
})

describe('guardFiles', () => {
  test.each([
    ['nothing', []],
    ['a file', [createLocalFile('a.csv')]],
    ['as many files as a record holds', names(100).map((name) => createLocalFile(name))],
    ['as many bytes as a record holds', [createLocalFile('a.csv', { sizeBytes: 50e9 })]],
    ['the longest name', [createLocalFile('a'.repeat(255))]],
    ['names that look like commands', [createLocalFile('::error::x'), createLocalFile('##[x]')]],
  ])('lets %s pass', (_, files) => {
    expect(guardFiles(files)).toEqual({ issues: [], warnings: [] })
  })

  test.each([
    [
      'an empty file',
      [createLocalFile('a.csv', { sizeBytes: 0 })],
      'data/a.csv is empty, and the server refuses empty files. Exclude it with a line "!data/a.csv", or',
    ],
    [
      'a file too many',
      names(101).map((name) => createLocalFile(name)),
      '101 files are too many, since a record holds 100.',
    ],
    [
      'a byte too many',
      [
        createLocalFile('a.csv', { sizeBytes: 25e9 }),
        createLocalFile('b.csv', { sizeBytes: 25e9 + 1 }),
      ],
      'The files have 50,000,000,001 B together, and a record holds 50.0 GB.',
    ],
    [
      'a name that is too long',
      [createLocalFile('a'.repeat(256))],
      'its name has 256 characters, and the server takes 255',
    ],
    ['a name with a control character', [createLocalFile('a\tb')], 'has a control character'],
    ['a name with a line break', [createLocalFile('a\nb')], 'has a control character'],
    ['a name that is no valid text', [createLocalFile('a\ud800')], 'is no valid Unicode'],
    [
      'two files with one key',
      [createLocalFile('a.csv'), createLocalFile('a.csv', { displayPath: 'old/a.csv' })],
      'data/a.csv and old/a.csv would have the same key, a.csv',
    ],
  ])('refuses %s, and says what to do', (_, files, problem) => {
    const { issues } = guardFiles(files)

    expect(issues).toEqual([
      { place: { input: 'files' }, problem: expect.stringContaining(problem) },
    ])
    expect(issues[0]?.problem).toMatch(/\. (?:Exclude|Rename|Put|Split) /)
  })

  test('names every problem at once', () => {
    const { issues } = guardFiles([
      createLocalFile('a.csv', { sizeBytes: 0 }),
      createLocalFile('b.csv', { sizeBytes: 0 }),
      createLocalFile('b.csv', { displayPath: 'x/b.csv' }),
    ])

    expect(issues).toHaveLength(3)
  })

  test.each([
    ['in case', 'A.csv', 'a.csv'],
    ['in how accents are written', 'e\u0301.csv', '\u00e9.csv'],
  ])('warns of keys that differ only %s', (_, one, other) => {
    const { issues, warnings } = guardFiles([createLocalFile(one), createLocalFile(other)])

    expect(issues).toEqual([])
    expect(warnings).toEqual([expect.stringContaining('differ only in case, or in how accents')])
  })

  test('shows no line break of a name', () => {
    const { issues } = guardFiles([
      createLocalFile('a\n::error::b', { displayPath: 'a\\n::error::b', sizeBytes: 0 }),
      createLocalFile('a\n::error::b', { displayPath: 'x' }),
    ])

    expect(issues.map(({ problem }) => problem).join('')).not.toMatch(/[\r\n]/)
  })
})

describe('guardMatches', () => {
  const one = [createLocalFile('a.csv')]
  const gap = ['"b.csv" matches no file.']

  test.each<[string, Record<string, string>, readonly [number, number]]>([
    ['nothing is an error', {}, [1, 0]],
    ['nothing is a warning where that is asked for', { 'if-no-files-found': 'warn' }, [0, 1]],
    ['nothing is nothing where that is asked for', { 'if-no-files-found': 'ignore' }, [0, 0]],
  ])('%s', (_, inputs, [issues, warnings]) => {
    const guarded = guardMatches(
      { files: [], unmatched: gap, idle: [], issues: [] },
      createInputs(inputs),
    )

    expect(guarded.issues).toHaveLength(issues)
    expect(guarded.warnings).toHaveLength(warnings)
  })

  test.each<[string, Record<string, string>, readonly [number, number]]>([
    ['a pattern among others without a match is an error', {}, [1, 0]],
    ['or a warning', { 'fail-on-unmatched-files': 'false' }, [0, 1]],
  ])('%s', (_, inputs, [issues, warnings]) => {
    const guarded = guardMatches(
      { files: one, unmatched: gap, idle: [], issues: [] },
      createInputs(inputs),
    )

    expect(guarded.issues).toHaveLength(issues)
    expect(guarded.warnings).toHaveLength(warnings)
  })

  test('says what is excluded where that is all there was', () => {
    const { issues } = guardMatches(
      { files: [], unmatched: [], idle: [], issues: [] },
      createInputs(),
    )

    expect(issues.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('lines that begin with ! exclude all of them'),
    ])
  })

  test('warns of exclusions that exclude nothing', () => {
    const idle = ['"!b.csv" excludes nothing: there is no such file.']

    const { warnings } = guardMatches(
      { files: one, unmatched: [], idle, issues: [] },
      createInputs(),
    )

    expect(warnings).toEqual(idle)
  })

  test('says where the patterns start', () => {
    const inputs = createInputs({ 'working-directory': 'results' })

    const { issues } = guardMatches({ files: [], unmatched: gap, idle: [], issues: [] }, inputs)

    expect(issues.map(({ problem }) => problem).join()).toMatch(
      /^No file matches .*"b\.csv" matches no file\. Patterns start at working-directory "results"/,
    )
  })

  test('keeps what is wrong with the files themselves', () => {
    const issue = { place: { input: 'files' }, problem: 'a.csv cannot be read.' }

    const { issues } = guardMatches(
      { files: [], unmatched: [], idle: [], issues: [issue] },
      createInputs(),
    )

    expect(issues).toEqual([issue])
  })
})
