import { readFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { InputError } from '../../src/errors.ts'
import { startZenodo, type Zenodo, type ZenodoOptions } from '../../test-server/server.ts'
import { runDeposit, type DepositRun, type DepositRunEnd } from '../support/deposit-run.ts'
import type { TemporaryFolder } from '../support/temporary-folder.ts'
import { createDataWorkspace, METADATA } from '../support/workspace.ts'

const FILES = { 'data/a.csv': 'time,level\n1,2\n', 'data/b.csv': 'time,level\n3,4\n' }

/** A server and a workspace, and runs of the step on them. */
class Stage implements AsyncDisposable {
  readonly zenodo: Zenodo
  readonly workspace: TemporaryFolder

  constructor(zenodo: Zenodo, workspace: TemporaryFolder) {
    this.zenodo = zenodo
    this.workspace = workspace
  }

  run(inputs: DepositRun['inputs'], more: Partial<DepositRun> = {}): Promise<DepositRunEnd> {
    const { url, tokens } = this.zenodo
    const base = { url, token: tokens['alice'] ?? '', workspace: this.workspace.path }
    return runDeposit({ ...base, ...more, inputs })
  }

  /** Publishes `data/*` as version 1 and returns its outputs. */
  async publishFirst(more: Partial<DepositRun> = {}): Promise<DepositRunEnd['outputs']> {
    const end = await this.run(
      { files: 'data/*', publish: 'true', version: '1' },
      { tag: 'v1', ...more },
    )
    expect(end.error).toBeUndefined()
    return end.outputs
  }

  /** Requests that wrote since the request number `from`. */
  writesSince(from: number): readonly string[] {
    return this.zenodo.requests
      .slice(from)
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`)
  }

  filesOf(id: string | undefined): readonly string[] {
    return (this.zenodo.deposit(id ?? '')?.files ?? []).map(({ key }) => key).toSorted()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.zenodo.close()
    await this.workspace[Symbol.asyncDispose]()
  }
}

async function setStage(
  options: {
    files?: Readonly<Record<string, string | Buffer>>
    metadata?: unknown
    server?: ZenodoOptions
  } = {},
): Promise<Stage> {
  const metadata = 'metadata' in options ? options.metadata : METADATA
  return new Stage(
    await startZenodo(options.server),
    await createDataWorkspace(options.files ?? FILES, metadata),
  )
}

const problemsOf = ({ error }: DepositRunEnd): string =>
  error instanceof InputError
    ? error.issues.map(({ problem }) => problem).join('\n')
    : String(error)

describe('a new deposit', () => {
  test('is made by one POST with its metadata and its mark, and stays a draft', async () => {
    await using stage = await setStage()

    const { outputs, error } = await stage.run({ files: 'data/*' }, { tag: 'v1' })

    expect(error).toBeUndefined()
    const [create, ...others] = stage.zenodo.requests.filter(
      ({ method, path }) => method === 'POST' && path === '/api/deposit/depositions',
    )
    expect(others).toEqual([])
    expect(create?.body).toMatchObject({
      metadata: {
        title: METADATA.title,
        version: 'v1',
        related_identifiers: [
          { identifier: 'https://github.com/octo/rivers/tree/v1', relation: 'isSupplementTo' },
        ],
      },
    })
    expect(outputs).toMatchObject({
      state: 'draft',
      published: 'false',
      version: 'v1',
      'concept-doi': '',
    })
    expect(outputs.doi).toBe(stage.zenodo.deposit(outputs['deposit-id'] ?? '')?.reservedDoi)
    expect(stage.filesOf(outputs['deposit-id'])).toEqual(['a.csv', 'b.csv'])
  })

  test('is published when told to, and tells every output', async () => {
    await using stage = await setStage()

    const outputs = await stage.publishFirst()

    const id = outputs['deposit-id'] ?? ''
    const { url } = stage.zenodo
    expect(outputs).toMatchObject({
      state: 'published',
      published: 'true',
      doi: `10.5281/zenodo.${id}`,
      'doi-url': `https://doi.org/10.5281/zenodo.${id}`,
      'concept-doi': `10.5281/zenodo.${outputs['concept-id'] ?? ''}`,
      'record-url': `${url}/records/${id}`,
      'uploaded-count': '2',
      'kept-count': '0',
      'removed-count': '0',
      version: '1',
    })
    expect(JSON.parse(outputs.files ?? '')).toMatchObject([
      { key: 'a.csv', size: 15, action: 'uploaded', url: `${url}/records/${id}/files/a.csv` },
      { key: 'b.csv', size: 15, action: 'uploaded' },
    ])
    expect(outputs['badge-markdown']).toContain(`(https://doi.org/${outputs['concept-doi'] ?? ''})`)
  })

  test('is made once although the answer to the create call was lost', async () => {
    for (const loseAnswer of ['close', '504'] as const) {
      await using stage = await setStage()
      stage.zenodo.fault({ method: 'POST', path: '/api/deposit/depositions', loseAnswer })

      const { error } = await stage.run({ files: 'data/*' }, { tag: 'v1' })

      expect(error).toBeUndefined()
      expect(stage.zenodo.deposits()).toHaveLength(1)
    }
  })

  test('leaves drafts alone that a person made, even with the same title', async () => {
    await using stage = await setStage()
    const { url, tokens } = stage.zenodo
    await fetch(`${url}/api/deposit/depositions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokens['alice'] ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ metadata: METADATA }),
    })

    const { outputs } = await stage.run({ files: 'data/*', publish: 'true' }, { tag: 'v1' })

    expect(stage.zenodo.deposits()).toHaveLength(2)
    const byHand = stage.zenodo.deposits().find(({ id }) => String(id) !== outputs['deposit-id'])
    expect(byHand).toMatchObject({ state: 'unsubmitted', files: [] })
  })

  test('whose title is corrected after a failure is the same deposit', async () => {
    await using stage = await setStage()
    await stage.run({ files: 'data/*' }, { tag: 'v1' })

    await stage.run({ files: 'data/*', metadata: 'title: A better title' }, { tag: 'v1' })

    expect(stage.zenodo.deposits().map(({ metadata }) => metadata['title'])).toEqual([
      'A better title',
    ])
  })

  test('leaves a draft alone that only cites the repository at the tag', async () => {
    await using stage = await setStage()
    const cited = 'https://github.com/octo/rivers/tree/v1'
    const related = { related_identifiers: [{ identifier: cited, relation: 'cites' }] }
    await fetch(`${stage.zenodo.url}/api/deposit/depositions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stage.zenodo.tokens['alice'] ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ metadata: { ...METADATA, ...related } }),
    })

    await stage.run({ files: 'data/*' }, { tag: 'v1' })

    expect(stage.zenodo.deposits()).toHaveLength(2)
  })

  test('of a second title from the same tag is another deposit', async () => {
    await using stage = await setStage()
    await stage.run({ files: 'data/a.csv' }, { tag: 'v1' })

    await stage.run({ files: 'data/b.csv', metadata: 'title: Another dataset' }, { tag: 'v1' })

    expect(stage.zenodo.deposits().map(({ files }) => files.map(({ key }) => key))).toEqual([
      ['a.csv'],
      ['b.csv'],
    ])
  })

  test('warns that a second concept is made when CITATION.cff names a record', async () => {
    await using stage = await setStage()
    const citation = [
      'cff-version: 1.2.0',
      'message: Cite it.',
      'title: T',
      'authors:',
      '  - name: N',
      'doi: 10.5281/zenodo.123',
      '',
    ]
    await stage.workspace.write('CITATION.cff', citation.join('\n'))

    const { log } = await stage.run({ files: 'data/*' })

    expect(log.filter((line) => line.startsWith('warning: CITATION.cff'))).toEqual([
      expect.stringContaining('deposit-id: 10.5281/zenodo.123'),
    ])
  })
})

