import type { Deposit } from './deposit.ts'

/** The page where a draft, or the open edit of a record, is looked at and published. */
export const draftPage = (id: string, origin: string): string => `${origin}/deposit/${id}`

/** The page that a person looks at. */
export const pageOf = ({ id, state }: Pick<Deposit, 'id' | 'state'>, origin: string): string =>
  state === 'draft' ? draftPage(id, origin) : `${origin}/records/${id}`

/** Where a DOI leads. */
export const doiUrl = (doi: string): string => `https://doi.org/${inAddress(doi)}`

/** A DOI may hold nearly anything; its address may stand in Markdown, where brackets end it. */
export const inAddress = (doi: string): string =>
  encodeURIComponent(doi)
    .replaceAll('%2F', '/')
    .replace(/[()]/g, (bracket) => (bracket === '(' ? '%28' : '%29'))
