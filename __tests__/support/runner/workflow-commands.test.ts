import { describe, expect, test } from '@jest/globals'
import { CommandReader } from './workflow-commands.ts'

describe('CommandReader', () => {
  test.each([
    ['a plain command', '::error::it broke', { name: 'error', data: 'it broke' }],
    ['a command after white space', ' \u00a0\t::notice::hello', { name: 'notice', data: 'hello' }],
    ['a name in capitals', '::ERROR::it broke', { name: 'error' }],
    ['escapes in data', '::error::100%25%0Aagain', { data: '100%\nagain' }],
    ['escapes in data, undone once', '::error::%250A', { data: '%0A' }],
    [
      'properties',
      '::error file=a%2Cb.csv,line=7::bad',
      { properties: { file: 'a,b.csv', line: '7' } },
    ],
    ['the old form', '##[error]it broke', { name: 'error', data: 'it broke' }],
    [
      'the old form in mid-line',
      'took x##[set-output name=doi;]evil',
      { name: 'set-output', data: 'evil', properties: { name: 'doi' } },
    ],
  ])('obeys %s', (_, line, expected) => {
    const command = new CommandReader().read(line)

    expect(command).toMatchObject(expected)
  })

  test.each([
    ['text', 'uploading a.csv'],
    ['the new form in mid-line', 'took ::error::x'],
    ['an unknown name', '::publish::now'],
    ['the old form with an unknown name', '##[publish]now'],
    ['a head without an end', '::error x'],
    ['a neutralised bracket', 'took x## [set-output name=doi]evil'],
  ])('takes %s for text', (_, line) => {
    expect(new CommandReader().read(line)).toBeUndefined()
  })

  test('obeys nothing between stop-commands and its token', () => {
    const reader = new CommandReader()
    const lines = ['::stop-commands::t0k3n', '::error::inside', '::t0k3n::', '::error::after']

    const commands = lines.map((line) => reader.read(line)?.data)

    expect(commands).toEqual(['t0k3n', undefined, undefined, 'after'])
  })
})
