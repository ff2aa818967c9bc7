import { InputError } from '../errors.ts'

/** The proxy that the environment names for requests over TLS, as curl and the runner read it. */
export interface Proxy {
  readonly url: string
  /** As messages name it: without user and password. */
  readonly address: string
  /** Hosts that are reached directly, separated by commas. */
  readonly except: string
}

/**
 * The proxy to use, if any. `http_proxy` is not asked: the only requests without TLS go to this
 * machine, and a proxy would see their token.
 * @throws InputError if the variable holds no address
 */
export function readProxy(env: Readonly<Record<string, string | undefined>>): Proxy | undefined {
  const name = ['https_proxy', 'HTTPS_PROXY'].find((variable) => env[variable])
  if (name === undefined) return undefined
  const text = env[name] ?? ''
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InputError([
      {
        place: { input: name },
        problem: `The environment variable ${name} holds no address of a proxy, such as http://proxy.example:3128.`,
      },
    ])
  }
  return { url: full, address: url.host, except: env['no_proxy'] ?? env['NO_PROXY'] ?? '' }
}
