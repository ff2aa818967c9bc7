import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Result } from '../src/action/deposit.ts'
import { work } from '../src/work.ts'
import { startZenodo, type Zenodo } from '../test-server/server.ts'
import { startGitHub, TOKEN, type World } from './github/support/fake-github.ts'
import { createDataWorkspace } from './support/workspace.ts'

const CITATION = 'cff-version: 1.2.0\ntitle: River levels\nversion: 1\n'

const ignore = (): void => undefined
const silent = {
  info: ignore,
  notice: ignore,
  warning: ignore,
  debug: ignore,
  group: ignore,
  conclude: ignore,
}

/** The work of one step on the tag of the release that the fake GitHub has. */
function runWork(
  zenodo: Zenodo,
  { workspace, apiUrl }: { readonly workspace: string; readonly apiUrl: string },
  inputs: Readonly<Record<string, string>>,
): Promise<Result> {
  const token = zenodo.tokens['alice'] ?? ''
  const given = new Map(Object.entries({ token, 'server-url': zenodo.url, ...inputs }))
  return work({
    readInput: (name) => given.get(name) ?? '',
    env: {
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'owner/repo',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: 'refs/tags/v1/β',
      GITHUB_API_URL: apiUrl,
    },
    event: {},
    log: silent,
    signal: new AbortController().signal,
    outputs: { 'badge-markdown': '[![DOI](badge)](doi)' },
    setOutputs: ignore,
    tell: ignore,
  })
}

describe('a dry run', () => {
  test('that finds nothing to do writes neither the citation file nor the release notes', async () => {
    await using zenodo = await startZenodo()
    await using workspace = await createDataWorkspace({ 'a.csv': 'a\n', 'CITATION.cff': CITATION })
    const world: World = { assets: [], body: 'What is new' }
    await using github = await startGitHub(world)
    const where = { workspace: workspace.path, apiUrl: github.api.url }
    await runWork(zenodo, where, { files: 'a.csv', publish: 'true' })
    const from = zenodo.requests.length

    const { state } = await runWork(zenodo, where, {
      files: 'a.csv',
      publish: 'true',
      'dry-run': 'true',
      'update-citation': 'true',
      'update-release-notes': 'true',
      'github-token': TOKEN,
    })

    expect(state).toBe('unchanged')
    expect(await readFile(join(workspace.path, 'CITATION.cff'), 'utf8')).toBe(CITATION)
    expect(world.body).toBe('What is new')
    expect(github.api.requests.map(({ method }) => method)).toEqual(['GET'])
    expect(zenodo.requests.slice(from).filter(({ method }) => method !== 'GET')).toEqual([])
  })
})
