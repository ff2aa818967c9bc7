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
    // Moves to the end: results that rank alike come in the order they were indexed.
    this.#history.delete(id)
    const now = this.#now()
    // What nobody can see any more is forgotten.
    const seen = history.findLastIndex(({ visibleFrom }) => visibleFrom <= now)
    history.splice(0, Math.max(0, seen))
    history.push({ visibleFrom: now + this.#lagMs, document })
    this.#history.set(id, history)
  }

  remove({ id }: Pick<Deposit, 'id'>): void {
    this.#history.delete(id)
  }

  /** What a search sees now, in the order of indexing. */
  visible(): readonly T[] {
    const now = this.#now()
    return [...this.#history.values()].flatMap((history) => {
      const seen = history.findLast(({ visibleFrom }) => visibleFrom <= now)
      return seen?.document === undefined ? [] : [seen.document]
    })
  }
}
