import type { Clock } from '../lib/clock.ts'

/** A pause that all requests share: what one of them was told to wait, the others wait as well, instead of each running into the limit. */
export class SharedPause {
  readonly #clock: Clock
  #until = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Nobody starts a request for the next `ms`. */
  extend(ms: number): void {
    this.#until = Math.max(this.#until, this.#clock.now() + ms)
  }

  /** Resolves once no pause is left. */
  async over(signal: AbortSignal): Promise<void> {
    for (let left = this.#left(); left > 0; left = this.#left()) {
      await this.#clock.sleep(left, signal)
    }
  }

  #left(): number {
    return this.#until - this.#clock.now()
  }
}
