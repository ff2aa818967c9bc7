import { readFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { METADATA } from '../support/workspace.ts'
import { problemsOf, setStage } from './support/deposit-stage.ts'

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

  test('publishes nothing on a release event that tells of no release', async () => {
    await using stage = await setStage()

    const end = await stage.run(
      { files: 'data/*', publish: 'true' },
      { event: {}, env: { GITHUB_EVENT_NAME: 'release' } },
    )

    expect(problemsOf(end)).toMatch(/nobody knows whether it is a prerelease/)
    expect(stage.zenodo.requests).toEqual([])
  })

  test('of an empty draft without files is refused before anything is written', async () => {
    await using stage = await setStage()
    const reserved = await stage.run({})
    const from = stage.zenodo.requests.length

    const end = await stage.run({
      'deposit-id': reserved.outputs['deposit-id'] ?? '',
      publish: 'true',
    })

    expect(problemsOf(end)).toMatch(/The deposit holds no file/)
    expect(stage.writesSince(from)).toEqual([])
  })

  test('of a version that the record would not get is refused', async () => {
    await using stage = await setStage()

    const end = await stage.run({ files: 'data/*', publish: 'true', version: '1'.repeat(192) })

    expect(problemsOf(end)).toMatch(/version.*up to 191 characters/)
    expect(stage.zenodo.requests).toEqual([])
  })

  test('leaves an edit of nobody open when the job is cancelled before the call', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const job = new AbortController()
    stage.zenodo.fault({
      method: 'PUT',
      path: '/api/records/*/draft',
      before: () => job.abort(new Error('cancelled')),
    })
    const from = stage.zenodo.requests.length

    const { error } = await stage.run(
      {
        'deposit-id': first['deposit-id'] ?? '',
        'if-published': 'update-metadata',
        publish: 'true',
      },
      { signal: job.signal },
    )

    expect(error).toBe(job.signal.reason)
    expect(stage.writesSince(from).at(-1)).toMatch(/discard$/)
  })
})

describe('a deposit whose metadata the server changes', () => {
  test('is not filled, published or not', async () => {
    await using stage = await setStage()
    const doi = '10.5281/zenodo.1001'
    const answer = { id: 1001, conceptrecid: '1000', state: 'unsubmitted', doi }
    const metadata = { ...METADATA, title: 'Something else' }
    stage.zenodo.fault({
      method: 'POST',
      path: '/api/deposit/depositions',
      answer: {
        status: 201,
        json: { ...answer, metadata, links: { bucket: `${stage.zenodo.url}/api/files/b` } },
      },
    })

    const end = await stage.run({ files: 'data/*' })

    expect(problemsOf(end)).toMatch(/The server's check of title/)
    expect(stage.writesSince(0).filter((line) => line.startsWith('PUT'))).toEqual([])
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
