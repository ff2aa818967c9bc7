import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { InputError } from '../../src/errors.ts'
import { findChanges } from '../../src/metadata/find-changes.ts'
import { runDeposit, type DepositRun } from '../support/deposit-run.ts'
import { createDataWorkspace, METADATA } from '../support/workspace.ts'

/** A server and a workspace, and runs of one step with all files of `data/`. */
async function openStage(
  files: Readonly<Record<string, string>> = { 'data/a.csv': 'aaaa', 'data/b.csv': 'bb' },
) {
  const zenodo = await startZenodo()
  const folder = await createDataWorkspace(files)
  const run = (inputs: DepositRun['inputs'], more: Partial<DepositRun> = {}) =>
    runDeposit({
      url: zenodo.url,
      token: zenodo.tokens['alice'] ?? '',
      workspace: folder.path,
      ...more,
      inputs: { files: 'data/*', ...inputs },
    })
  const dispose = async (): Promise<void> => {
    await zenodo.close()
    await folder[Symbol.asyncDispose]()
  }
  return { zenodo, folder, run, [Symbol.asyncDispose]: dispose }
}

/** Runs the step for show, and proves that nothing was written. */
async function rehearse(
  { zenodo, run }: { zenodo: Zenodo; run: Awaited<ReturnType<typeof openStage>>['run'] },
  inputs: DepositRun['inputs'] = {},
  more: Partial<DepositRun> = {},
) {
  const before = { count: zenodo.requests.length, deposits: zenodo.deposits() }
  const end = await run({ 'dry-run': 'true', ...inputs }, more)
  const news = zenodo.requests.slice(before.count)
  expect(news.map(({ method }) => method).filter((method) => method !== 'GET')).toEqual([])
  expect(zenodo.deposits()).toEqual(before.deposits)
  return { ...end, requests: news }
}

describe('a dry run without a token', () => {
  test('plans a new deposit, and asks nobody', async () => {
    await using stage = await openStage()

    const { result, outputs, log, requests } = await rehearse(stage, {}, { token: '', tag: 'v1' })

    expect(requests).toEqual([])
    expect(result).toMatchObject({ state: 'planned', deposit: undefined })
    expect(outputs).toMatchObject({ state: 'planned', published: 'false', 'uploaded-count': '2' })
    expect(log).toEqual(
      expect.arrayContaining([
        '# Plan',
        'Would send a.csv (4 B)',
        'Would send b.csv (2 B)',
        'Metadata from .zenodo.json: title, upload_type, creators, description, license',
        'Metadata from tag: version',
        `Would leave a draft at ${stage.zenodo.url}`,
      ]),
    )
    expect(result?.foreseen).toMatchObject({ isAsked: false, publishes: false, changes: undefined })
    expect(result?.foreseen?.description.metadata).toMatchObject({
      title: METADATA.title,
      version: 'v1',
      related_identifiers: [{ identifier: 'https://github.com/octo/rivers/tree/v1' }],
    })
  })

  test('says that it cannot read the deposit that is named', async () => {
    await using stage = await openStage()

    const { log } = await rehearse(stage, { 'deposit-id': '123' }, { token: '' })

    expect(log).toContain('Without a token the deposit cannot be read: the plan sends every file')
  })

  test('warns of a second concept', async () => {
    await using stage = await openStage()
    const cff = 'cff-version: 1.2.0\nmessage: Cite it\ntitle: T\nauthors: [{name: N}]\n'
    await stage.folder.write('CITATION.cff', `${cff}doi: 10.5281/zenodo.12\n`)

    const { log } = await rehearse(stage, {}, { token: '' })

    expect(log.join('\n')).toMatch(/warning: CITATION\.cff names 10\.5281\/zenodo\.12/)
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['bad metadata', { metadata: 'upload_type: datset' }, /datset/],
    ['a pattern without a match', { files: 'none/*' }, /No file matches/],
    ['nothing to publish', { files: '', publish: 'true' }, /holds no file/],
  ])('fails for %s', async (_, inputs, sentence) => {
    await using stage = await openStage()

    const { error } = await rehearse(stage, inputs, { token: '' })

    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).message).toMatch(sentence)
  })
})

