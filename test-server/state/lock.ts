/** Lets one holder at a time through, in order of arrival: a row lock of the database. */
export class Lock {
  #last: Promise<void> = Promise.resolve()

  /** Waits for its turn, and runs `work` while nobody else may. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last
    let release = (): void => undefined
    this.#last = new Promise<void>((resolve) => {
      release = resolve
    })
    await before
    try {
      return await work()
    } finally {
      release()
    }
  }
}
