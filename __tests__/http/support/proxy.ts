import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

export interface Proxy extends AsyncDisposable {
  /** `host:port`, without a scheme. */
  readonly address: string
  /** What clients asked for: the request line and the headers of each tunnel. */
  readonly tunnels: readonly {
    readonly target: string
    readonly headers: Readonly<Record<string, string | string[] | undefined>>
  }[]
  /** Requests that were not for tunnels. */
  readonly others: readonly string[]
}

/** A proxy that makes tunnels, or refuses them with this status. */
export async function startProxy({ refuseWith }: { refuseWith?: number } = {}): Promise<Proxy> {
  const tunnels: Proxy['tunnels'][number][] = []
  const others: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    others.push(request.url ?? '')
    response.writeHead(502).end()
  })
  server.on('connection', (socket) => void sockets.add(socket))
  server.on('connect', (request, client: Socket, head) => {
    const { url: target = '', headers } = request
    tunnels.push({ target, headers })
    if (refuseWith !== undefined) {
      client.end(`HTTP/1.1 ${refuseWith} No\r\nproxy-authenticate: Basic realm="x"\r\n\r\n`)
      return
    }
    const [host, port] = target.split(':')
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    sockets.add(upstream)
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    others,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
