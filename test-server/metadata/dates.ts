/**
 * What becomes of a date. Beyond plain dates and intervals the real server accepts forms that it
 * cannot handle afterwards:
 * `unreadable` is stored, but the native JSON of the record is a 500 from then on;
 * `unindexed` is stored and published behind 500s, because indexing fails after saving;
 * `crash` is a 500 that stores nothing.
 */
export type DateVerdict = 'fine' | 'invalid' | 'unreadable' | 'unindexed' | 'crash'

const PART = /^(-?[\dX]{4})(?:-([\dX]{2})(?:-([\dX]{2}))?)?$/

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function isDay(year: string, month: string, day: string): boolean {
  if (day === 'XX') return true
  if (!/^\d\d$/.test(day) || Number(day) < 1) return false
  const last = month === 'XX' ? 31 : (DAYS[Number(month) - 1] ?? 0)
  const isShort = month === '02' && /^-?\d{4}$/.test(year) && !isLeap(Number(year))
  return Number(day) <= (isShort ? 28 : last)
}

function judgePart(part: string): DateVerdict {
  const [, year, month, day] = PART.exec(part) ?? []
  if (year === undefined) return 'invalid'
  if (month !== undefined && month !== 'XX') {
    const number = /^\d\d$/.test(month) ? Number(month) : 0
    if (number >= 21 && number <= 41 && day === undefined) return 'crash'
    if (number < 1 || number > 12) return 'invalid'
  }
  if (day !== undefined && !isDay(year, month ?? '', day)) return 'invalid'
  if (year === 'XXXX' || (/^-?\d{4}$/.test(year) && Number(year) <= 0)) return 'unindexed'
  return year.includes('X') && month === undefined ? 'unreadable' : 'fine'
}

/** The first and last day a part can mean, for comparing the ends of an interval. */
const earliest = (part: string): string => `${part}-01-01`.slice(0, 10).replaceAll('X', '0')
const latest = (part: string): string => `${part}-12-31`.slice(0, 10).replaceAll('X', '9')

function judgeInterval(start: string, end: string): DateVerdict {
  if (start === '..' && end === '..') return 'unindexed'
  if (start === '' && end === '') return 'invalid'
  const known = [start, end].filter((part) => part !== '' && part !== '..')
  const verdicts = known.map(judgePart)
  if (verdicts.includes('invalid')) return 'invalid'
  if (start === '..' || end === '..') return 'crash'
  if (start === '' || end === '') return 'unreadable'
  if (verdicts.includes('unindexed')) return 'unindexed'
  if (earliest(start) > latest(end)) return 'invalid'
  return verdicts.includes('crash') ? 'crash' : 'fine'
}

/** Judges an EDTF date or interval, without spaces around. */
export function judgeDate(date: string): DateVerdict {
  const parts = date.split('/')
  if (parts.length > 2) return 'invalid'
  const [start = '', end] = parts
  return end === undefined ? judgePart(start) : judgeInterval(start, end)
}

/** The day of a date in UTC, as `YYYY-MM-DD`. */
export const toDay = (date: Date): string => date.toISOString().slice(0, 10)

/** An embargo date as Python reads it: `2027-1-5` is repaired, everything else refused. */
export function readEmbargoDate(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(value) ?? []
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return judgeDate(date) === 'fine' ? date : undefined
}