describe('a second record of one repository', () => {
  const warnings = (log: readonly string[]): readonly string[] =>
    log.filter((line) => line.startsWith('warning: Record '))
  const publish = { files: 'data/*', publish: 'true' }

  test.each([
    ['is warned of, with the line that makes a next version', 'v2', METADATA.title, 1],
    ['is fine under another title', 'v2', 'Another set of data', 0],
  ])('%s', async (_, tag, title, count) => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('.zenodo.json', JSON.stringify({ ...METADATA, title }))
    await stage.workspace.write('data/a.csv', 'second\n')

    const { log, error } = await stage.run(publish, { tag })

    expect(error).toBeUndefined()
    expect(warnings(log)).toHaveLength(count)
    for (const line of warnings(log)) {
      expect(line).toContain(`deposit-id: '${first['concept-id'] ?? ''}'`)
    }
  })

  test('is not warned of where nobody can say, and that stops nothing', async () => {
    await using stage = await setStage()
    await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    stage.zenodo.fault({
      method: 'GET',
      path: '/api/deposit/depositions',
      skip: 1,
      answer: { status: 400, json: { status: 400, message: 'No.' } },
    })

    const { log, error } = await stage.run(publish, { tag: 'v2' })

    expect(error).toBeUndefined()
    expect(warnings(log)).toEqual([])
  })
})

