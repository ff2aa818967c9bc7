import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { runWorkflow, type RunWorkflowOptions } from './run-workflow.ts'

const CITATION = `cff-version: 1.2.0
message: If you use this software, cite it. # please
title: Levels
abstract: Reads levels of rivers.
authors:
  - family-names: Example
    given-names: Ada
    orcid: https://orcid.org/0000-0002-1825-0097
license: MIT
version: 1.0.0
`

/** A workflow of a project of another kind than the examples, as its owner would run it. */
const run = (
  zenodo: Zenodo,
  name: string,
  options: Omit<RunWorkflowOptions, 'workflow' | 'zenodoUrl'>,
) =>
  runWorkflow({
    workflow: `__tests__/workflows/project-${name}.yml`,
    zenodoUrl: zenodo.url,
    secrets: { ZENODO_TOKEN: zenodo.tokens['alice'] ?? '' },
    ...options,
  })

describe('projects of other kinds, run by act', () => {
  test('a Python package publishes its build and its sources under the DOI that stands in them', async () => {
    await using zenodo = await startZenodo()

    const result = await run(zenodo, 'python', {
      event: 'push',
      payload: { ref: 'refs/tags/v1.0.0' },
      files: { 'CITATION.cff': CITATION },
    })

    const [record, ...others] = zenodo.deposits()
    expect(result).toMatchObject({ exitCode: 0, jobs: { publish: 'success' } })
    expect(others).toEqual([])
    expect(record).toMatchObject({
      submitted: true,
      metadata: { title: 'Levels', upload_type: 'software', license: 'mit-license' },
    })
    const built = record?.files.find(({ key }) => key === 'levels-1.0.0.txt')?.content?.toString()
    expect(built).toContain(`doi: ${record?.doi ?? 'none'}`)
    expect(built).toContain('# please')
    expect(record?.files.map(({ key }) => key).toSorted()).toEqual([
      'levels-1.0.0-py3-none-any.whl',
      'levels-1.0.0.txt',
      'toy-1.0.0.zip',
    ])
  })

  test('a private repository checks without a token, and publishes after the review', async () => {
    await using zenodo = await startZenodo()

    const result = await run(zenodo, 'private', {
      event: 'release',
      payload: { action: 'published', release: { tag_name: 'v3', prerelease: false } },
    })

    const [record, ...others] = zenodo.deposits()
    expect(result).toMatchObject({ exitCode: 0, jobs: { check: 'success', publish: 'success' } })
    expect(result.printed).toContain('the check said planned')
    expect(others).toEqual([])
    expect(record).toMatchObject({ submitted: true, metadata: { version: 'v3' } })
    expect(record?.files.map(({ key }) => key)).toEqual(['levels.zip'])
    expect(result.transcript).not.toContain(zenodo.tokens['alice'])
  })
})
