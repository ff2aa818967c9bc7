import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A link between a client and the server that carries `bytesPerSecond` upwards, evenly. */
export interface SlowLink extends AsyncDisposable {
  readonly url: string
  /** Where requests go; known only after the server was told where its clients find it. */
  leadTo(serverUrl: string): void
}

export async function startSlowLink(bytesPerSecond: number): Promise<SlowLink> {
  const sockets = new Set<Socket>()
  let serverPort = 0
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => socket.destroy())
  }
  const server = createServer((client) => {
    const upstream = keep(connect(serverPort, '127.0.0.1'))
    keep(client).on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy()).pipe(client)
    client.on('data', (chunk) => {
      upstream.write(chunk)
      client.pause()
      setTimeout(() => client.resume(), (chunk.length / bytesPerSecond) * 1000)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (serverUrl) => void (serverPort = Number(new URL(serverUrl).port)),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
