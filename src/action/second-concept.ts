import { DepositError } from '../errors.ts'
import { asText } from '../lib/json.ts'
import { findSibling } from '../zenodo/find-deposit.ts'
import type { Checked } from './check.ts'
import type { Log, Ports } from './ports.ts'

/** A file of the repository names a record of this instance, and yet a new deposit is about to be made. */
export function warnOfSecondConcept({ namedDois }: Checked, log: Log): void {
  const doi = namedDois[0]
  if (doi === undefined) return
  log.warning(
    `${doi.file} names ${doi.doi}, but this step has no deposit-id, so it makes a new deposit that is no version of that record. To make its next version, add the line "deposit-id: ${doi.doi}" to the step.`,
    { file: doi.file },
  )
}

/** The same, where only the server knows the record: a look that fails stops nothing. */
export async function warnOfSibling(
  { namedDois, publish, trigger, metadata }: Checked,
  { client, signal, log }: Ports,
): Promise<void> {
  const { repositoryUrl, tag } = trigger
  const title = asText(metadata.metadata?.['title'])
  const isKnown = namedDois.length > 0
  if (!publish || isKnown || repositoryUrl === undefined || tag === undefined || !title) return
  try {
    const sibling = await findSibling(client, { repositoryUrl, title }, signal)
    if (sibling === undefined) return
    log.warning(
      `Record ${sibling.id} was made from another tag of this repository, under the same title, but this step has no deposit-id, so it makes a new deposit that is no version of that record. To make its next version, add the line "deposit-id: '${sibling.conceptId}'" to the step.`,
    )
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof DepositError)) throw error
    log.debug(`Whether this repository made a record before is not known: ${error.message}`)
  }
}
