/** `2026-01-15` for any instant of that day in UTC. */
export function toIsoDay(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}

/** A date of year, month and day as the server orders them: the first and the last day it can mean. */
interface Span {
  readonly first: string
  readonly last: string
}

/** Unknown digits of a year stand at its end; of month and day both are known or neither. */
const DATE = /^(?=.{4}(?:-|$))(\d+X*)(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?$/

/**
 * Whether a publication date publishes and leaves the record readable: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`,
 * two of these with a slash between, years 0001–9999, and `X` for unknown digits (not of a year alone).
 * What else the server's date parser takes (seasons, open ends, `199X`, year 0) crashes it or damages
 * the record for good (verdicts of zenodo-rdm 6386403, 2026-11-22).
 */
export function isPublicationDate(text: string): boolean {
  return isDateOrInterval(text.trim(), isSafeInPublicationDate)
}

/**
 * Whether a value of `dates` (`start`, `end`, or both with a slash between) is stored: as publication
 * dates, and decades (`199X`) and one end left empty besides, which do no harm there.
 */
export function isStoredDate(text: string): boolean {
  const trimmed = text.trim()
  const open = /^\/([^/]+)$|^([^/]+)\/$/.exec(trimmed)
  const end = open?.[1] ?? open?.[2]
  if (end !== undefined) return /^\d{4}/.test(end) && isDateOrInterval(end, () => true)
  return isDateOrInterval(trimmed, () => true)
}

/** Whether an embargo may end on this day: `YYYY-MM-DD` (one digit is enough for month and day), after today in UTC. */
export function isFutureDay(text: string, today: Date): boolean {
  const day = toCalendarDay(text)
  return day !== undefined && day > toIsoDay(today)
}

/** `2027-01-05` for `2027-1-5`; undefined for what is no day of the calendar. */
export function toCalendarDay(text: string): string | undefined {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  if (parts === null) return undefined
  const [, year = '', month = '', day = ''] = parts
  const padded = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return toSpan(padded) === undefined ? undefined : padded
}

function isDateOrInterval(text: string, isSafe: (date: string) => boolean): boolean {
  const ends = text.split('/')
  if (ends.length > 2 || !ends.every(isSafe)) return false
  const spans = ends.map(toSpan)
  const from = spans[0]
  const to = spans.at(-1)
  if (from === undefined || to === undefined) return false
  // The server cannot read `2004-XX` beside a slash: it answers 500.
  if (ends.length === 2 && ends.some((end) => /^.{4}-XX$/.test(end))) return false
  return from.first <= to.last
}

/** An unknown digit of the year is safe only with a month: `199X` alone makes the record unreadable. */
function isSafeInPublicationDate(date: string): boolean {
  return !/^\d*X+$/.test(date)
}

function toSpan(date: string): Span | undefined {
  const [, year, month = 'XX', day = 'XX'] = DATE.exec(date) ?? []
  if (year === undefined) return undefined
  const firstYear = year.replaceAll('X', '0')
  const lastYear = year.replaceAll('X', '9')
  if (firstYear === '0000' || !isMonth(month)) return undefined
  const lastMonth = month === 'XX' ? '12' : month
  const length = daysIn(Number(lastYear), Number(lastMonth))
  if (day !== 'XX' && (day === '00' || Number(day) > length)) return undefined
  return {
    first: `${firstYear}-${month.replace('XX', '01')}-${day.replace('XX', '01')}`,
    last: `${lastYear}-${lastMonth}-${day.replace('XX', String(length))}`,
  }
}

function isMonth(month: string): boolean {
  return month === 'XX' || (Number(month) >= 1 && Number(month) <= 12)
}

function daysIn(year: number, month: number): number {
  // Day 0 of the next month; the year is set apart because Date.UTC reads 0 to 99 as 1900 to 1999.
  const date = new Date(Date.UTC(2000, month, 0))
  if (month !== 2) return date.getUTCDate()
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}
