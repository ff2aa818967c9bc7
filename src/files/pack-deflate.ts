import { promisify } from 'node:util'
import { constants, deflateRaw } from 'node:zlib'

/** Large enough that starting each block from its neighbour's last 32 KiB costs less than 0.3 % of the size. */
const BLOCK_BYTES = 1 << 20
/** As far back as deflate can refer. */
const WINDOW_BYTES = 32 << 10
const LEVEL = 6
/** Each such piece is a trip to the thread pool. */
const OUTPUT_BYTES = 128 << 10
/** Four for the threads of Node's pool, and two waiting so that none of them idles. */
export const BLOCKS_AT_WORK = 6

const SAMPLE_BYTES = 4 << 10
const SAMPLES = 4
/** What does not get smaller than this in a quick try is stored: five times as fast for images and archives. */
const WORTHWHILE_RATIO = 0.97

const deflate = promisify(deflateRaw)

/** One piece of a deflate stream, which can be compressed while its neighbours are. */
export interface Block {
  readonly data: Buffer
  /** The end of the block before, for deflate to refer to. */
  readonly before: Buffer | undefined
  readonly last: boolean
}

/** Cuts a stream of bytes into blocks of one size; the last one is smaller, and empty only if the stream is. */
export async function* inBlocks(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Block> {
  let before: Buffer | undefined
  const held: Buffer[] = []
  let heldBytes = 0
  for await (const chunk of chunks) {
    held.push(chunk)
    heldBytes += chunk.length
    while (heldBytes > BLOCK_BYTES) {
      const data = takeFront(held, BLOCK_BYTES)
      heldBytes -= BLOCK_BYTES
      yield { data, before, last: false }
      before = data.subarray(-WINDOW_BYTES)
    }
  }
  yield { data: takeFront(held, heldBytes), before, last: true }
}

/** Removes the first `bytes` from the chunks; copies them only if they lie in several. */
function takeFront(chunks: Buffer[], bytes: number): Buffer {
  const parts: Buffer[] = []
  for (let missing = bytes; missing > 0;) {
    const chunk = chunks.shift()
    if (chunk === undefined) throw new RangeError(`${missing} of ${bytes} bytes are missing.`)
    const part = chunk.subarray(0, missing)
    if (part.length < chunk.length) chunks.unshift(chunk.subarray(part.length))
    parts.push(part)
    missing -= part.length
  }
  const [first] = parts
  return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts, bytes)
}

/**
 * Compresses one block on Node's thread pool; the results of all blocks, in order, are one deflate stream.
 * The bytes depend on the content and on Node's zlib alone, never on how many blocks are at work.
 */
export async function deflateBlock({ data, before, last }: Block): Promise<Buffer> {
  return await deflate(data, {
    level: (await isWorthwhile(data)) ? LEVEL : 0,
    chunkSize: Math.min(OUTPUT_BYTES, data.length + 1024),
    finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    ...(before !== undefined && { dictionary: before }),
  })
}

async function isWorthwhile(data: Buffer): Promise<boolean> {
  if (data.length < 4 * SAMPLES * SAMPLE_BYTES) return true
  const step = Math.floor(data.length / SAMPLES)
  const starts = Array.from({ length: SAMPLES }, (_, index) => index * step)
  const sample = Buffer.concat(starts.map((at) => data.subarray(at, at + SAMPLE_BYTES)))
  return (await deflate(sample, { level: 1 })).length < sample.length * WORTHWHILE_RATIO
}