describe('a name finds its deposit', () => {
  const names = (origin: string, id: string, concept: string): readonly string[] => [
    id,
    concept,
    `10.5281/zenodo.${id}`,
    `10.5281/zenodo.${concept}`,
    `doi:10.5281/zenodo.${id}`,
    `https://doi.org/10.5281/zenodo.${concept}`,
    `${origin}/records/${id}`,
    `${origin}/record/${id}`,
    `${origin}/deposit/${id}`,
    `${origin}/uploads/${id}`,
    `${origin}/doi/10.5281/zenodo.${id}`,
    `${origin}/api/records/${id}`,
    `${origin}/api/deposit/depositions/${id}`,
    `${origin}/badge/DOI/10.5281/zenodo.${id}.svg`,
  ]

  test('of a published record in any way it can be written', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const { url } = stage.zenodo

    for (const name of names(url, first['deposit-id'] ?? '', first['concept-id'] ?? '')) {
      const { outputs, error } = await stage.run({ 'deposit-id': name, files: 'data/*' })
      expect({ name, error }).toEqual({ name, error: undefined })
      expect({ name, state: outputs.state, id: outputs['deposit-id'] }).toEqual({
        name,
        state: 'unchanged',
        id: first['deposit-id'],
      })
    }
  })

  test('of a draft by its id, its concept id, its reserved DOI and its address', async () => {
    await using stage = await setStage()
    const { outputs: draft } = await stage.run({ files: 'data/a.csv' })
    const id = draft['deposit-id'] ?? ''

    for (const name of [
      id,
      draft['concept-id'] ?? '',
      draft.doi ?? '',
      `${stage.zenodo.url}/deposit/${id}`,
    ]) {
      const { outputs, error } = await stage.run({ 'deposit-id': name, files: 'data/*' })
      expect({ name, error, id: outputs['deposit-id'] }).toEqual({ name, error: undefined, id })
    }
    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test('of an older version, and means the latest', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'changed\n')
    const second = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '2',
    })
    expect(second.error).toBeUndefined()

    const third = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '2',
    })

    expect(third.outputs).toMatchObject({
      state: 'unchanged',
      'deposit-id': second.outputs['deposit-id'],
    })
  })

  test.each([
    ['nothing', '99999999', /knows no deposit 99999999/],
    ['a DOI of another repository', '10.1234/foo', /may have been made elsewhere/],
  ])('or a sentence: %s', async (_, name, sentence) => {
    await using stage = await setStage()

    const end = await stage.run({ 'deposit-id': name, files: 'data/*' })

    expect(problemsOf(end)).toMatch(sentence)
    expect(stage.writesSince(0)).toEqual([])
  })

  test("or a sentence: somebody else's, draft or record", async () => {
    await using stage = await setStage()
    const bob = { token: stage.zenodo.tokens['bob'] ?? '' }
    const draft = await stage.run({ files: 'data/*' }, bob)
    const record = await stage.publishFirst(bob)
    const from = stage.zenodo.requests.length

    for (const id of [draft.outputs['deposit-id'], record['deposit-id'], record['concept-id']]) {
      const end = await stage.run({ 'deposit-id': id ?? '', files: 'data/*' })
      expect(problemsOf(end)).toMatch(/belongs to another account/)
    }
    expect(stage.writesSince(from)).toEqual([])
  })

  test('or a sentence: a token that the server does not know', async () => {
    await using stage = await setStage()
    const { outputs } = await stage.run({ files: 'data/*' })

    for (const inputs of [
      { files: 'data/*' },
      { files: 'data/*', 'deposit-id': outputs['deposit-id'] ?? '' },
    ]) {
      const end = await stage.run(inputs, { token: 'wrong' })
      expect(problemsOf(end)).toMatch(/does not accept this token/)
    }
  })
})

