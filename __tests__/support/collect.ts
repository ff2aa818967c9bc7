/** Everything an async iterable yields; `Array.fromAsync` for the language level we compile to. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}
