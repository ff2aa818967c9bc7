/** The public instances; others run the same software under their own address. */
export const PRODUCTION = 'https://zenodo.org'
export const SANDBOX = 'https://sandbox.zenodo.org'

/** DOI prefixes under which the public instances register their records (docs/server.md#instances). */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  [PRODUCTION, '10.5281'],
  [SANDBOX, '10.5072'],
])

/** The prefix of the instance at `origin`; undefined for one that is not known. */
export const prefixOf = (origin: string): string | undefined => PREFIXES.get(origin)

/** The origin of the public instance that makes DOIs with this prefix; undefined for all others. */
export const findOwner = (doi: string): string | undefined =>
  [...PREFIXES].find(([, prefix]) => doi.startsWith(`${prefix}/`))?.[0]

/** The DOIs that a public instance may have made for a deposit of this id. */
export const possibleDois = (id: string): readonly string[] =>
  [...PREFIXES.values()].map((prefix) => `${prefix}/zenodo.${id}`)

/** Whether a DOI looks like one of the instance at `origin`. */
export function isDoiOfInstance(doi: string, origin: string): boolean {
  const prefix = prefixOf(origin)
  return prefix === undefined
    ? /^10\.\d+\/zenodo\.\d+$/.test(doi)
    : doi.startsWith(`${prefix}/zenodo.`)
}