describe('the next version', () => {
  test('sends only the difference', async () => {
    await using stage = await setStage({ files: { ...FILES, 'data/gone.csv': 'x\n' } })
    const first = await stage.publishFirst()
    await stage.workspace.write('data/b.csv', 'other bytes\n')
    await stage.workspace.write('data/new.csv', 'new\n')
    const from = stage.zenodo.requests.length

    const { outputs, error } = await stage.run(
      { 'deposit-id': first['concept-id'] ?? '', files: 'data/*\n!data/gone.csv', publish: 'true' },
      { tag: 'v2' },
    )

    expect(error).toBeUndefined()
    const sent = stage.writesSince(from).filter((line) => line.startsWith('PUT /api/files/'))
    expect(sent.map((line) => line.split('/').at(-1)).toSorted()).toEqual(['b.csv', 'new.csv'])
    expect(stage.filesOf(outputs['deposit-id'])).toEqual(['a.csv', 'b.csv', 'new.csv'])
    expect(outputs).toMatchObject({
      state: 'published',
      version: 'v2',
      'uploaded-count': '2',
      'kept-count': '1',
      'removed-count': '1',
    })
    expect(stage.filesOf(first['deposit-id'])).toEqual(['a.csv', 'b.csv', 'gone.csv'])
  })

  test('continues a draft that somebody left, with files in it', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const left = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      version: '2',
    })
    await stage.workspace.write('data/a.csv', 'third\n')

    const { outputs } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '2',
    })

    expect(outputs).toMatchObject({ 'deposit-id': left.outputs['deposit-id'], state: 'published' })
    expect(stage.zenodo.deposits()).toHaveLength(2)
  })

  test('is made through the old call where the server lacks the new one', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    stage.zenodo.fault({
      method: 'POST',
      path: '/api/records/*/versions',
      times: Infinity,
      answer: {
        status: 404,
        json: { status: 404, message: 'The requested URL was not found on the server.' },
      },
    })

    const once = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      version: '2',
    })
    const again = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      version: '2',
      publish: 'true',
    })

    expect([once.error, again.error]).toEqual([undefined, undefined])
    expect(again.outputs).toMatchObject({
      'deposit-id': once.outputs['deposit-id'],
      state: 'published',
    })
    expect(stage.filesOf(again.outputs['deposit-id'])).toEqual(['a.csv', 'b.csv'])
  })

  test('keeps metadata that the deposit form cannot say, where no file gives metadata', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')

    const { outputs, error } = await stage.run(
      {
        'deposit-id': first['deposit-id'] ?? '',
        files: 'data/*',
        'metadata-file': 'none',
        publish: 'true',
      },
      { tag: 'v2', today: new Date('2027-01-02T03:04:05Z') },
    )

    expect(error).toBeUndefined()
    const [before, after] = [first['deposit-id'], outputs['deposit-id']].map((id) =>
      stage.zenodo.deposit(id ?? ''),
    )
    expect(after?.metadata).toMatchObject({
      version: 'v2',
      publication_date: '2027-01-02',
      title: METADATA.title,
    })
    expect(after?.native['creators']).toEqual(before?.native['creators'])
    expect(after?.native['rights']).toEqual(before?.native['rights'])
  })

  test('that was filled before is published by a step that names no files', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const filled = await stage.run(
      { 'deposit-id': first['deposit-id'] ?? '', files: 'data/*' },
      { tag: 'v2' },
    )
    const publishOnly = { 'deposit-id': filled.outputs['deposit-id'] ?? '', publish: 'true' }

    const published = await stage.run(publishOnly, { tag: 'v2' })
    const again = await stage.run(publishOnly, { tag: 'v2' })

    expect(published.outputs).toMatchObject({
      state: 'published',
      'deposit-id': filled.outputs['deposit-id'],
      version: 'v2',
    })
    expect(again.outputs.state).toBe('unchanged')
    expect(stage.zenodo.deposits()).toHaveLength(2)
  })

  test('is refused when its version is published already with other files', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const from = stage.zenodo.requests.length

    const end = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      publish: 'true',
      version: '1',
    })

    expect(problemsOf(end)).toMatch(/Version 1 is published already/)
    expect(stage.writesSince(from)).toEqual([])
  })

  test.each([
    ['skip', 'unchanged', 1],
    ['publish', 'published', 2],
  ])('of an unchanged set with if-unchanged: %s ends as %s', async (word, state, versions) => {
    await using stage = await setStage()
    const first = await stage.publishFirst()

    const { outputs } = await stage.run(
      {
        'deposit-id': first['deposit-id'] ?? '',
        files: 'data/*',
        publish: 'true',
        'if-unchanged': word,
      },
      { tag: 'v2' },
    )

    expect(outputs.state).toBe(state)
    expect(stage.zenodo.deposits()).toHaveLength(versions)
  })

  test('of an unchanged set fails with if-unchanged: error, before any write', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const from = stage.zenodo.requests.length

    const end = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      'if-unchanged': 'error',
    })

    expect(problemsOf(end)).toMatch(/exactly these files already/)
    expect(stage.writesSince(from)).toEqual([])
  })

  test('is refused with if-published: error', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')

    const end = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      'if-published': 'error',
    })

    expect(problemsOf(end)).toMatch(/if-published is error/)
  })
})

