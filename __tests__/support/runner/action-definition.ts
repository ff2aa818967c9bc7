import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'

/** The part of `action.yml` that a runner and a reader look at; every scalar is text, as a runner sees it. */
export interface ActionDefinition {
  readonly inputs: Readonly<Record<string, InputDefinition>>
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string }
}

export interface InputDefinition {
  readonly description: string
  readonly required?: string
  readonly default?: string
}

/** Folder with `action.yml`, seen from the sources and from what the compiler emitted alike. */
export const projectRoot = findUpwards('action.yml')

/** Reads an `action.yml`, by default this checkout's. */
export function readActionDefinition(file = join(projectRoot, 'action.yml')): ActionDefinition {
  // Its shape is checked against the published schema by .ci/run.
  return parse(readFileSync(file, 'utf8'), { schema: 'failsafe' }) as ActionDefinition
}

function findUpwards(name: string, from = import.meta.dirname): string {
  if (existsSync(join(from, name))) return from
  if (dirname(from) === from) throw new Error(`No ${name} above ${import.meta.dirname}`)
  return findUpwards(name, dirname(from))
}
