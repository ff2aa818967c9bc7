import { execFile } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..')
const entry = join(root, 'build', 'src', 'index.js')

/** All that the action is shipped as. */
const FILES = ['index.js', 'licenses.txt', 'package.json']

/** Bundles what the compiler emitted into `folder`, emptied first: one module, readable, with the licences in it. */
export async function bundle(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  const ncc = join(root, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js')
  const options = ['--out', folder, '--license', 'licenses.txt', '--no-cache', '--quiet']
  await promisify(execFile)(process.execPath, [ncc, 'build', entry, ...options], { cwd: root })
  await refuseExtraFiles(folder)
}

async function refuseExtraFiles(folder: string): Promise<void> {
  const extra = (await readdir(folder)).filter((name) => !FILES.includes(name))
  if (extra.length === 0) return
  throw new Error(
    `The bundle has more files than expected: ${extra.join(', ')}. ` +
      'A dynamic import needs /* webpackMode: "eager" */; an asset has to become part of a module.',
  )
}

if (import.meta.main) await bundle(join(root, 'dist'))