describe('if-published: update-metadata', () => {
  test('edits the record, leaves its files, and publishes', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()

    const { outputs, error } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      metadata: 'title: A better title',
      publish: 'true',
    })

    expect(error).toBeUndefined()
    expect(outputs).toMatchObject({
      state: 'published',
      'deposit-id': first['deposit-id'],
      doi: first.doi,
    })
    expect(stage.zenodo.deposit(first['deposit-id'] ?? '')).toMatchObject({
      state: 'done',
      metadata: { title: 'A better title' },
    })
    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test('keeps version and tag of the record, which the file does not name', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('.zenodo.json', JSON.stringify({ ...METADATA, title: 'Better' }))

    const { error } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      publish: 'true',
    })

    expect(error).toBeUndefined()
    expect(stage.zenodo.deposit(first['deposit-id'] ?? '')?.metadata).toMatchObject({
      title: 'Better',
      version: '1',
      related_identifiers: [{ identifier: 'https://github.com/octo/rivers/tree/v1' }],
    })
  })

  test('drops its edit when the server refuses, so that the record stays as it was', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    stage.zenodo.fault({
      method: 'POST',
      path: '/api/deposit/depositions/*/actions/publish',
      answer: {
        status: 400,
        json: {
          status: 400,
          message: 'A validation error occurred.',
          errors: [{ field: 'metadata.title', messages: ['Nope.'] }],
        },
      },
    })

    const end = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      'if-published': 'update-metadata',
      metadata: 'title: A better title',
      publish: 'true',
    })

    expect(problemsOf(end)).toContain('Nope.')
    expect(stage.zenodo.deposit(first['deposit-id'] ?? '')).toMatchObject({
      state: 'done',
      metadata: { title: METADATA.title },
    })
  })

  test('leaves its edit alone when the job is cancelled while it is being published', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const job = new AbortController()
    stage.zenodo.fault({
      method: 'POST',
      path: '/api/deposit/depositions/*/actions/publish',
      before: () => job.abort(new Error('cancelled')),
    })
    const from = stage.zenodo.requests.length

    const { error } = await stage.run(
      {
        'deposit-id': first['deposit-id'] ?? '',
        'if-published': 'update-metadata',
        metadata: 'title: A better title',
        publish: 'true',
      },
      { signal: job.signal },
    )

    expect(error).toBe(job.signal.reason)
    expect(stage.writesSince(from).filter((line) => line.endsWith('/discard'))).toEqual([])
  })
})

describe('existing-files', () => {
  const more = { ...FILES, 'data/c.csv': 'c\n' }

  test.each([
    ['replace', ['b.csv', 'c.csv']],
    ['keep', ['a.csv', 'b.csv', 'c.csv']],
  ])('%s', async (word, wanted) => {
    await using stage = await setStage({ files: more })
    const { outputs: draft } = await stage.run({ files: 'data/a.csv\ndata/b.csv' })
    await stage.workspace.write('data/b.csv', 'changed\n')

    const { outputs, error } = await stage.run({
      'deposit-id': draft['deposit-id'] ?? '',
      files: 'data/b.csv\ndata/c.csv',
      'existing-files': word,
    })

    expect(error).toBeUndefined()
    expect(stage.filesOf(outputs['deposit-id'])).toEqual(wanted)
    expect(
      stage.zenodo
        .deposit(outputs['deposit-id'] ?? '')
        ?.files.find(({ key }) => key === 'b.csv')
        ?.content?.toString(),
    ).toBe('changed\n')
  })

  test('replace removes nothing where no pattern matches and that is fine', async () => {
    await using stage = await setStage({ files: more })
    const { outputs: draft } = await stage.run({ files: 'data/a.csv' })

    const { error } = await stage.run({
      'deposit-id': draft['deposit-id'] ?? '',
      files: 'none/*',
      'if-no-files-found': 'ignore',
    })

    expect(error).toBeUndefined()
    expect(stage.filesOf(draft['deposit-id'])).toEqual(['a.csv'])
  })

  test('error stops before any upload', async () => {
    await using stage = await setStage({ files: more })
    const { outputs: draft } = await stage.run({ files: 'data/a.csv' })
    const from = stage.zenodo.requests.length

    const end = await stage.run({
      'deposit-id': draft['deposit-id'] ?? '',
      files: 'data/b.csv',
      'existing-files': 'error',
    })

    expect(problemsOf(end)).toMatch(/a\.csv/)
    expect(stage.writesSince(from)).toEqual([])
  })

  test('removes nothing when an upload failed', async () => {
    await using stage = await setStage({ files: more })
    const { outputs: draft } = await stage.run({ files: 'data/a.csv' })
    stage.zenodo.fault({
      method: 'PUT',
      path: '/api/files/*/*',
      times: Infinity,
      answer: { status: 400, json: { status: 400, message: 'Bucket quota exceeded.' } },
    })

    const end = await stage.run({ 'deposit-id': draft['deposit-id'] ?? '', files: 'data/b.csv' })

    expect(String(end.error)).toMatch(/Bucket quota exceeded/)
    expect(stage.filesOf(draft['deposit-id'])).toEqual(['a.csv'])
  })
})

