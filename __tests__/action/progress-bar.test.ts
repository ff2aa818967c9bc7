import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { createProgress, DRAW_EVERY_MS, REPORT_EVERY_MS } from '../../src/action/progress.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

test('at a terminal a bar takes the place of the lines, and goes away at the end', () => {
  const printed: string[] = []
  const drawn: string[] = []
  let nowMs = 0
  const progress = createProgress({
    totalBytes: 100e6,
    totalFiles: 1,
    now: () => nowMs,
    print: (line) => void printed.push(line),
    draw: (text) => void drawn.push(text),
  })

  progress.sent(45e6)
  nowMs = DRAW_EVERY_MS
  jest.advanceTimersByTime(DRAW_EVERY_MS)
  jest.advanceTimersByTime(REPORT_EVERY_MS)
  progress[Symbol.dispose]()

  expect(drawn[0]).toMatch(/^\[#{9}\.{11}\] 45\.0 MB of 100\.0 MB \(45 %\)/)
  expect(drawn.at(-1)).toBe('')
  expect(drawn).toHaveLength(1 + REPORT_EVERY_MS / DRAW_EVERY_MS + 1)
  expect(printed).toEqual([])
  expect(jest.getTimerCount()).toBe(0)
})
