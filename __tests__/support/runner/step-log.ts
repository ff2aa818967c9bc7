import type { Readable } from 'node:stream'
import { CommandReader, type WorkflowCommand } from './workflow-commands.ts'

/** Told of each line, with the command in it if the runner obeys one. */
export type LineListener = (line: string, command: WorkflowCommand | undefined) => void

type StreamName = 'stdout' | 'stderr'

/** Both streams of a step, read line by line as they come, commands told from text. */
export class StepLog {
  readonly #reader = new CommandReader()
  readonly #text = { stdout: '', stderr: '' }
  readonly #commands: WorkflowCommand[] = []
  readonly #watchers: (() => void)[] = []
  readonly #onLine: LineListener | undefined

  constructor(onLine?: LineListener) {
    this.#onLine = onLine
  }

  /** Reads a stream to its end. */
  follow(stream: Readable, name: StreamName): void {
    let rest = ''
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      this.#text[name] += chunk
      // A carriage return ends a line too: the runner splits there.
      const lines = (rest + chunk).split(/\r\n|\r|\n/u)
      rest = lines.pop() ?? ''
      lines.forEach((line) => this.#addLine(line))
      this.#watchers.forEach((watch) => watch())
    })
    stream.on('end', () => {
      if (rest !== '') this.#addLine(rest)
    })
  }

  /** Resolves once the text was printed; never, if it is not. */
  seen(wanted: string | RegExp): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.#watchers.push(() => {
      const text = this.#text.stdout + this.#text.stderr
      if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) resolve(undefined)
    })
    return promise
  }

  /** Last value per name that a `set-output` or `save-state` command gave. */
  values(command: 'set-output' | 'save-state'): Record<string, string> {
    const given = this.#commands.filter(({ name }) => name === command)
    return Object.fromEntries(given.map(({ properties, data }) => [properties['name'] ?? '', data]))
  }

  result() {
    const masks = this.#commands.filter(({ name }) => name === 'add-mask')
    return {
      ...this.#text,
      commands: this.#commands,
      masks: masks.flatMap(({ data }) => data.split(/\r\n|\r|\n/u)),
    }
  }

  #addLine(line: string): void {
    const command = this.#reader.read(line)
    if (command) this.#commands.push(command)
    this.#onLine?.(line, command)
  }
}
