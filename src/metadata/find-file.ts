import { isUtf8 } from 'node:buffer'
import { existsSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import { pathBelow } from '../lib/path-below.ts'

/** Looked for in this order; the first found wins whole. */
const DEFAULT_NAMES = ['.zenodo.json', 'CITATION.cff', 'codemeta.json']

/** What looking for the metadata file came to. */
export type FoundFile =
  | {
      readonly kind: 'file'
      readonly path: string
      readonly text: string
      /** Names of other metadata files beside it, which are not read. */
      readonly passedOver: readonly string[]
    }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'unreadable'
      readonly path: string
      readonly reason: string
      /** Where it is wrong inside; from 1. */
      readonly line?: number
    }

/** Where to look. */
export interface FileLookup {
  readonly directory: string
  /** A path, `none`, or undefined for the first default there is. */
  readonly named: string | undefined
  /** Folders that the file may lie in after resolving links; anywhere if undefined. */
  readonly allowedRoots?: readonly string[] | undefined
}

const ABSENT = 'there is no such file'

/** Finds and reads the metadata file: the one named, none if that is the name, else the first default there is. */
export async function findFile({ directory, named, allowedRoots }: FileLookup): Promise<FoundFile> {
  if (named === 'none') return { kind: 'none' }
  if (named !== undefined) return readNamed(path.resolve(directory, named), allowedRoots)
  for (const [index, name] of DEFAULT_NAMES.entries()) {
    const found = await readNamed(path.join(directory, name), allowedRoots)
    if (found.kind === 'unreadable' && found.reason === ABSENT) continue
    if (found.kind !== 'file') return found
    const others = DEFAULT_NAMES.slice(index + 1)
    return {
      ...found,
      passedOver: others.filter((other) => existsSync(path.join(directory, other))),
    }
  }
  return { kind: 'none' }
}

async function readNamed(
  file: string,
  allowedRoots: readonly string[] | undefined,
): Promise<Exclude<FoundFile, { kind: 'none' }>> {
  try {
    const real = await realpath(file)
    const isAllowed = allowedRoots?.some((root) => pathBelow(real, root) !== undefined) ?? true
    if (!isAllowed) return unreadable(file, `it lies outside the workspace, at ${real}`)
    const bytes = await readFile(file)
    if (isUtf8(bytes)) return { kind: 'file', path: file, text: bytes.toString(), passedOver: [] }
    return {
      ...unreadable(file, 'it is not UTF-8. Save it in that encoding'),
      line: brokenLine(bytes),
    }
  } catch (error) {
    return unreadable(file, toReason(error))
  }
}

const unreadable = (file: string, reason: string) =>
  ({ kind: 'unreadable', path: file, reason }) as const

const NEWLINE = 0x0a

/** The first line that is no text. */
function brokenLine(bytes: Buffer): number {
  let from = 0
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(NEWLINE, from)
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return line
    from = end + 1
  }
}

function toReason(error: unknown): string {
  const code = (error as Readonly<{ code?: unknown }>).code
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return ABSENT
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
    case 'EPERM':
      return 'it may not be read'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
