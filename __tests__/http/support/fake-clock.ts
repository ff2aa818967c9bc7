import type { Clock } from '../../../src/lib/clock.ts'

interface Sleeper {
  readonly wakeAt: number
  readonly wake: () => void
}

/**
 * A clock that skips every wait: whenever nothing else runs, time jumps to the moment at which the
 * next sleeper wakes. Chance is always one half.
 */
export class FakeClock implements Clock {
  /** Every wait that was asked for, in order. */
  readonly sleeps: number[] = []
  #now = 0
  #isTicking = false
  readonly #sleepers = new Set<Sleeper>()

  now(): number {
    return this.#now
  }

  random(): number {
    return 0.5
  }

  /** Time that passes by itself, as while bytes travel. */
  advance(ms: number): void {
    this.#now += ms
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    this.sleeps.push(ms)
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const wake = (): void => resolve(undefined)
    const sleeper = { wakeAt: this.#now + ms, wake }
    this.#sleepers.add(sleeper)
    signal.addEventListener('abort', wake)
    this.#tick()
    await promise
    signal.removeEventListener('abort', wake)
    this.#sleepers.delete(sleeper)
    signal.throwIfAborted()
  }

  #tick(): void {
    if (this.#isTicking) return
    this.#isTicking = true
    setImmediate(() => {
      this.#isTicking = false
      this.#wakeNext()
      if (this.#sleepers.size > 0) this.#tick()
    })
  }

  #wakeNext(): void {
    const [next] = [...this.#sleepers].toSorted((a, b) => a.wakeAt - b.wakeAt)
    if (next === undefined) return
    this.#now = Math.max(this.#now, next.wakeAt)
    this.#sleepers.delete(next)
    next.wake()
  }
}
