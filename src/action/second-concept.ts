import { DepositError } from '../errors.ts'
import { asText } from '../lib/json.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import { findSibling } from '../zenodo/find-marked.ts'
import type { Checked } from './check.ts'
import type { Log, Ports } from './ports.ts'
import { markOf } from './trigger.ts'

/** A file of the repository names a record of this instance, and yet a new deposit is about to be made. */
export function warnOfSecondConcept({ namedDois }: Checked, log: Log): void {
  const doi = namedDois[0]
  if (doi === undefined) return
  log.warning(
    `${doi.file} names ${doi.doi}, but this step has no deposit-id, so it makes a new deposit that is no version of that record. To make its next version, add the line "deposit-id: ${doi.doi}" to the step.`,
    { file: doi.file },
  )
}

/** The same, where only the server knows the record: one of this repository, under the same title. A look that fails stops nothing. */
export async function lookForSibling(
  { inputs, namedDois, publish, trigger, metadata }: Checked,
  { client, signal, log }: Ports,
): Promise<Deposit | undefined> {
  const { repositoryUrl } = trigger
  const title = asText(metadata.metadata?.['title'])
  const isKnown = inputs.depositId !== undefined || namedDois.length > 0
  if (!publish || isKnown || repositoryUrl === undefined || !title) return undefined
  try {
    return await findSibling(client, { repositoryUrl, mark: markOf(trigger), title }, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof DepositError)) throw error
    log.debug(`Whether this repository made a record before is not known: ${error.message}`)
    return undefined
  }
}

export function warnOfSibling(sibling: Deposit | undefined, log: Log): void {
  if (sibling === undefined) return
  log.warning(
    `Record ${sibling.id} was made from this repository, under the same title, but this step has no deposit-id, so it makes a new deposit that is no version of that record. To make its next version, add the line "deposit-id: '${sibling.conceptId}'" to the step.`,
  )
}
