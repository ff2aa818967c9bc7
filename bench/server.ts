/**
 * The server that benchmarks send to, in a process of its own; talks to its parent over IPC.
 * `--latency MS` delays every answer; `--no-hash MD5` stores nothing and calls every content MD5, so
 * that the client is measured and not the server's hashing.
 */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { parseArgs } from 'node:util'

/** What the parent is told: where the server is, or what it has received so far. */
export type ServerMessage =
  | { readonly kind: 'ready'; readonly url: string; readonly token: string }
  | { readonly kind: 'stats'; readonly requests: number; readonly bodyBytes: number }

const { values } = parseArgs({
  options: { latency: { type: 'string', default: '0' }, 'no-hash': { type: 'string' } },
})
const knownMd5 = values['no-hash']
if (knownMd5 !== undefined) pretendToHash(knownMd5)

// Only now: what it imports from node:crypto must be what was put there.
const { startZenodo } = await import('../test-server/server.ts')
const zenodo = await startZenodo({ latencyMs: Number(values.latency), workMs: 0, keepBytes: 0 })
const tell = (message: ServerMessage): void => void process.send?.(message)

process.on('message', () => {
  const { requests } = zenodo
  const bodyBytes = requests.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0)
  tell({ kind: 'stats', requests: requests.length, bodyBytes })
})
process.on('disconnect', () => process.exit())
tell({ kind: 'ready', url: zenodo.url, token: zenodo.tokens['alice'] ?? '' })

function pretendToHash(hex: string): void {
  const hash = { update: () => hash, digest: () => hex }
  Object.assign(crypto, { createHash: () => hash })
  syncBuiltinESMExports()
}
