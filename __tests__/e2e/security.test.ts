import { describe, expect, test } from '@jest/globals'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import {
  createWorkspace,
  expectNoToken,
  runAction,
  type RunActionOptions,
} from '../support/run-action.ts'
import { writeFiles } from '../support/runner/workspace.ts'
import { METADATA } from '../support/workspace.ts'

const METADATA_FILE = { '.zenodo.json': JSON.stringify(METADATA) }

/** One step on the finished bundle, as alice; nothing it leaves behind may hold her token. */
async function step(zenodo: Zenodo, options: RunActionOptions) {
  const token = zenodo.tokens['alice'] ?? ''
  const inputs = { token, 'server-url': zenodo.url, ...options.inputs }
  const result = await runAction({ ...options, inputs })
  expectNoToken(result, token)
  return result
}

const keysIn = (zenodo: Zenodo): string[] =>
  zenodo.deposits().flatMap(({ files }) => files.map(({ key }) => key).toSorted())

describe('files that were not meant', () => {
  const FILES = {
    ...METADATA_FILE,
    'data.csv': 'a',
    '.env': 'SECRET=1',
    '.git/config': 'url = https://user:secret@example.org',
    'sub/.ssh/id': 'key',
  }

  test('are not taken by wildcards when they are hidden, or lie below a hidden folder', async () => {
    await using zenodo = await startZenodo()

    const { exitCode } = await step(zenodo, { files: FILES, inputs: { files: '**' } })

    expect(exitCode).toBe(0)
    expect(keysIn(zenodo)).toEqual(['data.csv'])
  })

  test('are taken when they are named in full', async () => {
    await using zenodo = await startZenodo()

    await step(zenodo, { files: FILES, inputs: { files: '.env' } })

    expect(keysIn(zenodo)).toEqual(['.env'])
  })

  test.each([
    ['a link to a file', 'secret.txt', 'data.txt'],
    ['a link to a folder', '.', 'folder'],
  ])('stop the run when %s leads out of the workspace', async (_, target, name) => {
    await using zenodo = await startZenodo()
    await using outside = await createWorkspace({ 'secret.txt': 'key' })
    await using inside = await createWorkspace({ 'inside.csv': 'a' })
    await symlink(join(outside.path, target), join(inside.path, name))

    const { exitCode, stdout } = await step(zenodo, {
      workspace: inside.path,
      inputs: { files: '**' },
    })

    expect(exitCode).toBe(1)
    expect(stdout).toContain('lies outside the workspace')
    expect(zenodo.requests).toEqual([])
  })

  test('stop the run when a pattern names them by an absolute path', async () => {
    await using zenodo = await startZenodo()
    await using outside = await createWorkspace({ 'secret.txt': 'key' })

    const { exitCode } = await step(zenodo, {
      inputs: { files: join(outside.path, 'secret.txt') },
    })

    expect(exitCode).toBe(1)
    expect(zenodo.requests).toEqual([])
  })
})

describe('text from outside', () => {
  test('in metadata shows in log and summary, and is obeyed in neither', async () => {
    await using zenodo = await startZenodo()
    const evil =
      '::error::x ##[error]y </details><img src=https://evil.example/> ![](//evil.example)'

    const { commands, summary } = await step(zenodo, {
      files: { '.zenodo.json': JSON.stringify({ ...METADATA, [evil]: evil, version: evil }) },
      inputs: { 'dry-run': 'true' },
    })

    const told = commands.filter(({ name }) => name === 'error').map(({ data }) => data)
    expect(told.filter((text) => /^[xy]/.test(text))).toEqual([])
    expect(summary).not.toMatch(/<img|!\[\]/)
  })

  test('in the name of a tag and of a release shows in log and summary, and is obeyed in neither', async () => {
    await using zenodo = await startZenodo()
    const tag = 'v1|<img/src=//evil.example>##[set-output'

    const { exitCode, outputs, summary } = await step(zenodo, {
      files: { ...METADATA_FILE, 'data.csv': 'a' },
      inputs: { files: 'data.csv' },
      event: {
        name: 'release',
        ref: `refs/tags/${tag}`,
        payload: {
          action: 'published',
          release: { id: 1, tag_name: tag, name: '::error::x', body: '\n::error::x' },
        },
      },
    })

    expect(exitCode).toBe(0)
    expect(outputs['version']).toBe(tag)
    expect(summary).not.toContain('<img')
  })

  test('in the server’s DOI cannot put anything into the summary or the badge', async () => {
    await using zenodo = await startZenodo()
    const { deposit } = await draftOf(zenodo)
    zenodo.fault({
      path: `/api/deposit/depositions/${deposit.id}`,
      times: Infinity,
      answer: { status: 200, json: { ...deposit, doi: '10.5281/x)<img/src=//evil.example>' } },
    })

    const { outputs, summary } = await step(zenodo, {
      files: METADATA_FILE,
      inputs: { 'deposit-id': String(deposit.id) },
    })

    expect(summary).not.toContain('<img')
    expect(outputs['badge-markdown']).not.toContain('<img')
  })
})

