import { describe, expect, test } from '@jest/globals'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { projectRoot } from '../support/runner/action-definition.ts'

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')
const SOURCES = globSync('src/**/*.ts', { cwd: projectRoot }).map(read)

/** First cells of the tables of a page that hold messages: each `…` stands for what differs. */
const MESSAGES = read('docs/troubleshooting.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => line.split(' | ')[0]?.match(/`[^`]+`/g) ?? [])
  .map((message) => message.slice(1, -1))

/** Whether a source holds all parts of the message, in their order. */
function isIn(source: string, message: string): boolean {
  let from = 0
  for (const part of message.split('…').map((text) => text.replaceAll('\\|', '|'))) {
    const at = source.indexOf(part.trim(), from)
    if (at < 0) return false
    from = at + part.trim().length
  }
  return true
}

describe('docs/troubleshooting.md', () => {
  test('is about messages', () => {
    expect(MESSAGES.length).toBeGreaterThan(40)
  })

  test.each(MESSAGES)('explains a message that the code has: %s', (message) => {
    expect(SOURCES.some((source) => isIn(source, message))).toBe(true)
  })
})

describe('docs/security.md', () => {
  const guards = [...read('docs/security.md').matchAll(/`(__tests__\/[\w./-]+) › ([^`]+)`/g)].map(
    ([, file = '', name = '']) => ({ file, name }),
  )

  test('names a test for every threat', () => {
    const threats = read('docs/security.md')
      .split('\n')
      .filter((line) => /^\| (?!Threat|-)/.test(line))

    expect(threats.length).toBeGreaterThan(20)
    expect(threats.filter((line) => !/`__tests__\/[^`]+ › [^`]+`/.test(line))).toEqual([])
  })

  test.each(guards)('$file has the test “$name”', ({ file, name }) => {
    expect(existsSync(join(projectRoot, file))).toBe(true)
    expect(read(file)).toContain(name)
  })
})

describe('docs/decisions.md', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    read('package.json'),
  ) as Record<string, Readonly<Record<string, string>>>

  test.each(Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }))(
    'says why %s is used',
    (name) => {
      expect(read('docs/decisions.md')).toContain(`**${name}**`)
    },
  )
})

test('CITATION.cff and the changelog know the version of package.json', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string }

  expect(parse(read('CITATION.cff'))).toMatchObject({ version })
  expect(read('CHANGELOG.md')).toContain(`## [${version}]`)
})
