import { describe, expect, test } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { findCodeBlocks } from './support/docs/code-blocks.ts'
import {
  findJsonProblems,
  findSteps,
  findWorkflowProblems,
} from './support/docs/workflow-problems.ts'
import { projectRoot, readActionDefinition } from './support/runner/action-definition.ts'

const ACTION = readActionDefinition()
const PAGES = globSync(['*.md', 'docs/**/*.md'], { cwd: projectRoot }).toSorted()
const BLOCKS = PAGES.flatMap((page) => {
  const blocks = findCodeBlocks(readFileSync(join(projectRoot, page), 'utf8'))
  return blocks.map((block) => ({ ...block, page, place: `${page}:${block.line}` }))
})
const SNIPPETS = BLOCKS.filter(({ language }) => /^(ya?ml|json)$/.test(language))

function findProblems(language: string, text: string): string[] {
  return language === 'json' ? findJsonProblems(text) : findWorkflowProblems(text, ACTION)
}

describe('the documentation', () => {
  test.each(SNIPPETS)('holds what it says at $place', ({ language, text }) => {
    expect(findProblems(language, text)).toEqual([])
  })

  test('shows in the README how a step uses the action', () => {
    const snippets = SNIPPETS.filter(({ page }) => page === 'README.md')

    expect(snippets.flatMap(({ text }) => findSteps(parse(text))).length).toBeGreaterThan(0)
  })
})

describe('findWorkflowProblems', () => {
  const TOY = {
    inputs: { token: { description: '' }, files: { description: '' } },
    outputs: { doi: { description: '' } },
    runs: { using: 'node24', main: 'dist/index.js' },
  }
  const step = (lines: string) => `steps:\n  - uses: octo/zenodo-deposit@v1\n    id: z\n${lines}`

  test.each([
    ['text that is no YAML', 'a: [', /flow|Flow/],
    ['an input that does not exist', step('    with: { tokn: x }'), /no input "tokn"/],
    [
      'an output that does not exist',
      step('  - run: echo\n    env: { A: "${{ steps.z.outputs.dio }}" }'),
      /no output "dio"/,
    ],
  ])('sees %s', (_, yaml, problem) => {
    expect(findWorkflowProblems(yaml, TOY).join()).toMatch(problem)
  })

  test.each([
    ['a right step', step('    with: { token: x, files: "*" }')],
    ['the inputs of another action', '- uses: actions/checkout@v4\n  with: { fetch-depth: 0 }'],
    ['the outputs of another step', step('  - run: echo ${{ steps.other.outputs.x }}')],
    ['the right output', step('  - run: echo\n    env: { A: "${{ steps.z.outputs.doi }}" }')],
  ])('accepts %s', (_, yaml) => {
    expect(findWorkflowProblems(yaml, TOY)).toEqual([])
  })
})

test('findJsonProblems sees a comma too many, which YAML would forgive', () => {
  expect(findJsonProblems('{ "a": 1, }')).toHaveLength(1)
  expect(findJsonProblems('{ "a": 1 }')).toEqual([])
})

describe('findCodeBlocks', () => {
  test('reads blocks in lists without their indentation, and what looks like a fence inside', () => {
    const page = 'a\n\n1. b\n\n   ```yaml title=x\n   c:\n     d\n   ```\n\n````md\n```\n````\n'

    const blocks = findCodeBlocks(page)

    expect(blocks).toEqual([
      { language: 'yaml', text: 'c:\n  d', line: 5 },
      { language: 'md', text: '```', line: 10 },
    ])
  })

  test('refuses a block without an end', () => {
    expect(() => findCodeBlocks('a\n```yaml\nb')).toThrow('starts in line 2')
  })
})
