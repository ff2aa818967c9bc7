import type { Place } from '../errors.ts'
import type { Log } from './ports.ts'

/** Something the log remarked on the way. */
export interface Remark {
  readonly kind: 'warning' | 'notice'
  readonly text: string
  readonly place: Place | undefined
}

/** A group of the log, and when it began. */
export interface Stage {
  readonly title: string
  readonly startMs: number
}

/** What the summary knows of the way a run took, also of one that failed. */
export interface Journal {
  /** Warnings and notices, each once. */
  readonly remarks: readonly Remark[]
  readonly stages: readonly Stage[]
}

/** The same log, and a journal of what was written to it. */
export function keepJournal(
  log: Log,
  now: () => number,
): { readonly log: Log; readonly journal: Journal } {
  const remarks: Remark[] = []
  const stages: Stage[] = []
  const remark = (kind: Remark['kind'], text: string, place: Place | undefined): void => {
    if (!remarks.some((known) => known.text === text)) remarks.push({ kind, text, place })
  }
  const kept: Log = {
    ...log,
    notice(line, place) {
      remark('notice', line, place)
      log.notice(line, place)
    },
    warning(line, place) {
      remark('warning', line, place)
      log.warning(line, place)
    },
    group(title) {
      stages.push({ title, startMs: now() })
      log.group(title)
    },
  }
  return { log: kept, journal: { remarks, stages } }
}
