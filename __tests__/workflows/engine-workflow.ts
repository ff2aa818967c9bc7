import { parse, stringify } from 'yaml'
import { findSteps } from '../support/docs/workflow-problems.ts'

/** What a workflow meets in a test in place of the real servers. */
export interface Substitutes {
  /** Stands for https://zenodo.org. */
  readonly zenodoUrl: string
  /** Stands for https://sandbox.zenodo.org; by default the same. */
  readonly sandboxUrl?: string
  /** Values for inputs that the workflow gives as examples, such as `deposit-id: 10.5281/zenodo.1234567`. */
  readonly inputs?: Readonly<Record<string, string>>
}

/**
 * A workflow of the documentation as a test runs it: the address of the server is put in, and values
 * that a reader replaces by their own are replaced. Nothing else changes.
 */
export function withSubstitutes(workflow: string, substitutes: Substitutes): string {
  const { zenodoUrl, sandboxUrl = zenodoUrl, inputs = {} } = substitutes
  const document = parse(workflow) as unknown
  for (const step of findSteps(document)) {
    const given = step['with'] as Record<string, unknown>
    for (const [name, value] of Object.entries(inputs)) if (name in given) given[name] = value
    given['server-url'] = given['sandbox'] === true ? sandboxUrl : zenodoUrl
    delete given['sandbox']
  }
  return stringify(document)
}
