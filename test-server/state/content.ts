import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../options.ts'
import type { StoredContent } from './bucket.ts'

/** Where the bytes of one file go: through md5, and to memory or disk as far as they are kept. */
class ContentSink {
  readonly #id = randomUUID()
  readonly #hash = createHash('md5')
  readonly #settings: Settings
  readonly #file: WriteStream | undefined
  #size = 0
  #kept: Buffer[] | undefined = []

  constructor(settings: Settings) {
    this.#settings = settings
    if (settings.keepIn === undefined) return
    this.#file = createWriteStream(join(settings.keepIn, this.#id))
    this.#kept = undefined
  }

  async write(chunk: Buffer): Promise<void> {
    this.#hash.update(chunk)
    this.#size += chunk.length
    if (this.#size > this.#settings.keepBytes) this.#kept = undefined
    this.#kept?.push(chunk)
    if (this.#file?.write(chunk) === false) await once(this.#file, 'drain')
  }

  async finish(): Promise<StoredContent> {
    this.#file?.end()
    if (this.#file) await finished(this.#file)
    return {
      id: this.#id,
      size: this.#size,
      md5: this.#hash.digest('hex'),
      bytes: this.#kept && Buffer.concat(this.#kept),
      path: this.#file && join(this.#settings.keepIn ?? '', this.#id),
    }
  }

  async discard(): Promise<void> {
    if (!this.#file) return
    this.#file.destroy()
    await rm(this.#file.path, { force: true })
  }
}

/** A wrong checksum, as a fault wants it: one digit off. */
const corrupt = (md5: string): string => (md5.startsWith('0') ? '1' : '0') + md5.slice(1)

/** Takes in the bytes of a file; a source that fails leaves nothing behind. */
export async function receive(
  source: AsyncIterable<Buffer>,
  settings: Settings,
  checksum: 'right' | 'wrong' = 'right',
): Promise<StoredContent> {
  const sink = new ContentSink(settings)
  try {
    for await (const chunk of source) await sink.write(chunk)
    const content = await sink.finish()
    return checksum === 'right' ? content : { ...content, md5: corrupt(content.md5) }
  } catch (error) {
    await sink.discard()
    throw error
  }
}

/** The bytes of a stored file, if they were kept. */
export function open({
  bytes,
  path,
}: StoredContent): Buffer | ReturnType<typeof createReadStream> | undefined {
  return path === undefined ? bytes : createReadStream(path)
}
