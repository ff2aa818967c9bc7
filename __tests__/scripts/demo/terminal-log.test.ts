import { expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { createTerminalLog } from '../../../scripts/demo/terminal-log.ts'
import { CommandReader } from '../../support/runner/workflow-commands.ts'

test('createTerminalLog shows groups as headings, errors in words, and no masks', () => {
  const shown: string[] = []
  const reader = new CommandReader()
  const log = createTerminalLog((line) => shown.push(stripVTControlCharacters(line)))

  for (const line of [
    '::add-mask::secret',
    '::group::Uploading',
    'a.csv 1 kB',
    '::endgroup::',
    '::warning::slow',
    '::error::it broke',
    '::debug::detail',
    'done',
  ]) {
    log(line, reader.read(line))
  }

  expect(shown).toEqual(['Uploading', '  a.csv 1 kB', 'Warning: slow', 'Error: it broke', 'done'])
})
