import { ApiError, InputError } from '../errors.ts'
import { draftPage } from '../zenodo/addresses.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import { createDraft, findRivals, openNextVersion } from '../zenodo/open-draft.ts'
import type { Checked } from './check.ts'
import type { Planned } from './decide.ts'
import { toFirstDescription } from './describe.ts'
import type { Ports } from './ports.ts'
import { markOf } from './trigger.ts'
import { translate } from './verdict.ts'

/** A draft that is open for this run. */
export interface Opened {
  readonly draft: Deposit
  readonly latest: Deposit | undefined
  readonly how: 'created' | 'continued' | 'next version' | 'edit'
}

/** Opens the draft that was decided on. */
export async function open(checked: Checked, decision: Planned, ports: Ports): Promise<Opened> {
  const { client, signal, log } = ports
  switch (decision.kind) {
    case 'create': {
      const draft = await create(checked, ports)
      log.info(`Created deposit ${draft.id}`)
      return { draft, latest: undefined, how: 'created' }
    }
    case 'continue':
      await assertNoPending(decision.draft, ports)
      log.info(
        decision.latest === undefined
          ? `Continuing draft ${decision.draft.id}`
          : `Continuing draft ${decision.draft.id}, the version after record ${decision.latest.id}`,
      )
      return { ...decision, how: 'continued' }
    case 'edit':
      log.info(`Editing the metadata of record ${decision.record.id}; its files stay as they are`)
      return {
        draft: await client.edit(decision.record.id, signal),
        latest: undefined,
        how: 'edit',
      }
    case 'next-version':
      return openNext(decision, ports)
  }
}

async function create(checked: Checked, ports: Ports): Promise<Deposit> {
  const { client, signal, today, log } = ports
  const mark = markOf(checked.trigger)
  const sent = toFirstDescription(checked, { mark, today })
  const title = typeof sent?.['title'] === 'string' ? sent['title'] : undefined
  const onSecondCall = (): void =>
    log.warning(
      `The answer to the call that makes a draft was lost, and no draft was found in a while, so it is made again. Should two of them show up at ${client.http.origin}/me/uploads, delete the one without files.`,
    )
  return translate(checked.metadata, sent ?? {}, () =>
    createDraft(client, { metadata: sent, mark, title, onSecondCall }, signal),
  )
}

async function openNext(
  { latest, pending }: Extract<Planned, { kind: 'next-version' }>,
  ports: Ports,
): Promise<Opened> {
  const { client, signal, log } = ports
  const { draft, abandonedId } = await openNextVersion(client, latest, signal)
  if (pending !== undefined && pending.id !== draft.id) throw severalDrafts(latest, pending, draft)
  await assertNoPending(draft, ports)
  log.info(`Working on draft ${draft.id}, the version after record ${latest.id}`)
  if (abandonedId !== undefined) {
    log.warning(
      `Another job opened a next version at the same moment. This run uses its draft ${draft.id}; draft ${abandonedId} is left over and can be deleted at ${draftPage(abandonedId, client.http.origin)}. A concurrency group in the workflow prevents this.`,
    )
  }
  return { draft, latest, how: 'next version' }
}

/** What was decided was decided for another draft. */
const severalDrafts = (latest: Deposit, pending: Deposit, draft: Deposit): InputError =>
  new InputError(
    [
      {
        place: { input: 'deposit-id' },
        problem: `Record ${latest.id} has two drafts of a next version, ${pending.id} and ${draft.id}, of which the server takes the latter. Another job may be at work.`,
      },
    ],
    { hint: `Look at both, delete the one that is not wanted, then re-run the job.` },
  )

/** An upload that was begun in the browser and not finished blocks lists and publishing (docs/server.md#pending). */
export async function assertNoPending(draft: Deposit, { client, signal }: Ports): Promise<void> {
  const entries = (await client.native.listEntries(draft.id, signal)) ?? []
  const pending = entries.filter(({ completed }) => !completed).map(({ key }) => key)
  if (pending.length === 0) return
  throw new InputError(
    [
      {
        place: { input: 'deposit-id' },
        problem: `Draft ${draft.id} has an upload that was begun elsewhere and not finished: ${pending.join(', ')}.`,
      },
    ],
    {
      hint: `Finish or delete it at ${draftPage(draft.id, client.http.origin)}, then re-run the job.`,
    },
  )
}

/** Refuses to publish a next version beside a later one that another job opened meanwhile. */
export async function assertNoRivals(
  draft: Deposit,
  { client, signal, log }: Ports,
): Promise<void> {
  for (const rival of await findRivals(client, draft, signal)) {
    if (Number(rival.id) < Number(draft.id)) continue
    throw new InputError(
      [
        {
          place: { input: 'deposit-id' },
          problem: `Another job opened a later next version, draft ${rival.id}, while this one worked on draft ${draft.id}. Nothing was published.`,
        },
      ],
      { hint: 'Run one job at a time (a concurrency group in the workflow), then re-run the job.' },
    )
  }
  log.debug(`No other draft stands beside ${draft.id}`)
}

/** An edit that this run opened, perhaps without hearing of it, and could not finish is dropped: safe there, and only there, since the record stays. */
export async function dropEdit(
  decision: Planned,
  error: unknown,
  { client, log, setOutputs }: Ports,
): Promise<void> {
  if (decision.kind !== 'edit' || decision.record.state === 'edit' || isEditRefused(error)) return
  const { id } = decision.record
  try {
    await client.discardEdit(id, AbortSignal.timeout(5000))
    setOutputs({ state: 'published' })
    log.info('The unfinished edit was dropped; the record is as it was')
  } catch (cause) {
    log.warning(
      `The unfinished edit of record ${id} could not be dropped: ${cause instanceof Error ? cause.message : 'no reason given'}`,
    )
  }
}

/** The server refused to open the edit at all. */
const isEditRefused = (error: unknown): boolean =>
  error instanceof ApiError && error.status < 500 && error.answer.requestLine.endsWith('/edit')
