import { isUtf8 } from 'node:buffer'
import { constants } from 'node:fs'
import { access, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, type Issue } from '../errors.ts'
import { pathBelow } from '../lib/path-below.ts'
import { toPrintable } from '../lib/printable.ts'
import { updateCitation } from '../metadata/update-citation.ts'
import type { Checked } from './check.ts'
import type { Result } from './deposit.ts'
import type { Inputs } from './inputs.ts'
import type { Log } from './ports.ts'

const MISSING =
  'update-citation: there is no CITATION.cff in the working-directory. Add one, or leave update-citation out; it creates no file.'

/** The citation file that is to get the DOI, tried before anything is written: nothing may fail after publishing. */
export async function findCitation(
  { updateCitation: wanted }: Inputs,
  directory: string,
): Promise<{ path: string | undefined; issues: readonly Issue[] }> {
  if (!wanted) return { path: undefined, issues: [] }
  const path = join(directory, 'CITATION.cff')
  const issue = (problem: string): Issue => ({ place: { input: 'update-citation' }, problem })
  try {
    const bytes = await readFile(path)
    if (!isUtf8(bytes)) {
      return { path, issues: [issue('CITATION.cff is not UTF-8. Save it in that encoding.')] }
    }
    updateCitation(bytes.toString(), { version: '10.5281/zenodo.1' })
    await access(path, constants.W_OK)
    if (!(await isBelow(path, directory))) {
      return {
        path,
        issues: [issue('CITATION.cff is a link that leads elsewhere; it is not written to.')],
      }
    }
    return { path, issues: [] }
  } catch (error) {
    if (error instanceof InputError) return { path, issues: error.issues }
    const isMissing = (error as { code?: unknown }).code === 'ENOENT'
    if (isMissing) return { path, issues: [issue(MISSING)] }
    const reason = error instanceof Error ? toPrintable(error.message) : 'unknown reason'
    return { path, issues: [issue(`update-citation: CITATION.cff cannot be updated: ${reason}.`)] }
  }
}

/** Whether the file lies in the folder, also after resolving links. */
async function isBelow(path: string, folder: string): Promise<boolean> {
  return pathBelow(await realpath(path), await realpath(folder)) !== undefined
}

/** Writes the DOI into `CITATION.cff` of the workspace, if that was asked for; commits nothing. */
export async function cite({ citationPath }: Checked, result: Result, log: Log): Promise<void> {
  const doi = result.deposit?.doi
  if (citationPath === undefined || doi === undefined) return
  const text = await readFile(citationPath, 'utf8')
  const updated = updateCitation(text, { version: doi, concept: result.deposit?.conceptDoi })
  if (updated === undefined) {
    log.info(`CITATION.cff names ${doi} already`)
    return
  }
  await writeFile(citationPath, updated)
  log.info(`Wrote ${doi} into CITATION.cff; nothing is committed`)
}
