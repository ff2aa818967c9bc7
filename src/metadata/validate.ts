import { toCanonical } from './canonical.ts'
import { checkCustom } from './checks/custom.ts'
import type { Check, CheckContext } from './checks/context.ts'
import {
  checkAccessConditions,
  checkDates,
  checkEmbargo,
  checkPublicationDate,
} from './checks/dates.ts'
import { checkConferenceAndIsbn, checkDoi, checkRelatedIdentifiers } from './checks/links.ts'
import { checkPeople } from './checks/people.ts'
import { checkLocations } from './checks/places.ts'
import { checkBlanks, checkHtml, checkLists, checkTitle } from './checks/texts.ts'
import { checkResourceType, checkSchemaAddress } from './checks/foreign.ts'
import {
  checkCommunities,
  checkGrants,
  checkLanguage,
  checkLicense,
  checkSubtypes,
} from './checks/vocabularies.ts'
import { toField, type Metadata, type Problem } from './metadata.ts'
import { findSchemaProblems } from './schema-problems.ts'

const CHECKS: readonly Check[] = [
  checkTitle,
  checkSubtypes,
  checkPublicationDate,
  checkPeople,
  checkHtml,
  checkEmbargo,
  checkAccessConditions,
  checkLicense,
  checkLists,
  checkRelatedIdentifiers,
  checkBlanks,
  checkLanguage,
  checkDoi,
  checkCommunities,
  checkGrants,
  checkLocations,
  checkDates,
  checkConferenceAndIsbn,
  checkCustom,
  checkResourceType,
  checkSchemaAddress,
]

/** Whether the metadata is all that the deposit will have, so that what is missing will be missing. */
export type Extent = 'whole' | 'part'

/**
 * Everything that is wrong with metadata, as the server would judge it: an error for what it refuses,
 * crashes on, or lets damage the record; a warning for what it loses without a message. What it merely
 * writes in its own way is neither. A field that publishing needs and that is missing is an error only
 * if it is to be published.
 */
export function validate(
  metadata: Metadata,
  extent: Extent,
  context: CheckContext,
): readonly Problem[] {
  const canonical = toCanonical(metadata)
  const own = CHECKS.flatMap((check) => check(canonical, context))
  const claimed = new Set(own.map(({ path }) => toField(path)))
  const bySchema = withoutRepeats(findSchemaProblems(canonical))
    .filter(({ path }) => !claimed.has(toField(path)))
    .filter((problem) => isRelevant(problem, canonical))
    .flatMap((problem) => weighMissing(problem, canonical, { extent, publish: context.publish }))
  return [...bySchema, ...own]
}

/** One problem is enough for a value: what is no text is in no vocabulary either. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  const first = new Map<string, Problem>()
  for (const problem of problems) {
    const field = toField(problem.path)
    if (!first.has(field)) first.set(field, problem)
  }
  return [...first.values()]
}

/** An embargo date without an embargo is ignored, whatever it holds. */
function isRelevant({ path }: Problem, metadata: Metadata): boolean {
  const [field] = path
  if (field === 'embargo_date') return metadata['access_right'] === 'embargoed'
  return true
}

function weighMissing(
  problem: Problem,
  metadata: Metadata,
  { extent, publish }: { readonly extent: Extent; readonly publish: boolean },
): readonly Problem[] {
  const [field, ...rest] = problem.path
  const isMissing = rest.length === 0 && !Object.hasOwn(metadata, String(field))
  if (!isMissing) return [problem]
  if (extent === 'part') return []
  const needed = `${problem.problem} Publishing needs it.`
  return [{ ...problem, severity: publish ? 'error' : 'warning', problem: needed }]
}
