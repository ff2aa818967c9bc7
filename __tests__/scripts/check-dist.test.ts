import { describe, expect, test } from '@jest/globals'
import { differingFiles } from '../../scripts/check-dist.ts'
import { createWorkspace } from '../support/run-action.ts'

describe('differingFiles', () => {
  test.each([
    ['equal folders', { 'index.js': 'a', 'b/c.js': 'd' }, []],
    ['another byte', { 'index.js': 'A', 'b/c.js': 'd' }, ['index.js']],
    ['a file too few', { 'index.js': 'a' }, ['b/c.js']],
    ['a file too many', { 'index.js': 'a', 'b/c.js': 'd', 'old.js': '' }, ['old.js']],
  ])('sees %s', async (_, files, expected) => {
    await using fresh = await createWorkspace({ 'index.js': 'a', 'b/c.js': 'd' })
    await using dist = await createWorkspace(files)

    const differing = await differingFiles(dist.path, fresh.path)

    expect(differing.map((name) => name.replaceAll('\\', '/'))).toEqual(expected)
  })
})
