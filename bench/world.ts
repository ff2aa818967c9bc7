import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerMessage } from './server.ts'

/** A Zenodo in a process of its own. */
export interface BenchServer extends AsyncDisposable {
  readonly url: string
  readonly token: string
  /** What it has received since it started. */
  stats(): Promise<{ readonly requests: number; readonly bodyBytes: number }>
}

export async function startServer(...args: readonly string[]): Promise<BenchServer> {
  const child = fork(join(import.meta.dirname, 'server.ts'), args)
  const ready = await nextMessage(child)
  if (ready.kind !== 'ready') throw new Error('the server did not start')
  const { url, token } = ready
  return {
    url,
    token,
    async stats() {
      child.send('stats')
      const message = await nextMessage(child)
      if (message.kind !== 'stats') throw new Error('the server gave no numbers')
      return message
    },
    async [Symbol.asyncDispose]() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

async function nextMessage(child: ChildProcess): Promise<ServerMessage> {
  const [message] = (await once(child, 'message')) as [ServerMessage]
  return message
}

/** A folder for large files, gone at the end. */
export interface BenchFolder extends AsyncDisposable {
  readonly path: string
  at(name: string): string
  /** A file of bytes that no disk or network can compress. */
  writeRandom(name: string, sizeBytes: number): Promise<string>
  /** A file that takes no room on the disk. */
  writeSparse(name: string, sizeBytes: number): Promise<string>
}

const BLOCK = randomBytes(4 * 2 ** 20)

export async function createBenchFolder(): Promise<BenchFolder> {
  const path = await mkdtemp(join(tmpdir(), 'zenodo-deposit-bench-'))
  const at = (name: string): string => join(path, name)
  return {
    path,
    at,
    async writeRandom(name, sizeBytes) {
      await using file = await open(at(name), 'w')
      for (let left = sizeBytes, n = 0; left > 0; left -= BLOCK.length, n += 1) {
        BLOCK.writeUInt32LE(n, 0)
        await file.write(BLOCK, 0, Math.min(left, BLOCK.length))
      }
      return at(name)
    },
    async writeSparse(name, sizeBytes) {
      await using file = await open(at(name), 'w')
      await file.truncate(sizeBytes)
      return at(name)
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

/** A draft made by hand; gives its id and its bucket's address. */
export async function createDraft({ url, token }: Pick<BenchServer, 'url' | 'token'>) {
  const response = await fetch(`${url}/api/deposit/depositions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ metadata: {} }),
  })
  const { id, links } = (await response.json()) as { id: number; links: { bucket: string } }
  return { id: String(id), bucket: links.bucket }
}
