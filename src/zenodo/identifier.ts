import { findOwner, prefixOf, PRODUCTION, SANDBOX } from './instances.ts'

/** What a user may type to name a deposit. */
export type Identifier =
  /** A version's or concept's id; which of them only the server knows. */
  | { readonly kind: 'id'; readonly id: string }
  /** A DOI that is not of the server's own making: found by searching for it. */
  | { readonly kind: 'doi'; readonly doi: string }

export type ParsedIdentifier = { readonly identifier: Identifier } | { readonly problem: string }

const ID = /^\d+$/
const DOI = /^10\.\d{4,9}(?:\.\d+)*\/\S+$/
const OWN_DOI = /^10\.\d{4,9}\/zenodo\.(\d+)$/i
const DOI_HOSTS = new Set(['doi.org', 'www.doi.org', 'dx.doi.org', 'handle.test.datacite.org'])
const ID_PATH =
  /^\/(?:api\/)?(?:records|record|deposit|uploads|deposit\/depositions)\/(\d+)(?:[/.].*)?$/
const DOI_PATH = /^\/(?:doi|badge\/doi|badge\/DOI)\/(.+?)(?:\.svg)?$/

const ACCEPTED =
  'Give the id (1234567), the DOI (10.5281/zenodo.1234567), or the address of the deposit or record.'

const MATCH = 'Set sandbox or server-url to match.'
/** A badge that leads on to the DOI; only the server knows which. */
const LATEST_DOI_PATH = /^\/badge\/latestdoi\/\d+$/

/** Parses an id, a DOI or any address of a deposit at `origin`. */
export function parseIdentifier(text: string, origin: string): ParsedIdentifier {
  const typed = text.trim()
  if (ID.test(typed)) return { identifier: { kind: 'id', id: withoutZeros(typed) } }
  const bareDoi = typed.replace(/^doi:\s*/i, '')
  if (DOI.test(bareDoi)) return fromDoi(bareDoi, origin)
  const address = /^(?:doi\.org|dx\.doi\.org|(?:sandbox\.)?zenodo\.org)\//i.test(typed)
    ? `https://${typed}`
    : typed
  if (/^https?:\/\//i.test(address) && URL.canParse(address))
    return fromUrl(new URL(address), origin)
  return { problem: `"${typed}" names no deposit. ${ACCEPTED}` }
}

function fromUrl(url: URL, origin: string): ParsedIdentifier {
  const path = decode(url.pathname).replace(/\/$/, '')
  if (DOI_HOSTS.has(url.hostname)) {
    const doi = path.slice(1)
    if (DOI.test(doi)) return fromDoi(doi, origin)
    return { problem: `"${bare(url)}" holds no DOI. ${ACCEPTED}` }
  }
  if (url.origin !== origin && !isSameInstance(url, origin)) {
    const wayOut = url.origin === PRODUCTION || url.origin === SANDBOX ? MATCH : ACCEPTED
    return {
      problem: `"${bare(url)}" is an address of ${url.origin}, but this step talks to ${origin}. ${wayOut}`,
    }
  }
  const doi = DOI_PATH.exec(path)?.[1]
  if (doi !== undefined && DOI.test(doi)) return fromDoi(doi, origin)
  if (LATEST_DOI_PATH.test(path)) {
    return {
      problem: `"${bare(url)}" is the address of a badge. Open it in a browser, and give the DOI of the record that it leads to.`,
    }
  }
  const id = ID_PATH.exec(path)?.[1]
  if (id !== undefined) return { identifier: { kind: 'id', id: withoutZeros(id) } }
  return { problem: `"${bare(url)}" is no address of a deposit or record. ${ACCEPTED}` }
}

/** Without user, password and query: a link that somebody shared may carry a secret. */
const bare = ({ origin, pathname }: URL): string => origin + pathname

function fromDoi(doi: string, origin: string): ParsedIdentifier {
  const owner = findOwner(doi)
  const isKnownInstance = prefixOf(origin) !== undefined
  if (isKnownInstance && owner !== undefined && owner !== origin) {
    return {
      problem: `${doi} is a DOI of ${owner}, but this step talks to ${origin}. ${MATCH}`,
    }
  }
  const id = isKnownInstance && owner === undefined ? undefined : OWN_DOI.exec(doi)?.[1]
  return {
    identifier: id === undefined ? { kind: 'doi', doi } : { kind: 'id', id: withoutZeros(id) },
  }
}

/** `http:` and `www.` addresses of the instance are the instance. */
function isSameInstance(url: URL, origin: string): boolean {
  const host = url.host.replace(/^www\./, '')
  const isPlain = url.protocol === 'http:' && url.port === '' && host === new URL(origin).host
  return isPlain || `https://${host}` === origin
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, '')
