import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..')
const compiled = join(root, 'build', 'src')

/** Modules that start a thread of their own; each is found beside the bundle under its own name. */
const WORKERS = ['files/checksum-worker.js']

/** Bundles what the compiler emitted into an empty `folder`: `index.js`, the workers, the licences. */
export async function bundle(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await ncc(join(compiled, 'index.js'), folder, '--license', 'licenses.txt')
  const workers = WORKERS.map((name) => join(compiled, name)).filter((file) => existsSync(file))
  for (const worker of workers) await bundleWorker(worker, folder)
}

/** ncc copies a worker as it stands; one that imports other modules needs a bundle of its own. */
async function bundleWorker(worker: string, folder: string): Promise<void> {
  const own = await mkdtemp(join(tmpdir(), 'zenodo-deposit-worker-'))
  try {
    await ncc(worker, own)
    await copyFile(join(own, 'index.js'), join(folder, basename(worker)))
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

async function ncc(entry: string, folder: string, ...options: string[]): Promise<void> {
  const cli = join(root, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js')
  const args = [cli, 'build', entry, '--out', folder, '--no-cache', '--quiet', ...options]
  await promisify(execFile)(process.execPath, args, { cwd: root })
}

if (import.meta.main) await bundle(join(root, 'dist'))