/** A draft, and how the server shows it. */
async function draftOf(zenodo: Zenodo) {
  const response = await fetch(`${zenodo.url}/api/deposit/depositions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${zenodo.tokens['alice'] ?? ''}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ metadata: METADATA }),
  })
  return { deposit: (await response.json()) as { readonly id: number } }
}

describe('the token', () => {
  test('is in no debug line', async () => {
    await using zenodo = await startZenodo()
    zenodo.fault({ method: 'PUT', path: '/api/files/*/*', answer: { status: 500 } })

    const { exitCode, stdout } = await step(zenodo, {
      files: { ...METADATA_FILE, 'data.csv': 'a' },
      inputs: { files: 'data.csv' },
      env: { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' },
    })

    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^::debug::PUT \/api\/files\/\S+\/data\.csv → 500 in/m)
  })

  test('that was pasted with line breaks is masked and refused before any request', async () => {
    await using zenodo = await startZenodo()
    const token = `${zenodo.tokens['alice'] ?? ''} and-more`

    const result = await runAction({
      files: METADATA_FILE,
      inputs: { token, 'server-url': zenodo.url },
    })

    expect(result.exitCode).toBe(1)
    expect(result.masks).toContain(token)
    expect(zenodo.requests).toEqual([])
  })

  test.each([
    ['plain http', 'http://zenodo.org'],
    ['a password in the address', 'https://user:secret@zenodo.org'],
  ])('is not sent over %s', async (_, url) => {
    const result = await runAction({
      files: METADATA_FILE,
      inputs: { token: 'a-token-of-alice', 'server-url': url, retries: '0' },
    })

    expect(result.exitCode).toBe(1)
    expect(result.stdout).toMatch(/::error::Input server-url must/)
    expectNoToken(result, 'a-token-of-alice')
  })
})

test('a metadata file that is a link out of the workspace is not read', async () => {
  await using zenodo = await startZenodo()
  await using outside = await createWorkspace({ 'other.json': JSON.stringify(METADATA) })
  await using inside = await createWorkspace({ 'a.csv': 'a' })
  await symlink(join(outside.path, 'other.json'), join(inside.path, '.zenodo.json'))

  const { exitCode, stdout } = await step(zenodo, {
    workspace: inside.path,
    inputs: { files: '*.csv' },
  })

  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/metadata file "\.zenodo\.json" cannot be read: it lies outside/)
  expect(zenodo.requests).toEqual([])
})

test('CITATION.cff in another encoding is not rewritten', async () => {
  await using zenodo = await startZenodo()
  await using workspace = await createWorkspace({ 'a.csv': 'a', ...METADATA_FILE })
  const bytes = Buffer.from('cff-version: 1.2.0\ntitle: Flüsse\n', 'latin1')
  await writeFile(join(workspace.path, 'CITATION.cff'), bytes)

  const { exitCode, stdout } = await step(zenodo, {
    workspace: workspace.path,
    inputs: { files: '*.csv', 'update-citation': 'true' },
  })

  expect(exitCode).toBe(1)
  expect(stdout).toContain('CITATION.cff is not UTF-8')
  expect(await readFile(join(workspace.path, 'CITATION.cff'))).toEqual(bytes)
  expect(zenodo.requests).toEqual([])
})

test('CITATION.cff that is a link out of the workspace is not written to', async () => {
  await using zenodo = await startZenodo()
  const cff = 'cff-version: 1.2.0\nmessage: m\ntitle: t\nauthors:\n  - name: A\n'
  await using outside = await createWorkspace({ 'other.cff': cff })
  await using inside = await createWorkspace()
  await mkdir(join(inside.path, 'data'))
  await writeFiles(inside.path, { ...METADATA_FILE, 'data/a.csv': 'a' })
  await symlink(join(outside.path, 'other.cff'), join(inside.path, 'CITATION.cff'))

  const { exitCode } = await step(zenodo, {
    workspace: inside.path,
    inputs: { files: 'data/**', 'update-citation': 'true' },
  })

  expect(exitCode).toBe(1)
  expect(zenodo.requests).toEqual([])
})
