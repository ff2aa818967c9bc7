import diagnostics from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const CHANNEL = 'net.client.socket'

/** Watches the connections that this process opens; those that a server accepts do not count. */
export class ClientSockets implements Disposable {
  readonly #sockets: Socket[] = []
  readonly #add = (message: unknown): void => {
    this.#sockets.push((message as { socket: Socket }).socket)
  }

  constructor() {
    diagnostics.subscribe(CHANNEL, this.#add)
  }

  /** How many were opened in all. */
  get opened(): number {
    return this.#sockets.length
  }

  /** How many are open now. */
  get open(): number {
    return this.#sockets.filter(({ destroyed }) => !destroyed).length
  }

  [Symbol.dispose](): void {
    diagnostics.unsubscribe(CHANNEL, this.#add)
  }
}
