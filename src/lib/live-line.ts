/** The part of a terminal that is needed to write to it. */
export interface Terminal {
  write(text: string): unknown
  readonly columns: number
}

/** The last line of a terminal, written again and again in its place. */
export interface LiveLine {
  /** Plain ASCII; what does not fit is cut, for a line that wraps cannot be taken back. */
  show(text: string): void
  /** Makes room for a line that stays. */
  clear(): void
}

const TO_START = '\r'
const ERASE_REST = '\u001b[K'

export function createLiveLine(terminal: Terminal): LiveLine {
  let isShown = false
  return {
    show(text) {
      terminal.write(`${TO_START}${text.slice(0, terminal.columns - 1)}${ERASE_REST}`)
      isShown = true
    },
    clear() {
      if (isShown) terminal.write(`${TO_START}${ERASE_REST}`)
      isShown = false
    },
  }
}
