import { ApiError, InputError, type Issue } from '../errors.ts'
import { findLost } from '../metadata/echo.ts'
import type { Metadata } from '../metadata/metadata.ts'
import { applyToNative, fromRehearsal, toLegacyField } from '../metadata/native.ts'
import type { ReadMetadata } from '../metadata/read-metadata.ts'
import { findRefusedField } from '../metadata/refused-value.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { Checked } from './check.ts'
import type { Ports } from './ports.ts'

/** What the server says of the metadata, by the field's name in the user's file. */
interface ServerProblem {
  readonly field: string
  readonly problem: string
}

/**
 * Asks the server what it would refuse at publish, before anything large is sent: a native PUT of
 * the draft as it is answers with all errors (docs/server.md#rehearsal).
 */
export async function rehearse(checked: Checked, draft: Deposit, ports: Ports): Promise<void> {
  const { client, signal } = ports
  const native = await client.native.getDraft(draft.id, signal)
  if (native === undefined) return
  const errors = await client.native.putDraft(draft.id, applyToNative(native, {}), signal)
  const sent = checked.metadata.metadata ?? draft.metadata
  refuse(checked, fromRehearsal(errors, sent))
}

/**
 * Refuses what the server dropped or changed for the worse, unless it was told before.
 * @throws InputError
 */
export function judgeEcho(checked: Checked, sent: Metadata, echo: Deposit): void {
  const known = new Set(checked.metadata.findings.map(({ field }) => field))
  refuse(
    checked,
    findLost(sent, echo.metadata).filter(({ field }) => !known.has(field)),
  )
}

/**
 * What the server finds wrong with metadata, before anything large is sent.
 * @throws InputError if there is anything
 */
export function refuse({ metadata }: Checked, problems: readonly ServerProblem[]): void {
  if (problems.length === 0) return
  throw new InputError(toIssues(metadata, problems), {
    hint: 'Fix the metadata and run the step again: it continues with the same draft.',
  })
}

const toIssues = (metadata: ReadMetadata, problems: readonly ServerProblem[]): readonly Issue[] =>
  problems.map(({ field, problem }) => ({
    place: metadata.placeOf(field) ?? { input: 'metadata-file' },
    problem: `The server's check of ${field || 'the metadata'}: ${problem}`,
  }))

/** Runs a call that sends metadata; a refusal becomes an error in the words and at the place of the user's file. */
export async function translate<T>(
  metadata: ReadMetadata,
  sent: Metadata,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error
    const { fieldErrors, serverMessage } = error.answer
    const problems = fieldErrors.map(({ field, messages }) => ({
      field: toLegacyField(field, sent),
      problem: messages.join(' '),
    }))
    if (problems.length === 0) {
      const problem = serverMessage ?? error.message
      problems.push({ field: findRefusedField(problem, sent) ?? '', problem })
    }
    throw new InputError(toIssues(metadata, problems), {
      hint: 'Fix it and run the step again: it continues where this run stopped.',
      cause: error,
    })
  }
}
