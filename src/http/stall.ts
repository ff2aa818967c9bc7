/** Aborts what makes no progress. Belongs to a bucket, not to one request: the server takes one upload per bucket at a time, so waiting while another one moves is healthy (docs/server.md#one-at-a-time). */
export class StallClock {
  readonly #limitMs: number
  readonly #now: () => number
  #patienceUntil: number
  #requests = 0

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
    this.#begin()
    const timer = setInterval(
      () => {
        if (this.stalled) controller.abort(reason())
      },
      Math.min(1000, this.#limitMs / 4),
    )
    return {
      signal: controller.signal,
      [Symbol.dispose]: () => {
        clearInterval(timer)
        this.#requests -= 1
      },
    }
  }

  /** A long wait was for the requests of then: the first one after them does not inherit it. */
  #begin(): void {
    if (this.#requests === 0) this.#patienceUntil = this.#now() + this.#limitMs
    else this.moved()
    this.#requests += 1
  }
}
