/**
 * Runs `work` over `items`, at most `limit` at once. The first failure aborts the signal that the
 * others got, and is thrown once every one of them has stopped: nothing outlives the promise.
 */
export async function inParallel<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  const queue = items[Symbol.iterator]()
  let failure: { readonly error: unknown } | undefined

  async function takeFromQueue(): Promise<void> {
    for (let next = queue.next(); !next.done && !failure; next = queue.next()) {
      try {
        signal.throwIfAborted()
        await work(next.value, AbortSignal.any([signal, stop.signal]))
      } catch (error) {
        failure ??= { error }
        stop.abort(failure.error)
      }
    }
  }

  await Promise.all(Array.from({ length: limit }, takeFromQueue))
  if (failure) throw failure.error
}
