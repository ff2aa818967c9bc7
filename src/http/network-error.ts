import { NetworkError } from '../errors.ts'
import { toPrintable } from '../lib/printable.ts'

interface Circumstances {
  readonly origin: string
  /** Name of the setting that holds the origin. */
  readonly setting: string
  /** Whether the whole request had been handed over when it failed. */
  readonly bodySent: boolean
  /** `host:port` of the proxy in use. */
  readonly proxy?: string | undefined
}

/** Codes of failures that happen before a connection exists: the server got nothing. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** A failure without an answer, in words: what was asked, why nothing came, what to look at. Foreign errors are told apart by code, not by class. */
export function toNetworkError(
  requestLine: string,
  cause: unknown,
  { origin, setting, bodySent, proxy }: Circumstances,
): NetworkError {
  const { code, detail } = describeCause(cause)
  const never = NEVER_CONNECTED.has(code) || isTlsRefusal(code) || isProxyRefusal(detail)
  const words = never
    ? `${origin} could not be reached for ${requestLine}: ${detail}.`
    : `The connection broke during ${requestLine}: ${detail}.`
  return new NetworkError(requestLine, words, {
    cause,
    bodySent: bodySent && !never,
    hint: hintFor({ code, detail, proxy, setting }),
  })
}

function describeCause(error: unknown): { code: string; detail: string } {
  const chain: { code?: unknown; message?: unknown }[] = []
  for (let next = error; typeof next === 'object' && next !== null && chain.length < 5;) {
    chain.push(next)
    next = 'cause' in next ? next.cause : undefined
  }
  const known = chain.find(({ code }) => typeof code === 'string')
  const code = typeof known?.code === 'string' ? known.code : ''
  const message = chain
    .map(({ message: text }) => text)
    .filter((text) => typeof text === 'string')
    .at(-1)
  const refusal = /^Proxy response \((\d+)\)/.exec(message ?? '')?.[1]
  if (refusal !== undefined) return { code, detail: `the proxy answered ${refusal}` }
  const detail = toPrintable(
    [message, message?.includes(code) ? '' : code].filter(Boolean).join(' '),
    200,
  )
  return { code, detail: detail || 'no reason given' }
}

/** The certificate was refused during the handshake. Other TLS failures happen later as well, when a request may have arrived. */
const isTlsRefusal = (code: string): boolean => /CERT|SIGNATURE|ERR_TLS/.test(code)
const isProxyRefusal = (detail: string): boolean => /proxy/i.test(detail)

function hintFor({
  code,
  detail,
  proxy,
  setting,
}: {
  readonly code: string
  readonly detail: string
  readonly proxy: string | undefined
  readonly setting: string
}): string {
  if (isProxyRefusal(detail)) {
    return 'The proxy of HTTPS_PROXY refused. Check its address and, for 407, user and password in it; NO_PROXY lists hosts to reach directly.'
  }
  if (isTlsRefusal(code)) {
    return "The server's certificate is not trusted. Behind a company's proxy set NODE_EXTRA_CA_CERTS in the step's env to the file of its authority."
  }
  if (proxy !== undefined && NEVER_CONNECTED.has(code)) {
    return `Requests go through the proxy ${proxy} of HTTPS_PROXY, except to the hosts of NO_PROXY. Check both.`
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `Check ${setting}, and whether this machine can resolve names or needs HTTPS_PROXY.`
  }
  return 'Re-run the job: it continues where this run stopped.'
}
