import { toPrintable } from '../lib/printable.ts'
import { toIsoDay } from '../metadata/dates.ts'
import type { Metadata } from '../metadata/metadata.ts'
import { toText } from '../metadata/text.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { Checked } from './check.ts'
import type { Ports } from './ports.ts'

/**
 * What is not open stays so unless the metadata speak of it: opening cannot be taken back, and not
 * every file can say it (`CITATION.cff` has no word for it). Empty where nothing is kept,
 * as after the end of an embargo.
 */
export function findKeptAccess(
  { metadata }: Checked,
  { metadata: known }: Deposit,
  today: Date,
): Metadata {
  const { access_right: access, embargo_date: date } = known
  const isOver = access === 'embargoed' && toText(date) <= toIsoDay(today)
  const isOpen = access === undefined || access === 'open' || isOver
  if (isOpen || metadata.metadata?.['access_right'] !== undefined) return {}
  return { access_right: access, ...(access === 'embargoed' && { embargo_date: date }) }
}

export function tellKeptAccess(
  checked: Checked,
  deposit: Deposit,
  { log, today }: Pick<Ports, 'log' | 'today'>,
): void {
  const { access_right: access } = findKeptAccess(checked, deposit, today)
  if (access === undefined) return
  log.notice(
    `The files stay ${toPrintable(toText(access), 100)}, as before: ${checked.metadata.file ?? 'the metadata file'} does not say who may see them. To open them, add access_right: open to it or to the input metadata.`,
  )
}
