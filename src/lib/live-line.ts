import type { WriteStream } from 'node:tty'

/** The part of a terminal that is needed to write over its last line. Node moves the cursor. */
export type Terminal = Pick<WriteStream, 'write' | 'columns' | 'cursorTo' | 'clearLine'>

/** The last line of a terminal, written again and again in its place. */
export interface LiveLine {
  /** Plain ASCII; what does not fit is cut, for a line that wraps cannot be taken back. */
  show(text: string): void
  /** Makes room for a line that stays. */
  clear(): void
}

const TO_THE_RIGHT = 1

/** A live line at the terminal. */
export function createLiveLine(terminal: Terminal): LiveLine {
  let isShown = false
  function erase(): void {
    terminal.cursorTo(0)
    terminal.clearLine(TO_THE_RIGHT)
  }
  return {
    show(text) {
      erase()
      terminal.write(text.slice(0, terminal.columns - 1))
      isShown = true
    },
    clear() {
      if (isShown) erase()
      isShown = false
    },
  }
}
