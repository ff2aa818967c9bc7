import type { StoredMetadata } from '../state/deposit.ts'
import { listAt, textAt } from '../transport/json.ts'
import { judgeDate } from './dates.ts'

const judge = (date: string | undefined): string => (date === undefined ? 'fine' : judgeDate(date))

const dateOf = ({ metadata }: StoredMetadata): string => judge(textAt(metadata, 'publication_date'))

const datesOf = ({ metadata }: StoredMetadata): readonly string[] =>
  listAt(metadata, 'dates').map((item) => judge(textAt(item, 'date')))

/** Metadata at which saving itself crashes: nothing is stored. */
export const crashesSaving = (stored: StoredMetadata): boolean =>
  [dateOf(stored), ...datesOf(stored)].includes('crash')

/** Metadata that is stored although indexing it, and so the request, fails. */
export const breaksIndexing = (stored: StoredMetadata): boolean =>
  [dateOf(stored), ...datesOf(stored)].includes('unindexed')

/** Metadata whose native JSON cannot be written any more. */
export const breaksNativeJson = (stored: StoredMetadata): boolean =>
  ['unreadable', 'unindexed'].includes(dateOf(stored))
