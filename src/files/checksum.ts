import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { createTurns } from '../lib/in-turn.ts'
import { unreadable, changed, readLocalFile, type LocalFile, stampOf } from './local-file.ts'

/** Up to this size a file is hashed where it is needed: a worker would take longer to start. */
export const SMALL_FILE_BYTES = 4 * 1024 * 1024

/** md5 of local files, each computed once, large ones off the main thread. md5 is the only checksum the server computes. */
export interface Checksums extends AsyncDisposable {
  /** The checksum with its prefix, `md5:…`. */
  of(file: LocalFile): Promise<string>
  /** Starts the work on these files, in this order, ahead of the question. */
  start(files: readonly LocalFile[]): void
}

/** Checksums for one run; dispose to stop what is still being computed. */
export function createChecksums(): Checksums {
  const known = new Map<string, Promise<string>>()
  const stop = new AbortController()
  /** Small files one after the other: a hundred open at once would hold as many buffers. */
  const inTurn = createTurns()
  let worker: HashWorker | undefined

  function computeHere(file: LocalFile): Promise<string> {
    return inTurn(async () => {
      stop.signal.throwIfAborted()
      const hash = createHash('md5')
      for await (const chunk of readLocalFile(file)) hash.update(chunk)
      return `md5:${hash.digest('hex')}`
    })
  }

  function compute(file: LocalFile): Promise<string> {
    if (file.sizeBytes <= SMALL_FILE_BYTES) return computeHere(file)
    worker ??= createHashWorker()
    return worker.hash(file)
  }

  function of(file: LocalFile): Promise<string> {
    const started = known.get(file.path)
    if (started) return started
    const checksum = compute(file)
    checksum.catch(() => undefined) // whoever asks gets the failure; nobody asking is no crash
    known.set(file.path, checksum)
    return checksum
  }

  return {
    of,
    start(files) {
      for (const file of files) if (file.sizeBytes > SMALL_FILE_BYTES) void of(file)
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort(stopped())
      await worker?.terminate()
      await inTurn(() => Promise.resolve())
    },
  }
}

const stopped = (): Error => new Error('The computation of checksums was stopped.')

interface HashWorker {
  hash(file: LocalFile): Promise<string>
  terminate(): Promise<unknown>
}

type Reply =
  | {
      readonly md5: string
      readonly sizeBytes: number
      readonly mtimeMs: number
      readonly ctimeMs: number
    }
  | { readonly error: { readonly code: string | undefined; readonly message: string } }

/** One worker that hashes one file after the other. It reads the file itself: nothing is copied between threads. */
function createHashWorker(): HashWorker {
  const worker = new Worker(`(${hashWorkerMain.toString()})()`, { eval: true })
  const waiting: {
    file: LocalFile
    resolve: (md5: string) => void
    reject: (e: unknown) => void
  }[] = []

  let end: { readonly error: unknown } | undefined
  worker.on('message', (reply: Reply) => {
    // Whoever awaits the end of the thread needs it to keep the process alive till then.
    if (end) return
    const next = waiting.shift()
    if (waiting.length === 0) worker.unref()
    if (!next) return
    const { file, resolve, reject } = next
    if ('error' in reply) reject(unreadable(file, reply.error))
    else if (reply.sizeBytes !== file.sizeBytes || stampOf(reply) !== file.stamp) {
      reject(changed(file))
    } else resolve(`md5:${reply.md5}`)
  })
  const giveUp = (error: unknown): void => {
    end ??= { error }
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  worker.on('error', giveUp)
  worker.on('exit', () => giveUp(stopped()))

  return {
    hash: (file) =>
      new Promise((resolve, reject) => {
        if (end) throw end.error
        waiting.push({ file, resolve, reject })
        worker.ref()
        worker.postMessage(file.path)
      }),
    terminate() {
      giveUp(stopped())
      return worker.terminate()
    },
  }
}

/**
 * The worker's whole program. Its source text is what the worker runs, so that the bundle stays one
 * file: it may use nothing from around it, and gets node's modules from `process`.
 */
function hashWorkerMain(): void {
  const { parentPort } = process.getBuiltinModule('node:worker_threads')
  const fs = process.getBuiltinModule('node:fs')
  const crypto = process.getBuiltinModule('node:crypto')
  const buffer = Buffer.allocUnsafeSlow(1024 * 1024)

  parentPort?.on('message', (path: string) => {
    try {
      const file = fs.openSync(path, 'r')
      try {
        const hash = crypto.createHash('md5')
        for (let read = -1; read !== 0;) {
          read = fs.readSync(file, buffer, 0, buffer.length, null)
          hash.update(buffer.subarray(0, read))
        }
        const { size, mtimeMs, ctimeMs } = fs.fstatSync(file)
        const reply: Reply = { md5: hash.digest('hex'), sizeBytes: size, mtimeMs, ctimeMs }
        parentPort.postMessage(reply)
      } finally {
        fs.closeSync(file)
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      parentPort.postMessage({ error: { code, message } } satisfies Reply)
    }
  })
}
