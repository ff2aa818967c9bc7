import { createHash, randomBytes } from 'node:crypto'
import { expect } from '@jest/globals'
import {
  startZenodo,
  type Fault,
  type ReceivedRequest,
  type Zenodo,
  type ZenodoOptions,
} from '../../test-server/server.ts'
import { ClientSockets } from './client-sockets.ts'
import { runDeposit, type DepositRun, type DepositRunEnd } from './deposit-run.ts'
import { createShortClock } from './short-clock.ts'
import type { TemporaryFolder } from './temporary-folder.ts'
import { createDataWorkspace } from './workspace.ts'

/** Local files of one size, and what the server must hold once they are sent. */
export interface DataFiles extends AsyncDisposable {
  readonly folder: TemporaryFolder
  readonly sizeBytes: number
  readonly keys: readonly string[]
  /** `md5:…` by key. */
  readonly checksums: ReadonlyMap<string, string>
}

/** Files `f0.bin`, `f1.bin`, … of random bytes below `data/`. */
export async function createDataFiles(count: number, sizeBytes: number): Promise<DataFiles> {
  const keys = Array.from({ length: count }, (_, n) => `f${n}.bin`)
  const contents = new Map(keys.map((key) => [key, randomBytes(sizeBytes)]))
  const named = [...contents].map(([key, bytes]) => [`data/${key}`, bytes] as const)
  const folder = await createDataWorkspace(Object.fromEntries(named))
  const sums = [...contents].map(([key, bytes]) => [key, md5(bytes)] as const)
  const dispose = (): Promise<void> => folder[Symbol.asyncDispose]()
  return { folder, sizeBytes, keys, checksums: new Map(sums), [Symbol.asyncDispose]: dispose }
}

const md5 = (bytes: Buffer): string => `md5:${createHash('md5').update(bytes).digest('hex')}`

/** A server, files to send to it, and what must be true after every run, whatever went wrong. */
export class TransferStage implements AsyncDisposable {
  readonly zenodo: Zenodo
  readonly files: DataFiles
  readonly sockets = new ClientSockets()

  private constructor(zenodo: Zenodo, files: DataFiles) {
    this.zenodo = zenodo
    this.files = files
  }

  static async open(files: DataFiles, options: ZenodoOptions = {}): Promise<TransferStage> {
    return new TransferStage(await startZenodo(options), files)
  }

  /** The step, with all files unless `inputs` say otherwise. */
  run(inputs: DepositRun['inputs'] = {}, more: Partial<DepositRun> = {}): Promise<DepositRunEnd> {
    return runDeposit({
      url: this.zenodo.url,
      token: this.zenodo.tokens['alice'] ?? '',
      workspace: this.files.folder.path,
      tag: 'v1',
      clock: createShortClock(),
      stallMs: 300,
      ...more,
      inputs: { files: 'data/*', ...inputs },
    })
  }

  /** Lets the fault strike the first `times` uploads of each of these files. */
  strike(fault: Fault, times: number, keys = this.files.keys): void {
    for (const key of keys) {
      this.zenodo.fault({ method: 'PUT', path: `/api/files/*/${key}`, times, ...fault })
    }
  }

  /** Uploads that arrived, in order. */
  get puts(): readonly ReceivedRequest[] {
    return this.zenodo.requests.filter(
      ({ method, path }) => method === 'PUT' && path.startsWith('/api/files/'),
    )
  }

  /** Keys whose stored bytes are those of the local file. */
  get storedRight(): readonly string[] {
    return this.#stored
      .filter(({ key, checksum }) => checksum === this.files.checksums.get(key))
      .map(({ key }) => key)
      .toSorted()
  }

  /** Keys that are stored with other bytes than the local file's. */
  get storedWrong(): readonly string[] {
    const right = new Set(this.storedRight)
    return this.#stored.map(({ key }) => key).filter((key) => !right.has(key))
  }

  get #stored() {
    return this.zenodo.deposits().flatMap(({ files }) => files)
  }

  /** One deposit, no open connection, and so nothing that could arrive after the end. */
  expectSettled(): void {
    expect(this.zenodo.deposits()).toHaveLength(1)
    expect(this.sockets.open).toBe(0)
    expect(this.sockets.opened).toBeGreaterThan(0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.sockets[Symbol.dispose]()
    await this.zenodo.close()
  }
}
