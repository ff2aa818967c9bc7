import type { Issue } from '../errors.ts'
import { closest, toKey } from '../lib/closest.ts'
import { toPrintable } from '../lib/printable.ts'

/** What other tools for the same purpose call their inputs (docs/moving.md), in lower case without separators. */
const OTHER_NAMES = new Map([
  ['archive', 'files'],
  ['compression', 'archive-name or source-archive'],
  ['concept', 'deposit-id'],
  ['description', 'metadata'],
  ['doi', 'deposit-id'],
  ['filenames', 'files'],
  ['title', 'metadata'],
  ['upsertdoi', 'update-citation'],
  ['zenodojson', 'metadata-file'],
  ['zenododepositionid', 'deposit-id'],
  ['zenodopublish', 'publish'],
  ['zenodosandbox', 'sandbox'],
  ['zenodotoken', 'token'],
])

/** Gives the text of an input as the runner passed it; empty if it was not given. */
export type ReadInput = (name: string) => string

/** Reads single inputs and collects what is wrong with them. */
export class InputReader {
  readonly #read: ReadInput
  readonly #known = new Set<string>()
  readonly #issues: Issue[] = []

  constructor(read: ReadInput) {
    this.#read = (name) => {
      this.#known.add(name)
      return read(name)
    }
  }

  text(name: string): string | undefined {
    const value = this.#read(name).trim()
    return value === '' ? undefined : value
  }

  /** Text whose indentation counts. */
  block(name: string): string | undefined {
    const value = this.#read(name)
    return value.trim() === '' ? undefined : value
  }

  lines(name: string): readonly string[] | undefined {
    const lines = this.#read(name)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
    return lines.length > 0 ? lines : undefined
  }

  boolean(name: string, standard: boolean): boolean {
    const value = this.text(name)?.toLowerCase()
    if (value === undefined) return standard
    if (value !== 'true' && value !== 'false') this.reject(name, 'must be true or false')
    return value === 'true'
  }

  integer(
    name: string,
    { min, max, standard }: Record<'min' | 'max' | 'standard', number>,
  ): number {
    const value = this.text(name)
    if (value === undefined) return standard
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    if (!(number >= min && number <= max)) {
      this.reject(name, `must be a whole number from ${min} to ${max}`)
      return standard
    }
    return number
  }

  /** One of the words; the first is the default. */
  choice<const Words extends readonly [string, ...string[]]>(
    name: string,
    words: Words,
  ): Words[number] {
    const value = this.text(name)
    if (value === undefined) return words[0]
    if (words.includes(value)) return value
    this.reject(name, `must be one of ${words.join(', ')}`)
    return words[0]
  }

  /**
   * Refuses inputs that no input was read for and that stand for one of them, misspelt or as other
   * tools name it: the runner only warns of them, and `dry_run: true` would publish.
   * @param variables names in the environment, where an input is `INPUT_NAME` in capitals
   */
  refuseMisnamed(variables: readonly string[]): void {
    const known = [...this.#known]
    const variableOf = (name: string): string => `INPUT_${name.toUpperCase()}`
    for (const variable of variables) {
      if (!variable.startsWith('INPUT_') || known.some((name) => variableOf(name) === variable)) {
        continue
      }
      const name = variable.slice('INPUT_'.length).toLowerCase()
      const meant = OTHER_NAMES.get(toKey(name)) ?? closest(name, known)
      if (meant === undefined) continue
      this.report(name, `There is no input "${toPrintable(name, 100)}". Did you mean ${meant}?`)
    }
  }

  /** `demand` completes the sentence that begins with the input's name. */
  reject(name: string, demand: string): void {
    const value = toPrintable(this.text(name) ?? '', 100)
    this.report(name, `Input ${name} ${demand}; it is "${value}".`)
  }

  report(name: string, problem: string): void {
    this.#issues.push({ place: { input: name }, problem })
  }

  /** What is wrong so far. */
  get issues(): readonly Issue[] {
    return this.#issues
  }
}