describe('reserve, build, publish', () => {
  test.each([['10.5281'], ['10.5072']])(
    'puts the DOI with prefix %s into the files and publishes under it',
    async (doiPrefix) => {
      await using stage = await setStage({ server: { doiPrefix } })
      const citation = [
        'cff-version: 1.2.0 # keep me',
        'message: Cite it.',
        'title: "T"',
        'authors:',
        '  - name: N',
        '',
      ]
      await stage.workspace.write('CITATION.cff', citation.join('\n'))

      const reserved = await stage.run({ 'update-citation': 'true' }, { tag: 'v1' })
      await stage.workspace.write('data/readme.txt', `Cite ${reserved.outputs.doi ?? ''}\n`)
      const published = await stage.run(
        {
          'deposit-id': reserved.outputs['deposit-id'] ?? '',
          files: 'data/*\nCITATION.cff',
          publish: 'true',
        },
        { tag: 'v1' },
      )

      expect([reserved.error, published.error]).toEqual([undefined, undefined])
      expect(reserved.outputs.doi).toMatch(new RegExp(`^${doiPrefix}/zenodo\\.\\d+$`))
      expect(published.outputs).toMatchObject({ state: 'published', doi: reserved.outputs.doi })
      const cff = await readFile(stage.workspace.at('CITATION.cff'), 'utf8')
      expect(cff).toContain('# keep me')
      expect(stage.filesOf(published.outputs['deposit-id'])).toContain('CITATION.cff')
    },
  )
})

describe('publishing tells the truth', () => {
  const path = '/api/deposit/depositions/*/actions/publish'

  test.each([
    ['a gateway time-out after it worked', { loseAnswer: '504' } as const, 'published'],
    ['a connection lost after it worked', { loseAnswer: 'close' } as const, 'published'],
    [
      'a 503 before it worked',
      { answer: { status: 503, html: '<h1>Maintenance</h1>' } } as const,
      'published',
    ],
    [
      'a rate limit',
      {
        answer: {
          status: 429,
          headers: { 'retry-after': '1' },
          json: { status: 429, message: '1 per 1 minute' },
        },
      } as const,
      'published',
    ],
  ])('after %s', async (_, fault, state) => {
    await using stage = await setStage()
    stage.zenodo.fault({ method: 'POST', path, ...fault })

    const { outputs, error } = await stage.run({ files: 'data/*', publish: 'true' })

    expect(error).toBeUndefined()
    expect(outputs.state).toBe(state)
    expect(stage.zenodo.deposits()).toHaveLength(1)
  })

  test('and says unknown if nothing settles it', async () => {
    await using stage = await setStage()
    stage.zenodo.fault({
      method: 'POST',
      path,
      times: Infinity,
      answer: { status: 504, html: '<h1>Time-out</h1>' },
    })

    const { error, outputs } = await stage.run({ files: 'data/*', publish: 'true' })

    expect(error).toMatchObject({ name: 'DoubtfulPublishError' })
    expect(outputs.published).toBe('false')
  })

  test("and names the server's reasons in the words of the file when it refuses", async () => {
    await using stage = await setStage()
    stage.zenodo.fault({
      method: 'POST',
      path,
      answer: {
        status: 400,
        json: {
          status: 400,
          message: 'A validation error occurred.',
          errors: [
            { field: 'metadata.resource_type', messages: ['Missing data for required field.'] },
          ],
        },
      },
    })

    const end = await stage.run({ files: 'data/*', publish: 'true' })

    expect(problemsOf(end)).toMatch(/upload_type: Missing data/)
    expect(end.error).toMatchObject({ issues: [{ place: { file: '.zenodo.json', line: 3 } }] })
    expect(end.outputs).toMatchObject({ state: 'draft', published: 'false' })
  })

  test('leaves the draft of a prerelease', async () => {
    await using stage = await setStage()
    const event = { release: { id: 1, tag_name: 'v1-rc1', prerelease: true } }

    const { outputs, log } = await stage.run(
      { files: 'data/*', publish: 'true' },
      { event, env: { GITHUB_EVENT_NAME: 'release' } },
    )

    expect(outputs.state).toBe('draft')
    expect(log.join('\n')).toMatch(/publish-prereleases: true/)
  })
})

