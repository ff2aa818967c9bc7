import { entryOf, isEmpty, toField, type Finding, type Path } from './metadata.ts'
import type { ParsedText } from './parse-text.ts'
import type { Source } from './source.ts'

/** Metadata of another format on its way into the deposit's form. */
export class Conversion {
  readonly #metadata: Record<string, unknown> = {}
  readonly #origins = new Map<string, Path>()
  readonly #notes: { severity: Finding['severity']; path: Path; problem: string }[] = []
  readonly #dois = new Set<string>()
  readonly #unread = new Set<string>()

  /** Sets a field unless there is nothing to set; `from` is where its value stands in the other format. */
  set(field: string, value: unknown, from: Path): void {
    if (isEmpty(value)) return
    this.#metadata[field] = value
    this.trace([field], from)
  }

  /** Adds an item to a list field, unless it is there already. */
  add(field: string, item: unknown, from: Path): void {
    const list = (this.#metadata[field] ?? []) as readonly unknown[]
    if (list.some((one) => JSON.stringify(one) === JSON.stringify(item))) return
    this.#metadata[field] = [...list, item]
    if (list.length === 0) this.trace([field], from.slice(0, 1))
    this.trace([field, list.length], from)
  }

  /** How many items a list field has by now. */
  count(field: string): number {
    return ((this.#metadata[field] ?? []) as readonly unknown[]).length
  }

  /** Remembers where a value of the deposit's form came from. */
  trace(to: Path, from: Path): void {
    this.#origins.set(toField(to), from)
  }

  /** A DOI that the format names as the work's own. */
  nameDoi(doi: string): void {
    this.#dois.add(doi)
  }

  /** What is wrong in the other format and hinders the conversion to a field. */
  refuse(field: string, path: Path, problem: string): void {
    this.#unread.add(field)
    this.#notes.push({ severity: 'error', path, problem })
  }

  /** What the deposit's form cannot express. */
  warn(path: Path, problem: string): void {
    this.#notes.push({ severity: 'warning', path, problem })
  }

  /** The result; `names` are the other format's names for fields that are not there. */
  toSource(file: string, parsed: ParsedText, names: Readonly<Record<string, string>>): Source {
    const locate = (path: Path) => {
      const from = this.#findOrigin(path) ?? [entryOf(names, String(path[0])) ?? String(path[0])]
      return { field: toField(from), place: { file, ...parsed.spotOf(from) } }
    }
    return {
      name: file,
      metadata: this.#metadata,
      findings: this.#notes.map(({ severity, path, problem }) => ({
        severity,
        field: toField(path),
        problem: `${toField(path)}: ${problem}`,
        place: { file, ...parsed.spotOf(path) },
      })),
      unread: [...this.#unread],
      dois: [...this.#dois],
      locate,
    }
  }

  #findOrigin(path: Path): Path | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const origin = this.#origins.get(toField(path.slice(0, length)))
      if (origin !== undefined) return origin
    }
    return undefined
  }
}

/** A file that cannot be read as its format: only the reasons. */
export function toUnreadable(file: string, parsed: ParsedText, expected: string): Source {
  const problems =
    parsed.problems.length > 0
      ? parsed.problems
      : [{ problem: `It must hold ${expected}.`, spot: parsed.spotOf([]) }]
  return {
    name: file,
    metadata: undefined,
    findings: problems.map(({ problem, spot }) => ({
      severity: 'error',
      field: '',
      problem,
      place: { file, ...spot },
    })),
    dois: [],
    locate: (path) => ({ field: toField(path), place: { file, ...parsed.spotOf([]) } }),
  }
}