describe('a dry run with a token', () => {
  test('plans a new deposit where there is none', async () => {
    await using stage = await openStage()

    const { result, log } = await rehearse(stage, { publish: 'true' })

    expect(log).toContain('Would create a deposit')
    expect(log).toContain(`Would publish at ${stage.zenodo.url}`)
    expect(result?.foreseen).toMatchObject({ isAsked: true, publishes: true, changes: undefined })
  })

  test('compares files and metadata with a draft that is there', async () => {
    await using stage = await openStage()
    const { outputs } = await stage.run(
      { metadata: 'notes: Old\nkeywords: [water]' },
      { tag: 'v1' },
    )
    await stage.folder.write('data/b.csv', 'BB')
    await stage.folder.write('data/c.csv', 'c')

    const { result, log } = await rehearse(
      stage,
      {
        'deposit-id': outputs['deposit-id'] ?? '',
        files: 'data/[bc].csv',
        metadata: 'title: River levels 2027\nkeywords: [water]\nlanguage: eng',
      },
      { tag: 'v1' },
    )

    expect(result?.files.map(({ key, action }) => [key, action])).toEqual([
      ['c.csv', 'uploaded'],
      ['b.csv', 'replaced'],
      ['a.csv', 'removed'],
    ])
    expect(result?.foreseen?.changes?.map(({ field }) => field)).toEqual([
      'language',
      'notes',
      'title',
    ])
    expect(log).toEqual(
      expect.arrayContaining([
        `Would continue draft ${outputs['deposit-id'] ?? ''}`,
        'Would replace b.csv (2 B)',
        'Would remove a.csv (4 B)',
        '2 files to send (3 B), 1 of them in place of a file of the same name, 0 to keep, 1 to remove',
        'Would change title: River levels 2026 → River levels 2027',
        'Would remove notes, which the metadata file does not have: Old',
      ]),
    )
  })

  test('finds no change where the draft has it all', async () => {
    await using stage = await openStage()
    const { outputs } = await stage.run({}, { tag: 'v1' })

    const { result, log } = await rehearse(
      stage,
      { 'deposit-id': outputs['deposit-id'] ?? '' },
      { tag: 'v1' },
    )

    expect(result?.foreseen?.changes).toEqual([])
    expect(log).toContain('The metadata would stay as they are')
    expect(result?.files.map(({ action }) => action)).toEqual(['kept', 'kept'])
  })

  test('plans the next version against the one before', async () => {
    await using stage = await openStage()
    const { outputs } = await stage.run({ publish: 'true' }, { tag: 'v1' })
    await stage.folder.write('data/b.csv', 'BB')

    const { result, log } = await rehearse(
      stage,
      {
        'deposit-id': outputs['deposit-id'] ?? '',
        publish: 'true',
        'publication-date': '2031-02-03',
      },
      { tag: 'v2' },
    )

    expect(log).toContain(`Would open the version after record ${outputs['deposit-id'] ?? ''}`)
    expect(result?.files.map(({ key, action }) => [key, action])).toEqual([
      ['b.csv', 'replaced'],
      ['a.csv', 'kept'],
    ])
    expect(result?.foreseen?.changes?.map(({ field }) => field)).toEqual([
      'publication_date',
      'related_identifiers',
      'version',
    ])
  })

  test('refuses the DOI of the version before, as the run would', async () => {
    await using stage = await openStage()
    const { outputs } = await stage.run({ publish: 'true' })
    await stage.folder.write('data/b.csv', 'BB')

    const { error } = await rehearse(stage, {
      'deposit-id': outputs['deposit-id'] ?? '',
      metadata: `doi: ${outputs.doi ?? ''}`,
    })

    expect((error as InputError).message).toMatch(/cannot be that of the version after record 1001/)
  })

  test('plans an edit of published metadata, the files as they are', async () => {
    await using stage = await openStage()
    const { outputs } = await stage.run({ publish: 'true' })

    const { result, log } = await rehearse(stage, {
      'deposit-id': outputs['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      'metadata-file': 'none',
      metadata: 'title: Another',
    })

    expect(log).toContain(`Would edit the metadata of record ${outputs['deposit-id'] ?? ''}`)
    expect(result?.files.map(({ action }) => action)).toEqual(['kept', 'kept'])
    expect(result?.foreseen?.changes).toEqual([
      { field: 'title', now: METADATA.title, then: 'Another' },
    ])
  })

  test('of an edit keeps the version and the link to the release, as the edit does', async () => {
    await using stage = await openStage()
    const { outputs } = await stage.run({ publish: 'true' }, { tag: 'v1' })

    const { result } = await rehearse(stage, {
      'deposit-id': outputs['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      metadata: 'title: Another',
    })

    expect(result?.foreseen?.changes?.map(({ field }) => field)).toEqual(['title'])
  })

  test('reports an unchanged record as the run would', async () => {
    await using stage = await openStage()
    const { outputs } = await stage.run({ publish: 'true' })

    const { result } = await rehearse(stage, { 'deposit-id': outputs['deposit-id'] ?? '' })

    expect(result).toMatchObject({ state: 'unchanged' })
  })

  test('fails where the draft could not be published for want of a file', async () => {
    await using stage = await openStage()
    const { outputs } = await stage.run({ files: '' })

    const { error } = await rehearse(stage, {
      'deposit-id': outputs['deposit-id'] ?? '',
      files: '',
      publish: 'true',
    })

    expect((error as InputError).message).toMatch(/holds no file/)
  })
})

describe('what a dry run foresees', () => {
  const NEWS = 'title: Another title\nkeywords: [water, level]\nlicense: MIT'

  test.each<[string, DepositRun['inputs'], DepositRun['inputs']]>([
    ['a draft with a metadata file', {}, { metadata: NEWS }],
    ['a draft without one', {}, { 'metadata-file': 'none', metadata: NEWS }],
    ['a draft whose other files stay', {}, { 'existing-files': 'keep', files: 'data/b.csv' }],
    ['a draft whose files are left alone', {}, { files: '', metadata: NEWS }],
    ['the next version', { publish: 'true' }, { metadata: NEWS }],
    ['the next version without a metadata file', { publish: 'true' }, { 'metadata-file': 'none' }],
    ['an edit', { publish: 'true' }, { 'if-published': 'update-metadata', metadata: NEWS }],
  ])('is what the run then does: %s', async (_, first, inputs) => {
    await using stage = await openStage()
    const { outputs } = await stage.run({ ...first, metadata: 'notes: Old' }, { tag: 'v1' })
    await stage.folder.write('data/b.csv', 'BB')
    await stage.folder.write('data/c.csv', 'c')
    const step = { 'deposit-id': outputs['deposit-id'] ?? '', ...inputs }

    const plan = await rehearse(stage, step, { tag: 'v2' })
    const done = await stage.run(step, { tag: 'v2' })

    const filesOf = ({ result }: typeof done) =>
      result?.files.map(({ key, action }) => `${key} ${action}`).toSorted()
    const before = plan.result?.deposit?.metadata ?? {}
    const after = done.result?.deposit?.metadata ?? {}
    expect(filesOf(plan)).toEqual(filesOf(done))
    expect(plan.result?.foreseen?.changes?.map(({ field }) => field)).toEqual(
      findChanges(before, { extent: 'whole', metadata: after }).map(({ field }) => field),
    )
  })
})
