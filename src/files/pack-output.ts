import type { FileHandle } from 'node:fs/promises'
import { orFileError } from './pack-fault.ts'

/** Small pieces are gathered to this size: thousands of headers become a few writes. */
const GATHER_BYTES = 256 << 10

/** The file an archive grows in: appends, and can go back to a header once its sizes are known. */
export class ArchiveOutput {
  readonly #file: FileHandle
  readonly #path: string
  #written: number
  #gathered: Buffer[] = []
  #gatheredBytes = 0

  /** `start` is the position of the first byte; what is before it stays. */
  constructor(file: FileHandle, path: string, start = 0) {
    this.#file = file
    this.#path = path
    this.#written = start
  }

  /** Where the next appended byte goes. */
  get position(): number {
    return this.#written + this.#gatheredBytes
  }

  async append(data: Buffer): Promise<void> {
    this.#gathered.push(data)
    this.#gatheredBytes += data.length
    if (this.#gatheredBytes >= GATHER_BYTES) await this.flush()
  }

  /** Replaces bytes appended before. */
  async overwrite(data: Buffer, position: number): Promise<void> {
    await this.flush()
    await this.#write(data, position)
  }

  async flush(): Promise<void> {
    const data = Buffer.concat(this.#gathered)
    this.#gathered = []
    this.#gatheredBytes = 0
    await this.#write(data, this.#written)
    this.#written += data.length
  }

  async #write(data: Buffer, position: number): Promise<void> {
    const message = `The archive "${this.#path}" cannot be written`
    for (let done = 0; done < data.length;) {
      const rest = data.subarray(done)
      done += await orFileError(this.#path, message, async () => {
        const { bytesWritten } = await this.#file.write(rest, 0, rest.length, position + done)
        return bytesWritten
      })
    }
  }
}
