/** Aborts what makes no progress. Belongs to a bucket, not to one request: the server takes one upload per bucket at a time, so waiting while another one moves is healthy (docs/server.md#one-at-a-time). */
export class StallClock {
  readonly #limitMs: number
  readonly #now: () => number
  #patienceUntil: number

  constructor(limitMs: number, now: () => number = () => performance.now()) {
    this.#limitMs = limitMs
    this.#now = now
    this.#patienceUntil = now() + limitMs
  }

  /** Bytes moved. */
  moved(): void {
    this.expectWithin(this.#limitMs)
  }

  /** Something that shows no progress is under way and may take `ms`, e.g. the server hashing what it has. */
  expectWithin(ms: number): void {
    this.#patienceUntil = Math.max(this.#patienceUntil, this.#now() + ms)
  }

  get stalled(): boolean {
    return this.#now() > this.#patienceUntil
  }

  /** A signal that aborts with `reason()` once nothing has moved for the limit; dispose it when the request has ended. */
  watch(reason: () => Error): Disposable & { readonly signal: AbortSignal } {
    const controller = new AbortController()
    this.moved()
    const timer = setInterval(
      () => {
        if (this.stalled) controller.abort(reason())
      },
      Math.min(1000, this.#limitMs / 4),
    )
    return { signal: controller.signal, [Symbol.dispose]: () => clearInterval(timer) }
  }
}
