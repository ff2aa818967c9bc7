import { describe, expect, test } from '@jest/globals'
import { decodeHTML } from 'entities'
import fc from 'fast-check'
import { marked } from 'marked'
import type { Foreseen } from '../../src/action/dry-run-lines.ts'
import type { Remark } from '../../src/action/summary-journal.ts'
import type { Told } from '../../src/action/summary-story.ts'
import { toSummary } from '../../src/action/summary.ts'
import { DoubtfulPublishError, FileError, InputError, NetworkError } from '../../src/errors.ts'
import { createDeposit, createInputs, createTrigger } from './support/builders.ts'
import { hostileText, toTags } from './support/hostile.ts'
import {
  createChecked,
  createMetadata,
  createOutcome,
  DRAFT,
  RECORD,
  tellDone,
  tellStop,
} from './support/told.ts'

const render = (markdown: string): string => marked.parse(markdown, { gfm: true, async: false })
/** What a reader sees. */
const read = (told: Told): string =>
  decodeHTML(render(toSummary(told)).replaceAll(/<[^>]*>/g, '')).replaceAll('\u2060', '')
const linksIn = (told: Told): readonly string[] =>
  [...render(toSummary(told)).matchAll(/(?:href|src)="([^"]*)"/g)].map(
    ([, address]) => address ?? '',
  )

const sandbox = createInputs({ sandbox: 'true' })
const fail = (error: unknown): Told['ending'] => ({ kind: 'failed', error })
const lost = new NetworkError('PUT /api/files/x/a.csv', 'The connection broke.')
const draftOutputs = tellDone({}).outputs

const foresee = (given: Partial<Foreseen> = {}): Told =>
  tellDone({
    state: 'planned',
    deposit: undefined,
    files: [createOutcome('a.csv', { checksum: '' })],
    foreseen: {
      step: 'Would create a deposit',
      isAsked: true,
      publishes: false,
      description: { extent: 'whole', metadata: { title: 'River levels', language: 'eng' } },
      changes: undefined,
      ...given,
    },
  })

