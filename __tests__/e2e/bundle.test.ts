import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { expectNoToken, runAction, type RunActionOptions } from '../support/run-action.ts'
import { METADATA } from '../support/workspace.ts'

const FILES = {
  '.zenodo.json': JSON.stringify(METADATA),
  'data/a.csv': 'time,level\n1,2\n',
  'data/b.csv': 'time,level\n3,4\n',
}

/** One step of a workflow on the finished bundle, as alice. */
async function step(zenodo: Zenodo, options: RunActionOptions) {
  const token = zenodo.tokens['alice'] ?? ''
  const inputs = { token, 'server-url': zenodo.url, ...options.inputs }
  const result = await runAction({ files: FILES, ...options, inputs })
  expectNoToken(result, token)
  return result
}

describe('the bundle', () => {
  test('publishes on a tag, and leaves outputs, log and summary', async () => {
    await using zenodo = await startZenodo()

    const result = await step(zenodo, {
      inputs: { files: 'data/*.csv', publish: 'true' },
      event: { name: 'push', ref: 'refs/tags/v1.2.3' },
    })

    const { outputs } = result
    expect(result.exitCode).toBe(0)
    expect(result.masks).toEqual([zenodo.tokens['alice']])
    expect(outputs).toMatchObject({ state: 'published', published: 'true', version: 'v1.2.3' })
    expect(zenodo.deposit(outputs['deposit-id'] ?? '')).toMatchObject({
      state: 'done',
      doi: outputs['doi'],
    })
    expect(result.summary).toMatch(/^## Published on Zenodo/)
    expect(result.commands.filter(({ name }) => name === 'group').map(({ data }) => data)).toEqual([
      'Checking',
      'Opening the draft',
      'Uploading',
      'Publishing',
    ])
  })

  test('speaks to the server as it wants it: types, lengths, token, name, no cookies', async () => {
    await using zenodo = await startZenodo()

    await step(zenodo, { inputs: { files: 'data/*.csv', publish: 'true' } })

    for (const { method, path, headers, query } of zenodo.requests) {
      expect(headers['authorization']).toBe(`Bearer ${zenodo.tokens['alice'] ?? ''}`)
      expect(headers['user-agent']).toMatch(
        /^zenodo-deposit\/\d+\.\d+\.\d+ \(\+https:\/\/github\.com\/octo\/toy\)$/,
      )
      expect(headers['cookie']).toBeUndefined()
      expect(query).not.toContain('token')
      const isFile = path.startsWith('/api/files/')
      if (isFile) expect(headers['content-length']).toBe('15')
      if (method === 'PUT')
        expect(headers['content-type']).toBe(
          isFile ? 'application/octet-stream' : 'application/json',
        )
    }
  })

  test('is the package that its version says', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(readFileSync('dist/index.js', 'utf8')).toContain(`VERSION = '${version}'`)
  })

  test('reads metadata of the workflow whose lines are all indented', async () => {
    await using zenodo = await startZenodo()

    const result = await step(zenodo, {
      files: { 'data/a.csv': 'a\n' },
      inputs: {
        files: 'data/*',
        metadata: '\n  title: Indented\n  upload_type: dataset\n',
      },
    })

    expect(result.exitCode).toBe(0)
    expect(zenodo.deposits()).toMatchObject([{ metadata: { title: 'Indented' } }])
  })

  test('names a working directory that is not there, and not its files', async () => {
    const result = await runAction({
      files: { 'data/a.csv': 'a\n' },
      inputs: { token: 't0k3n', files: '*.csv', 'working-directory': 'dta' },
    })

    const errors = result.commands.filter(({ name }) => name === 'error').map(({ data }) => data)
    expect(errors).toEqual([
      expect.stringContaining('Input working-directory: there is no folder "dta".'),
    ])
  })

  test('opens and ends each group of the log once', async () => {
    await using zenodo = await startZenodo()

    const { commands } = await step(zenodo, { inputs: { files: 'data/*.csv' } })

    const groups = commands.map(({ name }) => name).filter((name) => name.includes('group'))
    expect(groups.length).toBeGreaterThan(4)
    expect(groups).toEqual(groups.map((_, index) => (index % 2 === 0 ? 'group' : 'endgroup')))
  })

  const onLinux = process.platform === 'linux' ? test : test.skip // Only Linux has a disk that is always full.

  onLinux('takes a full disk for what it is, and not for a bug', async () => {
    await using zenodo = await startZenodo()

    const result = await step(zenodo, { env: { GITHUB_OUTPUT: '/dev/full' } })

    const errors = result.commands.filter(({ name }) => name === 'error').map(({ data }) => data)
    expect(result.exitCode).toBe(1)
    expect(errors).toEqual([
      'ENOSPC: no space left on device, write. There is no room left on the disk of the runner: make some, and re-run the job.',
    ])
  })

  test('shows no more mistakes than somebody reads', async () => {
    const names = Array.from({ length: 70 }, (_, index) => `data/${index}.csv`)

    const result = await runAction({
      files: Object.fromEntries(names.map((name) => [name, ''])),
      inputs: { token: 't0k3n', files: 'data/*' },
    })

    const errors = result.commands.filter(({ name }) => name === 'error').map(({ data }) => data)
    expect(errors).toHaveLength(51)
    expect(errors.at(-1)).toBe('20 more are not shown.')
  })

  test('does not take a mistyped deposit for none', async () => {
    const result = await runAction({
      files: { 'data/a.csv': 'a\n' },
      inputs: { token: 'a b', files: 'data/*', 'deposit-id': 'my data', publish: 'true' },
    })

    const errors = result.commands.filter(({ name }) => name === 'error').map(({ data }) => data)
    expect(errors).toEqual([
      expect.stringMatching(/^Input token holds spaces/),
      expect.stringMatching(/^Input deposit-id: "my data" names no deposit/),
    ])
  })

  test('tells a mistake once that is in the way of two purposes', async () => {
    const { commands } = await runAction({
      files: { 'data/a.csv': 'a\n', 'CITATION.cff': 'title: [unclosed\n' },
      inputs: { token: 't'.repeat(60), files: 'data/*', 'update-citation': 'true' },
    })

    const errors = commands.filter(({ name }) => name === 'error').map(({ data }) => data)
    expect(errors.length).toBeGreaterThan(0)
    expect(errors).toEqual([...new Set(errors)])
  })

  test('reports all mistakes at once, each where it is, and asks nobody', async () => {
    await using zenodo = await startZenodo()

    const result = await step(zenodo, {
      files: {
        ...FILES,
        'data/empty.csv': '',
        'more/a.csv': 'x',
        '.zenodo.json': '{\n  "title": "T",\n  "upload_type": "datset"\n}\n',
      },
      inputs: { files: 'data/*\nmore/*\nnone/*.txt', publish: 'true', concurrency: '99' },
    })

    const errors = result.commands.filter(({ name }) => name === 'error')
    expect(result.exitCode).toBe(1)
    expect(errors.map(({ data }) => data).join('\n')).toMatch(/none\/\*\.txt/)
    expect(errors.map(({ data }) => data).join('\n')).toMatch(/Input concurrency must be/)
    expect(errors.map(({ data }) => data).join('\n')).toMatch(/empty\.csv is empty/)
    expect(errors.map(({ data }) => data).join('\n')).toMatch(/same key, a\.csv/)
    expect(errors).toContainEqual(
      expect.objectContaining({
        properties: expect.objectContaining({ file: '.zenodo.json', line: '3' }) as unknown,
      }),
    )
    expect(zenodo.requests).toEqual([])
    expect(result.summary).toMatch(/^## Failed/)
  })

  test.each([
    ['no token', { token: '' }, /Input token is empty.*forks/],
    ['a bad integer', { concurrency: '99' }, /concurrency must be a whole number from 1 to 16/],
    ['a bad boolean', { publish: 'yes' }, /publish must be true or false/],
    ['plain http', { 'server-url': 'http://zenodo.example' }, /must begin with https/],
    ['a folder', { files: 'data' }, /"data" is a folder/],
    ['two instances', { sandbox: 'true' }, /name two instances/],
    [
      'another instance in the name',
      { 'deposit-id': 'https://zenodo.org/records/1' },
      /is an address of https:\/\/zenodo\.org/,
    ],
  ])('refuses %s with a sentence', async (_, inputs, sentence) => {
    await using zenodo = await startZenodo()
    const token = zenodo.tokens['alice'] ?? ''

    const result = await runAction({
      files: FILES,
      inputs: { token, 'server-url': zenodo.url, files: 'data/*.csv', ...inputs },
    })

    expect(result.exitCode).toBe(1)
    expect(
      result.commands
        .filter(({ name }) => name === 'error')
        .map(({ data }) => data)
        .join('\n'),
    ).toMatch(sentence)
    expect(zenodo.requests).toEqual([])
  })

  test('refuses to publish on pull requests', async () => {
    await using zenodo = await startZenodo()

    for (const name of ['pull_request', 'pull_request_target']) {
      const result = await step(zenodo, {
        inputs: { files: 'data/*.csv', publish: 'true' },
        event: { name },
      })
      expect(result.exitCode).toBe(1)
      expect(result.stdout).toMatch(/a pull request must not publish/)
    }
    expect(zenodo.requests).toEqual([])
  })

  test('neither obeys nor trips over names and answers like commands', async () => {
    await using zenodo = await startZenodo()
    const evil = [
      '::set-output name=doi::evil',
      'x##[set-output name=doi]evil',
      'a|b`c<img src=x>.csv',
    ]
    const files = Object.fromEntries(evil.map((name) => [`data/${name}`, 'x']))
    zenodo.fault({
      method: 'GET',
      path: '/api/deposit/depositions/*',
      skip: 1,
      answer: { status: 500, html: '\n::set-output name=doi::evil\n##[error]evil' },
    })

    const result = await step(zenodo, {
      files: { '.zenodo.json': FILES['.zenodo.json'], ...files },
      inputs: { files: 'data/*' },
    })

    expect(result.exitCode).toBe(0)
    expect(result.outputs['doi']).not.toContain('evil')
    expect(result.commands.map(({ name }) => name)).not.toContain('set-output')
    expect(result.summary).not.toContain('<img')
    expect(
      (JSON.parse(result.outputs['files'] ?? '') as { key: string }[])
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual(evil.toSorted())
  })

  test('stops at once when the job is cancelled, and says so', async () => {
    await using zenodo = await startZenodo()
    zenodo.fault({ method: 'PUT', path: '/api/files/*/*', times: Infinity, stallAfterBytes: 1 })

    const result = await step(zenodo, {
      files: { ...FILES, 'data/big.bin': Buffer.alloc(3e6, 'x') },
      inputs: { files: 'data/*' },
      signalAfter: /to send/,
    })

    expect(result.exitCode).toBe(1)
    expect(result.stdout).toMatch(/::error::The job was cancelled/)
    expect(result.outputs['deposit-id']).toMatch(/^\d+$/)
    expect(result.summary).toMatch(/^## Cancelled/)
  })

  test('says neither published nor not when the job is cancelled in the publish call', async () => {
    await using zenodo = await startZenodo()
    zenodo.fault({
      method: 'POST',
      path: '/api/deposit/depositions/*/actions/publish',
      stallBeforeAnswer: true,
    })

    const result = await step(zenodo, {
      files: FILES,
      inputs: { files: 'data/*', publish: 'true' },
      signalAfter: /Publishing/,
    })

    expect(result.exitCode).toBe(1)
    expect(result.outputs).toMatchObject({ state: 'unknown', published: '' })
    expect(result.summary).toMatch(/^## Unknown/)
  })

  test('stops, and publishes nothing, when nobody reads its log any more', async () => {
    await using zenodo = await startZenodo({ workMs: 20 })

    const result = await step(zenodo, {
      files: FILES,
      inputs: { files: 'data/*', publish: 'true' },
      deafAfter: /to send/,
    })

    expect(result).toMatchObject({ exitCode: 1, stderr: '' })
    expect(result.summary).toMatch(/^## Cancelled/)
    expect(zenodo.deposits().map(({ submitted }) => submitted)).toEqual([false])
  })

  test.each([['a server that cannot be reached', 'http://127.0.0.1:9', /could not be reached/]])(
    'says what happened with %s',
    async (_, serverUrl, sentence) => {
      const result = await runAction({
        files: FILES,
        inputs: { token: 't0k3n', 'server-url': serverUrl, files: 'data/*', retries: '0' },
      })

      expect(result.exitCode).toBe(1)
      expect(result.stdout).toMatch(sentence)
    },
  )

  test('shows the words of a page that is no JSON', async () => {
    await using zenodo = await startZenodo()
    zenodo.fault({
      times: Infinity,
      answer: {
        status: 403,
        html: '<html><body><h1>You are being blocked.</h1>Contact us</body></html>',
      },
    })

    const result = await step(zenodo, {
      inputs: { files: 'data/*' },
      event: { name: 'push', ref: 'refs/tags/v1' },
    })

    expect(result.exitCode).toBe(1)
    expect(result.stdout).toContain('You are being blocked. Contact us')
  })
})
