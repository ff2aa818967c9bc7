import { describe, expect, test } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { parse } from 'yaml'
import { findCodeBlocks } from '../support/docs/code-blocks.ts'
import {
  ACTION,
  exampleNameOf,
  readExample,
  withWorkflows,
} from '../support/docs/page-workflows.ts'
import { anchorsOf, linksOf } from '../support/docs/links.ts'
import { projectRoot } from '../support/runner/action-definition.ts'

const PAGES = globSync(['*.md', 'docs/**/*.md', 'test-server/*.md'], {
  cwd: projectRoot,
}).toSorted()
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')
const EXAMPLES = globSync('examples/workflows/*.yml', { cwd: projectRoot })
  .map((path) => basename(path, '.yml'))
  .toSorted()
const BLOCKS = PAGES.flatMap((page) =>
  findCodeBlocks(read(page)).map((block) => ({ ...block, place: `${page}:${block.line}` })),
)

describe('a workflow of the documentation', () => {
  const workflows = BLOCKS.filter(({ text }) => /^jobs:$/m.test(text))

  test.each(workflows)('at $place is one of the examples', ({ text }) => {
    expect(text).toBe(readExample(projectRoot, exampleNameOf(text) ?? 'nameless'))
  })

  test.each(EXAMPLES)(
    'lies in examples/workflows/%s.yml, is on a page, and is run by a test',
    (name) => {
      expect(workflows.map(({ text }) => exampleNameOf(text))).toContain(name)
      expect(read('__tests__/workflows/examples.engine.ts')).toContain(`'${name}'`)
    },
  )

  test.each(EXAMPLES)('%s.yml gives least rights, and does not run twice at once', (name) => {
    const workflow = parse(read(`examples/workflows/${name}.yml`)) as Record<string, unknown>

    expect(workflow['permissions']).toEqual({})
    expect(workflow).toHaveProperty('concurrency.cancel-in-progress', name === 'check-pull-request')
  })

  test.each(EXAMPLES)('%s.yml puts no expression into a shell', (name) => {
    const { jobs } = parse(read(`examples/workflows/${name}.yml`)) as {
      jobs: Record<string, { steps: { run?: string }[] }>
    }
    const scripts = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run))

    expect(scripts.filter((script) => script.includes('${{'))).toEqual([])
  })
})

describe('withWorkflows', () => {
  test('puts the example into the block that names it, however deep, and nothing else', () => {
    const page =
      'a\n\n1. b\n\n   ```yaml\n   # .github/workflows/first-deposit.yml\n   ```\n\n```yaml\nc: d\n```\n'

    const filled = withWorkflows(page, projectRoot)

    expect(filled).toContain(`\n   ${' '.repeat(8)}uses: ${ACTION}\n`)
    expect(filled).toMatch(/license: cc-by-4\.0\n {3}```\n\n```yaml\nc: d\n```\n$/)
    expect(withWorkflows(filled, projectRoot)).toBe(filled)
  })
})

describe('a link of the documentation', () => {
  const links = PAGES.flatMap((page) => linksOf(read(page)).map((link) => ({ page, link })))
  const local = links.filter(({ link }) => !/^[a-z]+:/.test(link))

  test.each(local)('in $page to $link leads somewhere', ({ page, link }) => {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : normalize(join(dirname(page), path))

    expect(globSync(target.replace(/\/$/, ''), { cwd: projectRoot })).toHaveLength(1)
    if (anchor !== undefined) expect(anchorsOf(read(target))).toContain(anchor)
  })

  test.each(PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md'))(
    'leads from the index to %s',
    (page) => {
      const index = linksOf(read('docs/README.md')).map((link) => link.split('#')[0])

      expect(index).toContain(basename(page))
    },
  )
})

test('comments name only facts that docs/server.md has', () => {
  const sources = globSync(['src/**/*.ts', 'test-server/**/*.ts'], { cwd: projectRoot })
  const cited = sources.flatMap((source) =>
    [...read(source).matchAll(/docs\/server\.md#([\w-]+)/g)].map(([, anchor = '']) => anchor),
  )
  const anchors = anchorsOf(read('docs/server.md'))

  expect(cited.length).toBeGreaterThan(20)
  expect(cited.filter((anchor) => !anchors.includes(anchor))).toEqual([])
})

describe('linksOf', () => {
  test('finds links outside of code', () => {
    expect(linksOf('[a](b.md#c) `[x](y)`\n\n```\n[x](y)\n```\n[d](https://e)')).toEqual([
      'b.md#c',
      'https://e',
    ])
  })
})

describe('anchorsOf', () => {
  test('knows those of headings and those that are written', () => {
    expect(anchorsOf('# A, b: `c`!\n\n<a id="d"></a>')).toEqual(['a-b-c', 'd'])
  })
})