describe('the summary of a published record', () => {
  const told = tellDone({ state: 'published', deposit: RECORD, files: [createOutcome('a.csv')] })

  test('begins with the state and leads to record, DOI and badge', () => {
    expect(toSummary(told)).toMatch(/^## Published on Zenodo\n\n<kbd>🟢 published<\/kbd>/)
    expect(linksIn(told)).toEqual([
      'https://doi.org/10.5281/zenodo.11',
      'https://zenodo.org/badge/DOI/10.5281/zenodo.11.svg',
      'https://zenodo.org/records/12',
      'https://doi.org/10.5281/zenodo.12',
      'https://doi.org/10.5281/zenodo.11',
    ])
    expect(toSummary(told)).toContain('| Version | `v1.0` |')
  })

  test('says how the next version is made, unless the step says it already', () => {
    const inputs = createInputs({ 'deposit-id': '11' })

    expect(toSummary(told)).toContain("        with:\n          deposit-id: '11'\n```")
    expect(toSummary({ ...told, inputs })).not.toContain('with:')
  })

  test.each([
    [{ access_right: 'open' }, 'Public and permanent'],
    [{ access_right: 'embargoed', embargo_date: '2030-06-30' }, 'its files open on 2030-06-30.'],
    [{ access_right: 'restricted' }, 'its files are restricted.'],
  ])('says who can see the files: %j', (metadata, sentence) => {
    const deposit = createDeposit({ ...RECORD, metadata })

    expect(read(tellDone({ state: 'published', deposit }))).toContain(sentence)
  })

  test('links no DOI of the sandbox, since these lead nowhere', () => {
    const trial = tellDone({ state: 'published', deposit: RECORD }, { inputs: sandbox })

    expect(linksIn(trial)).toEqual([
      'https://sandbox.zenodo.org/records/12',
      'https://sandbox.zenodo.org/',
    ])
    expect(read(trial)).toContain('its DOIs do not resolve')
  })

  test('tells how much was sent, how fast, and how long each stage took', () => {
    const stages = [
      { title: 'Checking', startMs: 1000 },
      { title: 'Uploading', startMs: 3000 },
      { title: 'Publishing', startMs: 33_000 },
    ]
    const sent = { bytes: 50e6, elapsedMs: 25_000 }
    const timed = tellDone(
      { state: 'published', deposit: RECORD, sent },
      { journal: { remarks: [], stages } },
    )

    expect(read(timed)).toContain(
      'Sent 50.0 MB in 25 s (2.00 MB/s) · Checking 2.0 s · Uploading 30 s · Publishing 33 s · 1 min 5 s in all',
    )
  })
})

describe('the summary of a draft', () => {
  test('says where to review it, and the lines that publish it', () => {
    const summary = toSummary(tellDone({}))

    expect(summary).toMatch(/^## Draft on Zenodo, not published\n/)
    expect(summary).toContain('10.5281/zenodo.12 (reserved: registered when it is published)')
    expect(summary).toContain('[Review the draft](https://zenodo.org/deposit/12)')
    expect(summary).toContain(
      "```yaml\n        with:\n          deposit-id: '12'\n          publish: true\n```",
    )
    expect(linksIn(tellDone({}))).toEqual([
      'https://zenodo.org/deposit/12',
      'https://zenodo.org/deposit/12',
    ])
  })

  test('says how to publish it with what was corrected by hand', () => {
    expect(read(tellDone({}))).toContain('metadata-file: none, publishes the draft as it is')
  })

  test.each([
    ['has no tag and no deposit-id', {}, {}, true],
    ['names the deposit', { 'deposit-id': '12' }, {}, false],
    ['has a tag, by which it is found again', {}, { GITHUB_REF: 'refs/tags/v1' }, false],
  ])('says that every run makes another one where the step %s', (_, given, env, isSaid) => {
    const inputs = createInputs(given)
    const branch = {
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_REF_NAME: 'x',
    }
    const trigger = createTrigger({ ...branch, ...env })
    const told = tellDone({}, { inputs, checked: createChecked({ inputs, trigger }) })

    expect(read(told).includes('Every new run makes another draft')).toBe(isSaid)
  })

  test('says that it holds no files yet', () => {
    expect(read(tellDone({ files: [] }))).toContain('It holds no files yet.')
    expect(read(tellDone({ files: [createOutcome('a')] }))).not.toContain('no files yet')
  })

  test('of a prerelease says what publishes it all the same', () => {
    const held = tellDone({}, { inputs: createInputs({ publish: 'true' }) })

    expect(toSummary(held)).toContain(
      '          publish: true\n          publish-prereleases: true\n',
    )
  })

  test('that is an edit leads to the edit, not to the record', () => {
    const told = tellDone({ deposit: createDeposit({ ...RECORD, state: 'edit' }) })

    expect(toSummary(told)).toMatch(/^## Edit on Zenodo, not published\n/)
    expect(toSummary(told)).toContain('[Review the changes](https://zenodo.org/deposit/12)')
  })
})

describe('the table of files', () => {
  test('has a row for each file, sorted, and a sum', () => {
    const files = [
      createOutcome('b.csv', { action: 'kept' }),
      createOutcome('a.csv', { sizeBytes: 2_000_000 }),
      createOutcome('c.csv', { action: 'removed' }),
    ]

    expect(toSummary(tellDone({ files }))).toContain(
      [
        '| File | Size | Checksum | Action |',
        '|:--|--:|:--|:--|',
        '| `a.csv` | 2.00 MB | `md5:0cc175b9c0f1b6a831c399e269772661` | uploaded |',
        '| `b.csv` | 1.50 kB | `md5:0cc175b9c0f1b6a831c399e269772661` | kept |',
        '| `c.csv` | 1.50 kB | `md5:0cc175b9c0f1b6a831c399e269772661` | removed |',
        '',
        '2 files, 2.00 MB: 1 uploaded (2.00 MB), 1 kept (1.50 kB), 1 removed (1.50 kB)',
      ].join('\n'),
    )
  })

  test('is folded when they are more than twenty', () => {
    const many = Array.from({ length: 21 }, (_, n) => createOutcome(`f${n}`))

    expect(toSummary(tellDone({ files: many.slice(1) }))).not.toContain('<summary>20 files')
    expect(toSummary(tellDone({ files: many }))).toContain(
      '<details><summary>21 files, 31.5 kB: 21 uploaded (31.5 kB)</summary>',
    )
  })
})

describe('the metadata', () => {
  test('stands with its sources, and what no source gave', () => {
    const deposit = createDeposit({
      metadata: { title: 'River levels', access_right: 'open', doi: '10.5281/zenodo.12' },
    })
    const summary = toSummary(tellDone({ deposit }))

    expect(summary).toContain('<summary>2 fields from .zenodo.json</summary>')
    expect(summary).toContain('| `creators` | Doe, Jane | .zenodo.json |')
    expect(summary).toContain('Recorded beside these: `access_right` open.')
  })

  test('of a draft that was named stays, where no file gives all of it', () => {
    const inputs = createInputs({ 'deposit-id': '12' })
    const metadata = createMetadata({ hasFile: false, sources: { title: 'input metadata' } })
    const told = tellDone({}, { inputs, checked: createChecked({ inputs, metadata }) })

    expect(toSummary(told)).toContain('All other fields stay as they were in the deposit.')
  })
})

describe('the summary of a dry run', () => {
  test('says what would be done, and what would be sent', () => {
    const told = foresee({ publishes: true })

    expect(toSummary(told)).toMatch(/^## Plan: nothing was written\n/)
    expect(read(told)).toContain('Would create a deposit, and publish it at zenodo.org.')
    expect(toSummary(told)).toContain(
      '| `a.csv` | 1.50 kB | send |\n\n1 file, 1.50 kB: 1 to send (1.50 kB)',
    )
    expect(toSummary(told)).toContain('| `title` | River levels | .zenodo.json |')
    expect(toSummary(told)).toContain('Recorded beside these: `language` eng.')
    expect(read(told)).toContain('makes it public, which cannot be undone')
  })

  test('says that nobody was asked without a token', () => {
    const inputs = createInputs({ token: '', 'dry-run': 'true' })

    const text = read({ ...foresee({ isAsked: false }), inputs })

    expect(text).toContain('Without a token the server was not asked.')
    expect(text).toContain('the same step with a token and without dry-run does it')
  })

  test('on a pull request, where the step is refused, speaks of the run that deposits', () => {
    const trigger = createTrigger({ GITHUB_EVENT_NAME: 'pull_request' })
    const told = { ...foresee({ publishes: true }), checked: createChecked({ trigger }) }

    expect(read(told)).toContain('once it is merged, the run that deposits makes it public')
  })

  test('of an edit does not call it a publication', () => {
    const inputs = createInputs({ 'if-published': 'update-metadata' })
    const told = foresee({ publishes: true })
    const { ending } = told
    const result = ending.kind === 'done' ? { ...ending.result, deposit: RECORD } : undefined
    const edit = { ...told, inputs, ...(result && { ending: { kind: 'done' as const, result } }) }

    expect(read(edit)).toContain('does it, and changes what is public.')
  })

  test('shows what would change in the metadata', () => {
    const summary = toSummary(
      foresee({
        changes: [
          { field: 'notes', now: 'Old', then: undefined },
          { field: 'title', now: 'River', then: 'River levels' },
        ],
      }),
    )

    expect(summary).toContain(
      '| Field | Now | Then |\n|:--|:--|:--|\n| `notes` | Old | _removed_ |\n| `title` | River | River levels |',
    )
    expect(summary).toContain('fields that it does not have are removed')
  })

  test('says when nothing would change', () => {
    expect(toSummary(foresee({ changes: [] }))).toContain('The metadata would stay as they are.')
  })
})

describe('the summary of a failure', () => {
  test('lists every problem at its place, whole, and says to mend them first', () => {
    const problem = `It is wrong because ${'of many reasons '.repeat(30)}and must be mended.`
    const error = new InputError([
      { place: { input: 'files' }, problem },
      { place: { file: '.zenodo.json', line: 3, column: 7 }, problem: 'No title.' },
      { place: { file: 'CITATION.cff' }, problem: 'No author.' },
    ])
    const told = tellStop(fail(error), 'Checking')

    expect(toSummary(told)).toMatch(/^## Failed: nothing was written\n/)
    expect(toSummary(told)).toContain('- input `files` – ')
    expect(read(told)).toContain(problem)
    expect(toSummary(told)).toContain(
      '- `.zenodo.json:3` – No title.\n- `CITATION.cff` – No author.\n',
    )
    expect(read(told)).toContain('Fix what is listed above')
    expect(read(told)).not.toContain('continues')
  })

  test('gives the hint of the error in the place of a general one', () => {
    const error = new FileError('/a', 'a.csv cannot be read.', {
      hint: 'See https://zenodo.org/account/settings/applications/tokens/new/ first.',
    })
    const told = tellStop(fail(error), 'Checking')

    expect(read(told)).toContain('a.csv cannot be read.')
    expect(linksIn(told)).toEqual(['https://zenodo.org/account/settings/applications/tokens/new/'])
    expect(read(told)).not.toContain('Mend')
  })

  test.each<[string, Partial<Told>, string, boolean]>([
    ['the same tag', {}, 'The next run for the same tag continues with draft 12', false],
    [
      'the id that the step names',
      { inputs: createInputs({ 'deposit-id': '12' }) },
      'The next run continues with draft 12',
      false,
    ],
    [
      'a repeat of this run, where there is no tag',
      {
        checked: createChecked({
          trigger: createTrigger({
            GITHUB_REF: 'refs/heads/main',
            GITHUB_REF_TYPE: 'branch',
            GITHUB_REF_NAME: 'main',
          }),
        }),
      },
      'Re-run jobs on this page continues with draft 12',
      true,
    ],
  ])('with a draft says that it is found again by %s', (_, given, promise, hasYaml) => {
    const told = tellStop(fail(lost), 'Uploading', { outputs: draftOutputs, ...given })

    expect(toSummary(told)).toMatch(/^## Failed: a draft, not published\n/)
    expect(read(told)).toContain('It stopped at “Uploading”.')
    expect(read(told)).toContain(promise)
    expect(toSummary(told).includes("deposit-id: '12'")).toBe(hasYaml)
  })

  test('at the first write does not promise that nothing was written', () => {
    const told = tellStop(fail(lost), 'Opening the draft')

    expect(toSummary(told)).toMatch(/^## Failed: nothing was sent or published\n/)
    expect(read(told)).toContain('The server may have made a draft.')
    expect(read(told)).toContain('Press Re-run jobs: the run continues where this one stopped.')
  })

  test('after publishing says that the record stays', () => {
    const { outputs } = tellDone({ state: 'published', deposit: RECORD })
    const told = tellStop(fail(lost), 'Publishing', { outputs })

    expect(toSummary(told)).toMatch(/^## Failed: the published record stays\n/)
    expect(linksIn(told)).toContain('https://zenodo.org/records/12')
  })

  test('in doubt about the publication says to look first, and where', () => {
    const error = new DoubtfulPublishError('12', 'Who knows.', { hint: 'Look at it.' })
    const told = tellStop(fail(error), 'Publishing', { outputs: draftOutputs })

    expect(toSummary(told)).toMatch(/^## Unknown: look at the deposit before doing anything else\n/)
    expect(toSummary(told)).toContain('[Look at the deposit](https://zenodo.org/deposit/12) first.')
    expect(read(told)).toContain('it publishes nothing twice')
  })

  test('of a bug shows no words that nobody has checked', () => {
    const summary = toSummary(
      tellStop(fail(new TypeError('token abc is not a function')), 'Checking'),
    )

    expect(summary).toContain('An unexpected error.')
    expect(summary).not.toContain('abc')
  })
})

describe('the summary of a cancelled run', () => {
  test('says what is there now', () => {
    const told = tellStop({ kind: 'cancelled' }, 'Uploading', { outputs: draftOutputs })

    expect(toSummary(told)).toMatch(
      /^## Cancelled: a draft, not published\n\n<kbd>⚪ cancelled<\/kbd>/,
    )
    expect(read(told)).toContain('continues with draft 12 and sends only what is missing')
  })

  test('during the publish call does not say that it was not published', () => {
    const told = tellStop({ kind: 'cancelled' }, 'Publishing', { outputs: draftOutputs })

    expect(toSummary(told)).toMatch(/^## Unknown/)
    expect(read(told)).toContain('Whether it was published is not known.')
  })
})

describe('hidden files that were left out', () => {
  test('are named below the files, the first ten of them', () => {
    const hidden = Array.from({ length: 12 }, (_, n) => `.h${n}`)
    const told = tellDone({ files: [createOutcome('a')] }, { checked: createChecked({ hidden }) })

    expect(read(told)).toContain('Left out 12 hidden files: .h0, .h1, .h2')
    expect(read(told)).toContain('.h9, …. To take them')
  })
})

describe('the remarks of a run', () => {
  const remark = (n: number): Remark => ({
    kind: 'warning',
    text: `Warning ${n}.`,
    place: { file: 'a', line: n },
  })

  test.each([
    [
      'in the open when they are few',
      2,
      '### Warnings\n\n- `a:1` – Warning 1.\n- `a:2` – Warning 2.\n',
    ],
    [
      'folded when they are many',
      6,
      '<details><summary>6 warnings</summary>\n\n- `a:1` – Warning 1.\n',
    ],
  ])('stand %s', (_, count, expected) => {
    const remarks = Array.from({ length: count }, (_, n) => remark(n + 1))

    expect(toSummary(tellDone({}, { journal: { remarks, stages: [] } }))).toContain(expected)
  })
})

/** A run in which every text from outside is `text`. */
function tellHostile(text: string): readonly Told[] {
  const deposit = createDeposit({
    ...RECORD,
    metadata: { title: text, [`x${text}`]: text, keywords: [text] },
  })
  const metadata = createMetadata({
    metadata: { title: `t${text}`, creators: [{ name: `n${text}`, affiliation: text }] },
    sources: { title: `a file${text}`, creators: `a file${text}` },
  })
  const checked = createChecked({ metadata, hidden: [`.${text}`] })
  const remarks: Remark[] = [
    { kind: 'warning', text: `w${text}`, place: { file: `f${text}`, line: 1 } },
    { kind: 'notice', text: `w2${text}`, place: undefined },
  ]
  const journal = { remarks, stages: [{ title: `s${text}`, startMs: 0 }] }
  const files = [createOutcome(`a${text}`, { checksum: `m${text}` }), createOutcome('b')]
  const changes = [{ field: `f${text}`, now: `o${text}`, then: `n${text}` }]
  const step = `Would do ${text}`
  const description = { extent: 'whole', metadata: { [`x${text}`]: `y${text}` } } as const
  const foreseen: Foreseen = { step, isAsked: true, publishes: true, description, changes }
  const issues = [{ place: { file: `f${text}`, line: 2 }, problem: `p${text}` }]
  const error = new InputError(issues, { hint: `h${text}` })
  const common = { checked, journal }
  const outputs = {
    ...draftOutputs,
    version: `v${text}`,
    'badge-markdown': text,
    'record-url': text,
  }
  return [
    tellDone({ state: 'published', deposit, files }, common),
    tellDone({ deposit: DRAFT, files }, { ...common, outputs }),
    tellDone({ state: 'planned', deposit: undefined, files, foreseen }, common),
    tellStop(fail(error), 'Uploading', { ...common, outputs: draftOutputs }),
    tellStop(fail(new FileError(text, `m${text}`, { hint: `h${text}` })), 'Checking', common),
  ]
}

describe('any summary', () => {
  const origins = ['https://zenodo.org', 'https://doi.org']

  test('has the same elements, links and pictures whatever stands in names, metadata and answers', () => {
    const benign = tellHostile('z').map((told) => toTags(render(toSummary(told))))
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const [index, told] of tellHostile(`z${text}z`).entries()) {
          const html = render(toSummary(told))
          const addresses = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(
            ([, one]) => one ?? '',
          )

          expect(toTags(html)).toEqual(benign[index])
          for (const one of addresses) expect(origins).toContain(new URL(one).origin)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('stays below 100 kB, and says what it leaves out', () => {
    const text = '|😀\u202e`<'.repeat(60).slice(0, 254)
    const files = Array.from({ length: 100 }, (_, n) =>
      createOutcome(`${n}${text}`, { checksum: text }),
    )
    const sources = Object.fromEntries(files.map(({ key }) => [key, text]))
    const metadata = createMetadata({ metadata: sources, sources })
    const remarks = files.map(({ key }): Remark => ({
      kind: 'warning',
      text: key.repeat(5),
      place: { file: key },
    }))
    const issues = files.map(({ key }) => ({ place: { file: key }, problem: key.repeat(9) }))
    const changes = files.map(({ key }) => ({ field: key, now: key, then: text }))
    const description = { extent: 'whole', metadata: sources } as const
    const foreseen: Foreseen = { step: text, isAsked: true, publishes: true, description, changes }
    const hidden = files.map(({ key }) => key)
    const checked = createChecked({ metadata, hidden })
    const common = { checked, journal: { remarks, stages: [] } }
    const deposit = createDeposit({ ...RECORD, metadata: sources })
    const all = [
      tellDone({ state: 'published', deposit, files }, common),
      tellDone({ state: 'planned', deposit, files, foreseen }, common),
      tellStop(fail(new InputError(issues, { hint: text.repeat(9) })), 'Uploading', {
        ...common,
        outputs: draftOutputs,
      }),
    ].map(toSummary)

    for (const summary of all) {
      expect(Buffer.byteLength(summary)).toBeLessThan(100_000)
      expect(summary).toMatch(/… and \d+ more/)
    }
  })

  test('shows all of 100 files with names of 255 letters', () => {
    const files = Array.from({ length: 100 }, (_, n) => createOutcome(`${n}${'ä'.repeat(249)}.csv`))

    const summary = toSummary(tellDone({ files }))

    expect(Buffer.byteLength(summary)).toBeLessThan(100_000)
    expect(summary.match(/ \| uploaded \|/g)).toHaveLength(100)
  })
})
