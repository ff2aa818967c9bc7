import { isObject } from '../../lib/json.ts'
import { isFutureDay, isPublicationDate, isStoredDate, toCalendarDay } from '../dates.ts'
import { isEmpty, type Path, type Problem } from '../metadata.ts'
import { quote, toText } from '../text.ts'
import { itemsOf, lost, refused, type Check } from './context.ts'

const ACCEPTED =
  'YYYY, YYYY-MM, YYYY-MM-DD, or two of these with a slash between, the earlier first'

/** Some dates that are accepted make the record unreadable for good; those are refused here. */
export const checkPublicationDate: Check = ({ publication_date: date }) => {
  if (typeof date !== 'string' || isPublicationDate(date)) return []
  return [
    refused(
      ['publication_date'],
      `${quote(date)} is not a date Zenodo can publish. Accepted: ${ACCEPTED}.`,
    ),
  ]
}

/** An embargo needs a day in the future; a day without an embargo does not close anything. */
export const checkEmbargo: Check = (metadata, { today }) => {
  const { access_right: right, embargo_date: date } = metadata
  if (right !== 'embargoed') return isEmpty(date) ? [] : [ignoredEmbargo(right, date)]
  if (isEmpty(date)) {
    return [
      refused(
        ['embargo_date'],
        'It is missing, and access_right is "embargoed". Give a day in the future.',
      ),
    ]
  }
  if (typeof date !== 'string' || toCalendarDay(date) === undefined) {
    return [
      refused(['embargo_date'], `${quote(date)} is not a day. Accepted: YYYY-MM-DD, after today.`),
    ]
  }
  if (isFutureDay(date, today)) return []
  return [
    refused(
      ['embargo_date'],
      `${quote(date)} is not in the future. Accepted: a day after today (UTC).`,
    ),
  ]
}

function ignoredEmbargo(right: unknown, date: unknown): Problem {
  const reason =
    right === undefined ? 'no access_right is given' : `access_right is ${quote(right)}`
  return lost(
    ['embargo_date'],
    `${quote(date)} closes nothing because ${reason}. Set access_right to embargoed.`,
  )
}

/** `access_conditions` was a field of the old Zenodo. */
export const checkAccessConditions: Check = ({ access_conditions: conditions }) =>
  isEmpty(conditions)
    ? []
    : [
        lost(
          ['access_conditions'],
          'Zenodo no longer keeps it; put the conditions into the description.',
        ),
      ]

/** The entries of `dates`: `start`, `end`, or both. */
export const checkDates: Check = (metadata) =>
  itemsOf(metadata, 'dates').flatMap(([item, path]) =>
    isObject(item) ? checkDate(item, path) : [],
  )

function checkDate(
  { start, end }: Readonly<Record<string, unknown>>,
  path: Path,
): readonly Problem[] {
  const ends = [start, end].filter((value) => !isEmpty(value))
  if (ends.length === 0)
    return [refused(path, 'It has neither "start" nor "end". Give at least one.')]
  // Two numbers become a text with a slash, one number alone stays a number and is refused.
  const isNumber = ends.length === 1 && typeof ends[0] !== 'string'
  const written = [...new Set(ends.map(toText))].join('/')
  if (!isNumber && isStoredDate(written)) return []
  const key = start === undefined || isEmpty(start) ? 'end' : 'start'
  return [
    refused(
      [...path, key],
      `${quote(ends.length === 1 ? ends[0] : written)} is not a date Zenodo can publish. Accepted: ${ACCEPTED}.`,
    ),
  ]
}
