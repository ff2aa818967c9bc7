import { expect, test } from '@jest/globals'
import { createLiveLine } from '../../src/lib/live-line.ts'

function createTerminal(columns: number) {
  const written: string[] = []
  return { columns, written, write: (text: string) => written.push(text) }
}

test('a live line begins at the start, is cut to the width, and erases what was longer', () => {
  const terminal = createTerminal(10)

  createLiveLine(terminal).show('0123456789abc')

  expect(terminal.written).toEqual(['\r012345678\u001b[K'])
})

test('a live line is cleared once, and only if it is shown', () => {
  const terminal = createTerminal(80)
  const line = createLiveLine(terminal)

  line.clear()
  line.show('half')
  line.clear()
  line.clear()

  expect(terminal.written).toEqual(['\rhalf\u001b[K', '\r\u001b[K'])
})
