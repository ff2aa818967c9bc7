import { describe, expect, test } from '@jest/globals'
import { parseDemoOptions, UsageError } from '../../../scripts/demo/options.ts'

const DEFAULTS = {
  help: false,
  files: [],
  keepRunning: false,
  publish: true,
  sandboxToken: undefined,
}

describe('parseDemoOptions', () => {
  test.each([
    ['nothing', [], DEFAULTS],
    [
      'two patterns and a server that stays',
      ['--files', 'a/**', '--files=b', '--keep-running'],
      { ...DEFAULTS, files: ['a/**', 'b'], keepRunning: true },
    ],
    ['a call for help', ['-h'], { ...DEFAULTS, help: true }],
    [
      'the sandbox, as a draft',
      ['--sandbox'],
      { ...DEFAULTS, publish: false, sandboxToken: 'tok' },
    ],
    [
      'the sandbox, published',
      ['--sandbox', '--publish'],
      { ...DEFAULTS, publish: true, sandboxToken: 'tok' },
    ],
  ])('reads %s', (_, args, expected) => {
    expect(parseDemoOptions(args, { ZENODO_TOKEN: 'tok' })).toEqual(expected)
  })

  test.each([
    ['an option that does not exist', ['--file', 'a'], {}, "Unknown option '--file'"],
    ['a pattern that the shell expanded', ['--files', 'a', 'b'], {}, 'in quotes'],
    ['the sandbox without a token', ['--sandbox'], {}, 'ZENODO_TOKEN is not set'],
    ['the sandbox with an empty token', ['--sandbox'], { ZENODO_TOKEN: '' }, 'ZENODO_TOKEN'],
    [
      'an option that npm swallowed',
      [],
      { npm_config_keep_running: 'true' },
      'npm run demo -- --keep-running',
    ],
  ])('refuses %s', (_, args, env, message) => {
    const read = () => parseDemoOptions(args, env)

    expect(read).toThrow(message)
    expect(read).toThrow(UsageError)
  })
})
