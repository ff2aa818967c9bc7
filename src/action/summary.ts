import { formatBytes, formatDuration } from '../lib/format.ts'
import { toFilesTable } from './summary-files.ts'
import { toIdentity } from './summary-identity.ts'
import { toMetadataPart } from './summary-metadata.ts'
import { toNext } from './summary-next.ts'
import { toProblems, toRemarks } from './summary-problems.ts'
import { toHeading, toStatus } from './summary-state.ts'
import { toStory, type Told } from './summary-story.ts'
import { escapeMarkdown } from './summary-text.ts'

/**
 * The job summary in Markdown: state first, then what went wrong, ids and links, what is left to do,
 * files, metadata, times. Each part has its own limit, and together they stay below 100 kB, far from
 * the runner's 1 MiB.
 */
export function toSummary(told: Told): string {
  const story = toStory(told)
  const next = toNext(told)
  const isDone = ['published', 'corrected', 'unchanged'].includes(story)
  const parts = [
    toHeading(told),
    toStatus(told),
    toProblems(told),
    toIdentity(told),
    isDone ? '' : next,
    toRemarks(told),
    toFilesTable(told),
    toMetadataPart(told),
    isDone ? next : '',
    toTimes(told),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** What was sent and how fast, and how long each stage took. */
function toTimes({ ending, journal, elapsedMs }: Told): string {
  const sent = ending.kind === 'done' ? ending.result.sent : undefined
  const { stages } = journal
  const first = stages[0]?.startMs ?? 0
  const times = stages.map(({ title, startMs }, index) => {
    const endMs = stages[index + 1]?.startMs ?? first + elapsedMs
    return `${escapeMarkdown(title)} ${formatDuration(Math.max(0, endMs - startMs))}`
  })
  const rate =
    sent === undefined
      ? []
      : [
          `Sent ${formatBytes(sent.bytes)} in ${formatDuration(sent.elapsedMs)} (${formatBytes((sent.bytes / Math.max(sent.elapsedMs, 1)) * 1000)}/s)`,
        ]
  const total = `${formatDuration(elapsedMs)} in all`
  return `<sub>${[...rate, ...times.slice(0, 20), total].join(' · ')} · zenodo-deposit</sub>`
}
