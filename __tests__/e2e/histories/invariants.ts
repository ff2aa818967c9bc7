import { createHash } from 'node:crypto'
import { type DepositView } from '../../../test-server/server.ts'
import { type DepositRunEnd } from '../../support/deposit-run.ts'
import type { Run } from './history.ts'

/*
 * What must hold after every step:
 *
 * I1  a run publishes at most once in a concept; without a tag once under each number
 * I2  without deposit-id, what runs of one tag make under one title is one deposit
 * I3  a published record has the files of one run, all and no others; they never change
 * I4  what a run that succeeds says is what the server has
 * I5  a run that fails claims nothing that is not, and nothing is published untold
 * I6  after a failure the same run ends like one that never failed
 * I7  drafts of people and of other runs, and records that are not meant, are left alone
 * I8  nothing is opened by omission
 * I9  no byte that is there is sent
 * I10 after the end of a run no request comes
 * I11 a dry run writes nothing
 * I12 a dry run says what the run then does
 * I13 what a run has done it does not do again
 * I14 a run that published is told so when it is repeated, whatever other runs did since
 */

export const REPOSITORY = 'octo/rivers'

/** Thrown for what must never be. The name of the invariant is what shrinking compares. */
export class Violation extends Error {
  readonly invariant: string

  constructor(invariant: string, message: string) {
    super(message)
    this.invariant = invariant
  }
}

export function must(isTrue: boolean, invariant: string, message: () => string): void {
  if (!isTrue) throw new Violation(invariant, message())
}

export const isTag = (identity: string): boolean => identity.startsWith('v')
/** Other generations have other sizes. */
export const toContent = (key: string, generation: number): string =>
  `${key}${'.'.repeat(generation)}\n`
export const md5 = (text: string): string => `md5:${createHash('md5').update(text).digest('hex')}`
/** What a file list is compared by. */
export const listing = (files: readonly { key: string; checksum: string }[]): string =>
  files
    .map(({ key, checksum }) => `${key} ${checksum}`)
    .toSorted()
    .join(', ')

export const wantedFiles = ({ files = {} }: Run): readonly { key: string; checksum: string }[] =>
  Object.entries(files).map(([key, n]) => ({ key, checksum: md5(toContent(key, n)) }))

export const marksOf = ({ metadata }: DepositView): readonly string[] =>
  ((metadata['related_identifiers'] ?? []) as { identifier: string }[])
    .map(({ identifier }) => identifier)
    .filter((identifier) => identifier.startsWith(`https://github.com/${REPOSITORY}/`))
    .toSorted()

/** Everything of a version but what differs between two servers. */
export const portrait = (view: DepositView): string =>
  JSON.stringify({
    state: view.state,
    submitted: view.submitted,
    title: view.metadata['title'],
    version: view.metadata['version'],
    access: view.metadata['access_right'],
    marks: marksOf(view),
    files: listing(view.files),
  })

export const fingerprint = ({ state, metadata, files }: DepositView): string =>
  JSON.stringify([state, metadata, listing(files)])

/** The files of one run's plan, all of them and nothing else; with `keep` at least these. */
export function checkFiles(run: Run, view: DepositView, invariant: string): void {
  if (run.files === undefined) return
  const wanted = wantedFiles(run)
  const keeps = run.inputs['existing-files'] === 'keep'
  const named = new Set(Object.keys(run.files))
  const is = keeps ? view.files.filter(({ key }) => named.has(key)) : view.files
  must(
    listing(is) === listing(wanted),
    invariant,
    () =>
      `${view.id} has ${view.files.map(({ key }) => key).join()} (or other bytes), not ${[...named].join()}`,
  )
}

/** Whether a draft may be what this step began: it has its title, or none yet, or files of its own under a title that was corrected. */
export function isDraftOf(run: Run, { metadata, files }: DepositView): boolean {
  const wanted = new Set(wantedFiles(run).map(({ checksum }) => checksum))
  const title = run.metadata.from === 'nowhere' ? undefined : run.metadata.title
  return (
    [undefined, title].includes(metadata['title'] as string | undefined) ||
    (files.length > 0 && files.every(({ checksum }) => wanted.has(checksum)))
  )
}

export const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'success'
export const toWords = ({ error, outputs }: DepositRunEnd): string =>
  `${wordsOf(error)} [${outputs.state ?? '-'} ${outputs['deposit-id'] ?? '-'} published=${outputs.published ?? '-'}]`
