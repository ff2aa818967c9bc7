import type { Deposit } from './deposit.ts'

interface Snapshot<T> {
  readonly visibleFrom: number
  readonly document: T | undefined
}

/**
 * A search index that lags behind: a change becomes visible `lagMs` after it happened, a removal at
 * once. Documents are JSON, frozen at the moment of the change.
 */
export class SearchIndex<T> {
  readonly #history = new Map<number, Snapshot<T>[]>()
  readonly #lagMs: number
  readonly #now: () => number

  constructor(lagMs: number, now: () => number) {
    this.#lagMs = lagMs
    this.#now = now
  }

  put({ id }: Pick<Deposit, 'id'>, document: T | undefined): void {
    const history = this.#history.get(id) ?? []
    history.push({ visibleFrom: this.#now() + this.#lagMs, document })
    this.#history.set(id, history)
  }

  remove({ id }: Pick<Deposit, 'id'>): void {
    this.#history.delete(id)
  }

  /** What a search sees now, in order of ids. */
  visible(): readonly T[] {
    const now = this.#now()
    const latest = [...this.#history.entries()].sort(([a], [b]) => a - b)
    return latest.flatMap(([, history]) => {
      const seen = history.findLast(({ visibleFrom }) => visibleFrom <= now)
      return seen?.document === undefined ? [] : [seen.document]
    })
  }
}