describe('the token', () => {
  test('is not sent to a bucket at another origin', async () => {
    await using stage = await setStage()
    await using stranger = await startZenodo()
    stage.zenodo.fault({
      times: Infinity,
      rewriteLinks: (link) =>
        link.replace(/^http:\/\/[^/]+\/api\/files/, `${stranger.url}/api/files`),
    })

    const { error } = await stage.run({ files: 'data/*' })

    expect(error).toMatchObject({ name: 'ProtocolError' })
    expect(stranger.requests).toEqual([])
  })

  test('does not follow a redirect', async () => {
    await using stage = await setStage()
    await using stranger = await startZenodo()
    stage.zenodo.fault({
      method: 'PUT',
      path: '/api/files/*/*',
      times: Infinity,
      redirect: `${stranger.url}/x`,
    })

    const { error } = await stage.run({ files: 'data/*' })

    expect(error).toMatchObject({ name: 'ProtocolError' })
    expect(String(error)).toMatch(/redirected PUT .* and a request with the token is not followed/)
    expect(stranger.requests).toEqual([])
  })
})

describe('a server that repeats the token', () => {
  test('is not repeated', async () => {
    await using stage = await setStage()
    const token = stage.zenodo.tokens['alice'] ?? ''
    const message = `bad ${token}`
    stage.zenodo.fault({
      method: 'PUT',
      path: '/api/files/*/*',
      times: Infinity,
      answer: { status: 400, json: { status: 400, message } },
    })

    const { error, log } = await stage.run({ files: 'data/*' })

    expect(String(error)).toContain('bad ***')
    expect([String(error), ...log].join('\n')).not.toContain(token)
  })
})

describe('communities', () => {
  test('that do not exist stop the run before the first write', async () => {
    await using stage = await setStage({ server: { communities: ['rivers'] } })

    const end = await stage.run({ files: 'data/*', communities: 'rivers\nlakes', publish: 'true' })

    expect(problemsOf(end)).toMatch(/lakes/)
    expect(problemsOf(end)).not.toMatch(/rivers"/)
    expect(stage.writesSince(0)).toEqual([])
  })

  test('that exist are told to wait for their curators', async () => {
    await using stage = await setStage({ server: { communities: ['rivers'] } })

    const { error, log } = await stage.run({
      files: 'data/*',
      communities: 'rivers',
      publish: 'true',
    })

    expect(error).toBeUndefined()
    expect(log.join('\n')).toMatch(/notice: The record waits for the decision/)
  })

  test('that cannot be read afterwards do not make a failure of what is published', async () => {
    await using stage = await setStage({ server: { communities: ['rivers'] } })
    stage.zenodo.fault({
      path: '/api/records/*/requests',
      answer: { status: 500, html: 'Oh' },
      times: Infinity,
    })

    const { error, outputs, log } = await stage.run({
      files: 'data/*',
      communities: 'rivers',
      publish: 'true',
    })

    expect(error).toBeUndefined()
    expect(outputs.state).toBe('published')
    expect(log.join('\n')).toMatch(/warning: Whether the record was submitted .* is not known/)
  })
})

describe('a dry run', () => {
  test('without a token asks nobody', async () => {
    await using stage = await setStage()

    const { outputs, error } = await stage.run(
      { files: 'data/*', 'dry-run': 'true', publish: 'true' },
      { token: '', env: { GITHUB_EVENT_NAME: 'pull_request' } },
    )

    expect(error).toBeUndefined()
    expect(outputs).toMatchObject({ state: 'planned', published: 'false', 'uploaded-count': '2' })
    expect(stage.zenodo.requests).toEqual([])
  })

  test('without a token warns of what only the server can tell', async () => {
    await using stage = await setStage()
    const inputs = { files: 'data/*', communities: 'brook-lab', 'dry-run': 'true' }

    const { log } = await stage.run(inputs, { token: '' })

    expect(log.filter((line) => line.startsWith('warning: '))).toEqual([
      expect.stringContaining('brook-lab'),
    ])
  })

  test('with a token reads, writes nothing, and shows the difference', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('data/a.csv', 'second\n')
    const from = stage.zenodo.requests.length

    const { outputs } = await stage.run({
      'deposit-id': first['deposit-id'] ?? '',
      files: 'data/*',
      'dry-run': 'true',
    })

    expect(outputs).toMatchObject({ state: 'planned', 'uploaded-count': '1', 'kept-count': '1' })
    expect(stage.writesSince(from)).toEqual([])
  })
})

