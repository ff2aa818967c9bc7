import type { Zenodo } from '../../../test-server/server.ts'
import { until, untilReceived, type Gate, type Reply, type TestDeposit } from './talk.ts'

/** How outcomes show that the server crashed. */
export const CRASH =
  '500 The server encountered an internal error and was unable to complete your request'

/** What was answered, in words, in the order of the words: which request lost means nothing. */
export const outcomes = (replies: readonly Reply[]): readonly string[] =>
  replies
    .map(({ status, text }) => `${status} ${/"message": ?"([^".]*)/.exec(text)?.[1] ?? ''}`.trim())
    .sort()

/** The keys of what a version holds. */
export function keysOf(zenodo: Zenodo, { id }: TestDeposit): readonly string[] {
  const { files = [] } = zenodo.deposit(id) ?? {}
  return files.map(({ key }) => key).sort()
}

/** The content of one of its files. */
export function contentOf(zenodo: Zenodo, { id }: TestDeposit, key: string): string | undefined {
  const { files = [] } = zenodo.deposit(id) ?? {}
  return files.find((file) => file.key === key)?.content?.toString()
}

/** Sends requests so that all have begun before the first one ends. */
export async function atOnce(
  zenodo: Zenodo,
  gate: Gate,
  requests: readonly (() => Promise<Reply>)[],
): Promise<readonly Reply[]> {
  const before = zenodo.requests.length
  gate.close()
  const replies = requests.map((send) => send())
  await untilReceived(zenodo, before + requests.length)
  await until(() => gate.heldCount > 0)
  gate.open()
  return Promise.all(replies)
}
