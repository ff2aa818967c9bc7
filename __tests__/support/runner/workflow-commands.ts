/** A line of output that the runner obeys instead of printing. */
export interface WorkflowCommand {
  /** Lower case: `set-output`, `add-mask`, `error`, … */
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  /** What follows the command, unescaped. */
  readonly data: string
  /** How it was written: at the start of a line, or the older form that works anywhere in it. */
  readonly form: '::' | '##['
}

/** Commands that a runner knows; every other name is text. */
const KNOWN = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
])

/** Reads lines as the runner does, and remembers whether `stop-commands` has silenced them. */
export class CommandReader {
  #resumeToken: string | undefined

  /** The command in this line, or nothing if it is text for the log. */
  read(line: string): WorkflowCommand | undefined {
    if (this.#resumeToken !== undefined) {
      const token = this.#resumeToken.toLowerCase()
      if (parseCommand(line, (name) => name === token)) this.#resumeToken = undefined
      return undefined
    }
    const command = parseCommand(line, (name) => KNOWN.has(name))
    if (command?.name === 'stop-commands') this.#resumeToken = command.data
    return command
  }
}

type IsKnown = (name: string) => boolean

function parseCommand(line: string, isKnown: IsKnown): WorkflowCommand | undefined {
  return parseColonForm(line, isKnown) ?? parseBracketForm(line, isKnown)
}

/** `::name key=value,key=value::data`, after any white space. */
function parseColonForm(line: string, isKnown: IsKnown): WorkflowCommand | undefined {
  const match = /^\s*::(?<head>.*?)::(?<data>.*)$/su.exec(line)
  const head = splitHead(match?.groups?.['head'] ?? '', ',')
  if (!isKnown(head.name)) return undefined
  const unescape = (text: string) => unescapeAll(text, ['%0D', '%0A', '%3A', '%2C'])
  return {
    name: head.name,
    properties: mapValues(head.properties, unescape),
    data: unescapeAll(match?.groups?.['data'] ?? '', ['%0D', '%0A']),
    form: '::',
  }
}

/** `##[name key=value;key=value]data`, wherever it stands in the line. */
function parseBracketForm(line: string, isKnown: IsKnown): WorkflowCommand | undefined {
  const match = /##\[(?<head>[^\]]*)\](?<data>.*)$/su.exec(line)
  const head = splitHead(match?.groups?.['head'] ?? '', ';')
  if (!isKnown(head.name)) return undefined
  const unescape = (text: string) => unescapeAll(text, ['%0D', '%0A', '%3B', '%5D'])
  return {
    name: head.name,
    properties: mapValues(head.properties, unescape),
    data: unescape(match?.groups?.['data'] ?? ''),
    form: '##[',
  }
}

function splitHead(head: string, separator: string) {
  const [name = '', ...rest] = head.split(' ')
  const pairs = rest.join(' ').trim().split(separator)
  const properties = pairs.flatMap((pair) => {
    const at = pair.indexOf('=')
    return at < 0 ? [] : [[pair.slice(0, at), pair.slice(at + 1)] as const]
  })
  return { name: name.toLowerCase(), properties: Object.fromEntries(properties) }
}

function unescapeAll(text: string, codes: readonly string[]): string {
  const plain = codes.reduce((result, code) => result.replaceAll(code, decodeURIComponent), text)
  return plain.replaceAll('%25', '%')
}

function mapValues(values: Readonly<Record<string, string>>, change: (value: string) => string) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]))
}
