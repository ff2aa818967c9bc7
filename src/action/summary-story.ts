import { DoubtfulPublishError } from '../errors.ts'
import { draftPage as pageOfDraft } from '../zenodo/addresses.ts'
import { SANDBOX } from '../zenodo/instances.ts'
import type { Checked } from './check.ts'
import type { Result } from './deposit.ts'
import type { Inputs } from './inputs.ts'
import type { Outputs } from './outputs.ts'
import type { Journal } from './summary-journal.ts'

/** How a run ended. */
export type Ending =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'cancelled' }

/** All that the summary is told from. */
export interface Told {
  readonly inputs: Inputs | undefined
  readonly checked: Checked | undefined
  readonly outputs: Partial<Outputs>
  readonly journal: Journal
  readonly ending: Ending
  readonly elapsedMs: number
}

/** What a person wants to know first. */
export type Story =
  /** Never published, and waiting for somebody to do it. */
  | 'draft'
  /** Published; an edit of its metadata waits. */
  | 'edit'
  | 'published'
  /** The metadata of a record that was published before. */
  | 'corrected'
  | 'unchanged'
  | 'planned'
  /** The publish call was made, and nobody knows whether it worked. */
  | 'unknown'
  /** Failed or cancelled before anything was written. */
  | 'stopped-before'
  /** Failed or cancelled; whether a draft was made is not known. */
  | 'stopped-creating'
  /** Failed or cancelled with a draft that is kept. */
  | 'stopped-with-draft'
  /** Failed or cancelled; the deposit was published before, in this run or in another. */
  | 'stopped-public'

/** The story of a run, from what it left. */
export function toStory(told: Told): Story {
  const { ending, outputs } = told
  if (ending.kind === 'done') {
    const { state, deposit, isCorrection } = ending.result
    if (state === 'published' && isCorrection) return 'corrected'
    return state === 'draft' && deposit?.state === 'edit' ? 'edit' : state
  }
  if (isDoubtful(told)) return 'unknown'
  if (told.inputs?.dryRun !== false) return 'stopped-before'
  if (outputs.published === 'true') return 'stopped-public'
  if (outputs['deposit-id'] !== undefined) return 'stopped-with-draft'
  return stageOf(told) === 'Opening the draft' ? 'stopped-creating' : 'stopped-before'
}

/** The call was made and its answer lost; or the job was cancelled at a moment when it may have been made. */
function isDoubtful({ ending, outputs, journal }: Told): boolean {
  if (ending.kind === 'failed' && ending.error instanceof DoubtfulPublishError) return true
  const isPublishing = journal.stages.at(-1)?.title === 'Publishing'
  return ending.kind === 'cancelled' && isPublishing && outputs.state !== 'published'
}

/** The part of the work that was under way. */
export const stageOf = ({ journal }: Told): string | undefined => journal.stages.at(-1)?.title

/** The instance, if that is known. */
export const originOf = ({ inputs }: Told): string | undefined => inputs?.serverUrl

/** Where links may lead. */
export const originsOf = (told: Told): readonly string[] => {
  const origin = originOf(told)
  return origin === undefined ? [] : [origin, 'https://doi.org']
}

/** Where a draft is looked at and published; a published record has it for its edit. */
export const draftPage = (told: Told): string =>
  pageOfDraft(told.outputs['deposit-id'] ?? '', originOf(told) ?? '')

export const isSandbox = (told: Told): boolean => originOf(told) === SANDBOX
