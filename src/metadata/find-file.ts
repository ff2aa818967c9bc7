import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** Looked for in this order; the first found wins whole. */
const DEFAULT_NAMES = ['.zenodo.json', 'CITATION.cff', 'codemeta.json']

/** What looking for the metadata file came to. */
export type FoundFile =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly path: string; readonly reason: string }

/** Finds and reads the metadata file: the one named, none if that is the name, else the first default there is. */
export async function findFile(directory: string, named: string | undefined): Promise<FoundFile> {
  if (named === 'none') return { kind: 'none' }
  if (named !== undefined) return readNamed(path.resolve(directory, named))
  for (const name of DEFAULT_NAMES) {
    const found = await readNamed(path.join(directory, name))
    if (found.kind === 'file' || found.reason !== 'there is no such file') return found
  }
  return { kind: 'none' }
}

async function readNamed(file: string): Promise<Exclude<FoundFile, { kind: 'none' }>> {
  try {
    return { kind: 'file', path: file, text: await readFile(file, 'utf8') }
  } catch (error) {
    return { kind: 'unreadable', path: file, reason: toReason(error) }
  }
}

function toReason(error: unknown): string {
  const code = (error as Readonly<{ code?: unknown }>).code
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file'
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
    case 'EPERM':
      return 'it may not be read'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
