/** Yields `work(item)` for each item, in order, with up to `limit` of them at work at once; ends only when all are done. */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const atWork: Promise<Result>[] = []
  try {
    for await (const item of items) {
      const result = work(item)
      // It is awaited below; until then its failure must not count as unhandled.
      result.catch(() => undefined)
      atWork.push(result)
      if (atWork.length >= limit) yield* take(atWork)
    }
    while (atWork.length > 0) yield* take(atWork)
  } finally {
    await Promise.allSettled(atWork)
  }
}

async function* take<Result>(queue: Promise<Result>[]): AsyncGenerator<Result> {
  const next = queue.shift()
  if (next !== undefined) yield await next
}
