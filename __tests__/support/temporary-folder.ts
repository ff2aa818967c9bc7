import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** An empty folder of its own for one test, gone with its content when the test ends: `await using`. */
export async function createTemporaryFolder(): Promise<TemporaryFolder> {
  return new TemporaryFolder(await realpath(await mkdtemp(join(tmpdir(), 'zenodo-deposit-test-'))))
}

export class TemporaryFolder implements AsyncDisposable {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** The absolute path of a name with forward slashes. */
  at(name: string): string {
    return join(this.path, ...name.split('/'))
  }

  /** Writes a file, and the folders around it; returns its absolute path. */
  async write(name: string, content: string | Buffer): Promise<string> {
    const path = this.at(name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
    return path
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 })
  }
}
