/** Lets one holder at a time through, in order of arrival: a row lock of the database. */
export class Lock {
  #last: Promise<void> = Promise.resolve()
  #waiting = 0

  get isBusy(): boolean {
    return this.#waiting > 0
  }

  /** Waits for its turn; the answer gives the lock back. */
  async acquire(): Promise<() => void> {
    const before = this.#last
    let release = (): void => undefined
    this.#last = new Promise<void>((resolve) => {
      release = resolve
    })
    this.#waiting += 1
    await before
    return () => {
      this.#waiting -= 1
      release()
    }
  }

  /** Runs `work` while holding the lock. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.acquire()
    try {
      return await work()
    } finally {
      release()
    }
  }
}
