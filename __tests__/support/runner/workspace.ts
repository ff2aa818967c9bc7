import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder of its own below the system's temporary one; gone when its `await using` scope ends. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
}

/** File names with `/`, and what the files hold. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** Makes a folder with these files; links in the path are resolved (macOS has one in `/tmp`). */
export async function createWorkspace(files: Files = {}): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'zenodo-deposit-')))
  await writeFiles(path, files)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Writes files below a folder, and the folders they need. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
}
