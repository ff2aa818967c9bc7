import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { toSettings, type ZenodoOptions } from './options.ts'
import { Service } from './service.ts'
import type { ReceivedRequest } from './transport/exchange.ts'
import type { Fault } from './transport/faults.ts'
import { toView, type DepositView } from './view.ts'

export type { DepositView } from './view.ts'
export type { Fault } from './transport/faults.ts'
export type { ReceivedRequest } from './transport/exchange.ts'
export type { ZenodoOptions } from './options.ts'

/** A running Zenodo: where it is, what it received, what it holds, and what is to go wrong. */
export interface Zenodo extends AsyncDisposable {
  /** Origin, without a trailing slash. */
  readonly url: string
  readonly tokens: Readonly<Record<string, string>>
  /** In order of arrival; every request, also those a fault struck. */
  readonly requests: readonly ReceivedRequest[]
  /** All versions of all concepts: drafts and records. */
  deposits(): readonly DepositView[]
  deposit(id: number | string): DepositView | undefined
  /** Scripts something that goes wrong; the first fault that matches and has hits left wins. */
  fault(fault: Fault): { readonly hits: number }
  clearFaults(): void
  /** Destroys all connections and stops listening. */
  close(): Promise<void>
}

/** Starts a Zenodo over a real socket, with empty state. */
export async function startZenodo(options: ZenodoOptions = {}): Promise<Zenodo> {
  const { host = '127.0.0.1', port = 0, tls, keepAliveMs = 5000 } = options
  const service = new Service(toSettings(options))
  const server = tls ? createTlsServer(tls) : createServer()
  server.keepAliveTimeout = keepAliveMs
  server.keepAliveTimeoutBuffer = 0
  server.requestTimeout = 0
  server.on('request', service.listener)
  server.on('clientError', (_error, socket) => service.closeWhenIdle(socket))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const origin = `${tls ? 'https' : 'http'}://${host}:${(server.address() as AddressInfo).port}`
  service.world.settings.baseUrl ||= origin
  return toZenodo(service, server, origin)
}

function toZenodo(service: Service, server: Server, url: string): Zenodo {
  const { world, faults, requests } = service
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  return {
    url,
    tokens: world.settings.tokens,
    requests,
    deposits: () => world.deposits().map(toView),
    deposit: (id) => {
      const deposit = world.findDeposit(String(id))
      return deposit && toView(deposit)
    },
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
