import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Result } from '../src/action/deposit.ts'
import { work } from '../src/work.ts'
import { startZenodo, type Zenodo } from '../test-server/server.ts'
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

/** The work of one step on tag v1; GitHub's API has the address of the test server, which knows none of its calls. */
function runWork(
  zenodo: Zenodo,
  workspace: string,
  inputs: Readonly<Record<string, string>>,
): Promise<Result> {
  const token = zenodo.tokens['alice'] ?? ''
  const given = new Map(Object.entries({ token, 'server-url': zenodo.url, ...inputs }))
  return work({
    readInput: (name) => given.get(name) ?? '',
    env: {
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'octo/rivers',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: 'refs/tags/v1',
      GITHUB_API_URL: zenodo.url,
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
    await runWork(zenodo, workspace.path, { files: 'a.csv', publish: 'true' })
    const from = zenodo.requests.length

    const { state } = await runWork(zenodo, workspace.path, {
      files: 'a.csv',
      publish: 'true',
      'dry-run': 'true',
      'update-citation': 'true',
      'update-release-notes': 'true',
    })

    expect(state).toBe('unchanged')
    expect(await readFile(join(workspace.path, 'CITATION.cff'), 'utf8')).toBe(CITATION)
    expect(zenodo.requests.slice(from).filter(({ path }) => path.startsWith('/repos/'))).toEqual([])
    expect(zenodo.requests.slice(from).filter(({ method }) => method !== 'GET')).toEqual([])
  })
})
