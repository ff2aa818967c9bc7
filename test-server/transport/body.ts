import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** The client went away, or a fault cut the connection, before the body was complete. */
export class BodyLost extends Error {
  override readonly name = 'BodyLost'
}

/** Where a fault wants the reading of a body to end. */
export interface BodyLimit {
  readonly bytes: number
  readonly then: 'reset' | 'stall'
}

/** Breaks a connection as a crash would; an encrypted one can only be closed. */
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

/** What the kernel and the gateway hold of a body that nobody reads yet. */
const IN_BUFFERS = 65_536

/**
 * The body of a request, read only as fast as it is asked for. While an upload waits for its turn
 * no more than socket buffers would hold is taken in; if that is the whole body, the upload still
 * takes effect after its client has gone, as on the real server.
 */
export class RequestBody {
  readonly #request: IncomingMessage
  readonly #limit: BodyLimit | undefined
  readonly #onBytes: (count: number) => void
  readonly #early: Buffer[] = []
  #earlyBytes = 0
  #taken = 0
  #wake: (() => void) | undefined

  constructor(
    request: IncomingMessage,
    limit: BodyLimit | undefined,
    onBytes: (count: number) => void,
  ) {
    this.#request = request
    this.#limit = limit
    this.#onBytes = onBytes
    const wake = (): void => this.#wake?.()
    request.on('error', wake).on('end', wake).on('close', wake)
  }

  /** Bytes as announced; undefined without Content-Length (chunked). */
  get announcedBytes(): number | undefined {
    const header = this.#request.headers['content-length']
    return header === undefined ? undefined : Number(header)
  }

  /** Keeps what arrives in the first buffers, so that it survives the client's leaving. */
  keepEarlyBytes(): void {
    const takeIn = (): void => {
      while (this.#earlyBytes < IN_BUFFERS && !this.#atLimit()) {
        const chunk = this.#take()
        if (!chunk) return
        this.#early.push(chunk)
        this.#earlyBytes += chunk.length
      }
    }
    this.#request.on('readable', takeIn)
    takeIn()
  }

  /** All chunks up to the end of the body. */
  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    this.#request.removeAllListeners('readable')
    this.#request.on('readable', () => this.#wake?.())
    for (let chunk = this.#early.shift(); chunk; chunk = this.#early.shift()) yield chunk
    while (!this.#isComplete()) {
      if (this.#atLimit()) await this.#endHere()
      const chunk = this.#take()
      if (chunk) yield chunk
      else if (this.#request.readableEnded) break
      else if (this.#request.destroyed) throw new BodyLost('the connection is gone')
      else await this.#nextEvent()
    }
    if (this.#limit) await this.#endHere()
    if (this.#announcesMore()) throw new BodyLost('the body was cut')
  }

  /** The whole body in memory: for JSON and forms. */
  async bytes(): Promise<Buffer> {
    const chunks: Buffer[] = []
    for await (const chunk of this.chunks()) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  #take(): Buffer | undefined {
    const chunk = this.#request.read() as Buffer | null
    if (!chunk) return undefined
    this.#taken += chunk.length
    this.#onBytes(chunk.length)
    return chunk
  }

  #isComplete(): boolean {
    return this.announcedBytes !== undefined && this.#taken >= this.announcedBytes
  }

  #announcesMore(): boolean {
    return this.announcedBytes !== undefined && this.#taken < this.announcedBytes
  }

  #atLimit(): boolean {
    return this.#limit !== undefined && this.#taken >= this.#limit.bytes
  }

  /** Obeys the fault: resets the connection, or waits until the client gives up. */
  async #endHere(): Promise<never> {
    const { socket } = this.#request
    if (this.#limit?.then === 'reset') reset(socket)
    if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve))
    throw new BodyLost('a fault ended the body')
  }

  async #nextEvent(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      if (this.#request.destroyed) resolve()
    })
    this.#wake = undefined
  }
}
