import { clearLine, cursorTo } from 'node:readline'
import { PassThrough } from 'node:stream'
import { expect, test } from '@jest/globals'
import { createLiveLine } from '../../src/lib/live-line.ts'

/** What a terminal would get, cursor movements included. */
function createTerminal(columns: number) {
  const stream = new PassThrough()
  return {
    columns,
    write: (text: string) => stream.write(text),
    cursorTo: (x: number) => cursorTo(stream, x),
    clearLine: (direction: -1 | 0 | 1) => clearLine(stream, direction),
    written: () => String(stream.read() ?? ''),
  }
}

const ERASED = '\u001b[1G\u001b[0K'

test('a live line erases what was there, and is cut to the width', () => {
  const terminal = createTerminal(10)

  createLiveLine(terminal).show('0123456789abc')

  expect(terminal.written()).toBe(`${ERASED}012345678`)
})

test('a live line is cleared once, and only if it is shown', () => {
  const terminal = createTerminal(80)
  const line = createLiveLine(terminal)

  line.clear()
  line.show('half')
  line.clear()
  line.clear()

  expect(terminal.written()).toBe(`${ERASED}half${ERASED}`)
})
