import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './bundle.ts'

/** Names that only one of two folders has, or whose bytes differ, sorted. */
export async function differingFiles(one: string, other: string): Promise<string[]> {
  const [files, others] = [await readFiles(one), await readFiles(other)]
  const names = new Set([...files.keys(), ...others.keys()])
  return [...names].filter((name) => !isSame(files.get(name), others.get(name))).toSorted()
}

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one !== undefined && other !== undefined && one.equals(other)
}

async function readFiles(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile())
  const read = names.map(async ({ name, parentPath }) => {
    const path = join(parentPath, name)
    return [path.slice(folder.length + 1), await readFile(path)] as const
  })
  return new Map(await Promise.all(read))
}

/** Rebuilds the bundle beside the project and fails if `dist/` holds anything else. */
async function checkDist(): Promise<void> {
  const fresh = await mkdtemp(join(tmpdir(), 'zenodo-deposit-dist-'))
  try {
    await bundle(fresh)
    const stale = await differingFiles(join(import.meta.dirname, '..', 'dist'), fresh)
    if (stale.length === 0) return
    console.error(`dist/ is not what the sources build: ${stale.join(', ')}. Run: npm run build`)
    process.exitCode = 1
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

if (import.meta.main) await checkDist()