describe('files of a draft that the step does not name', () => {
  test('are removed with a notice that says how to keep them', async () => {
    await using stage = await setStage()
    const first = await stage.run({ files: 'data/*' }, { tag: 'v1' })

    const { log } = await stage.run(
      { files: 'data/a.csv', 'deposit-id': first.outputs['deposit-id'] ?? '' },
      { tag: 'v1' },
    )

    expect(log).toContain('Removed b.csv from the draft')
    expect(log.filter((line) => line.startsWith('notice: '))).toEqual([
      expect.stringMatching(
        /1 file .* was removed from the draft: b\.csv\. .*existing-files: keep/,
      ),
    ])
  })

  test('are copies in the draft of a next version, which are taken out without a notice', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()

    const { log } = await stage.run(
      { files: 'data/a.csv', 'deposit-id': first['deposit-id'] ?? '' },
      { tag: 'v2' },
    )

    expect(log).toContain(
      `Took the copy of b.csv out of the draft; version ${first['deposit-id'] ?? ''} keeps it`,
    )
    expect(log.filter((line) => line.startsWith('notice: '))).toEqual([])
  })
})

describe('a draft that somebody deletes while files are sent', () => {
  test('fails with a sentence that says what may have happened', async () => {
    await using stage = await setStage()
    const message = 'The persistent identifier is not registered.'
    stage.zenodo.fault({
      method: 'PUT',
      path: '/api/files/*/*',
      answer: { status: 404, json: { status: 404, message } },
    })

    const { error } = await stage.run({ files: 'data/a.csv' })

    expect(error).toMatchObject({
      name: 'ApiError',
      hint: expect.stringContaining('published or deleted meanwhile') as unknown,
    })
  })
})

describe('a draft that cannot take the new files beside the old ones', () => {
  const numbered = (name: string, count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`${name}/${name}${n}.csv`, `${n}\n`]),
    )

  test.each([
    ['before the old ones are removed', 'replace', /before those not named are removed/],
    ['although the old ones stay', 'keep', /existing-files: keep leaves/],
  ])('is refused before the first write, %s', async (_, existing, problem) => {
    await using stage = await setStage({
      files: { ...numbered('old', 60), ...numbered('new', 60) },
    })
    const first = await stage.run({ files: 'old/*' }, { tag: 'v1' })
    const from = stage.zenodo.requests.length
    const inputs = {
      files: 'new/*',
      'deposit-id': first.outputs['deposit-id'] ?? '',
      'existing-files': existing,
    }

    const dry = await stage.run({ ...inputs, 'dry-run': 'true' }, { tag: 'v1' })
    const real = await stage.run(inputs, { tag: 'v1' })

    expect(problemsOf(dry)).toMatch(problem)
    expect(problemsOf(real)).toMatch(problem)
    expect(stage.writesSince(from)).toEqual([])
  })

  test('is no draft of a next version that a run left with all its copies', async () => {
    await using stage = await setStage({
      files: { ...numbered('old', 60), ...numbered('new', 59) },
    })
    const first = await stage.run({ files: 'old/*', publish: 'true' }, { tag: 'v1' })
    const inputs = {
      files: 'new/*\nold/old0.csv',
      'deposit-id': first.outputs['deposit-id'] ?? '',
      publish: 'true',
    }
    stage.zenodo.fault({ method: 'DELETE', times: Infinity, refuseConnection: true })
    const failed = await stage.run({ ...inputs, retries: '0' }, { tag: 'v2' })
    stage.zenodo.clearFaults()

    const { error, outputs } = await stage.run(inputs, { tag: 'v2' })

    expect(failed.error).toBeDefined()
    expect(stage.filesOf(failed.outputs['deposit-id'])).toHaveLength(60)
    expect(error).toBeUndefined()
    expect(outputs).toMatchObject({ 'uploaded-count': '59', 'kept-count': '1' })
  })

  test('is no draft of a next version, whose copies are taken out first', async () => {
    await using stage = await setStage({
      files: { ...numbered('old', 60), ...numbered('new', 60) },
    })
    const first = await stage.run({ files: 'old/*', publish: 'true' }, { tag: 'v1' })

    const { error } = await stage.run(
      { files: 'new/*', 'deposit-id': first.outputs['deposit-id'] ?? '', publish: 'true' },
      { tag: 'v2' },
    )

    expect(error).toBeUndefined()
  })
})

describe('an edit of metadata by a run of a tag', () => {
  test('leaves the link to the tag that the record came from, and adds no other', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    await stage.workspace.write('.zenodo.json', JSON.stringify({ ...METADATA, title: 'Better' }))

    await stage.run(
      {
        'deposit-id': first['deposit-id'] ?? '',
        'if-published': 'update-metadata',
        publish: 'true',
      },
      { tag: 'v9' },
    )

    const [record] = stage.zenodo.deposits()
    expect(record?.metadata).toMatchObject({
      title: 'Better',
      related_identifiers: [{ identifier: 'https://github.com/octo/rivers/tree/v1' }],
    })
  })
})
