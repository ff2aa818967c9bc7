import { crc32 } from 'node:zlib'
import { BLOCKS_AT_WORK, deflateBlock, inBlocks, type Block } from './pack-deflate.ts'
import { readMembers, type Member } from './pack-member.ts'
import { mapInOrder } from './pack-order.ts'
import type { ArchiveOutput } from './pack-output.ts'
import { TAR_BLOCK_BYTES, tarHeader, tarPadding } from './pack-tar-header.ts'

/** Deflate, no name, no time, and "unknown" as the system: zlib would name the one it was built for. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
const END_OF_TAR = Buffer.alloc(2 * TAR_BLOCK_BYTES)

/** Writes a tar file compressed with gzip: members in the order given, one time stamp for all. */
export async function writeTarGz(
  members: readonly Member[],
  output: ArchiveOutput,
  signal: AbortSignal,
): Promise<void> {
  let crc = 0
  let size = 0
  await output.append(GZIP_HEADER)
  const blocks = inBlocks(tarBytes(members))
  for await (const { block, data } of mapInOrder(blocks, BLOCKS_AT_WORK, compress)) {
    signal.throwIfAborted()
    await output.append(data)
    crc = crc32(block.data, crc)
    size += block.data.length
  }
  await output.append(gzipTrailer(crc, size))
}

async function* tarBytes(members: readonly Member[]): AsyncGenerator<Buffer> {
  for await (const { member, content } of readMembers(members)) {
    yield tarHeader(member)
    if (member.kind === 'link') continue
    yield* content
    yield tarPadding(member.size)
  }
  yield END_OF_TAR
}

async function compress(block: Block): Promise<{ block: Block; data: Buffer }> {
  return { block, data: await deflateBlock(block) }
}

/** The checksum, and the size modulo 4 GiB. */
function gzipTrailer(crc: number, size: number): Buffer {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc, 0)
  trailer.writeUInt32LE(size % 2 ** 32, 4)
  return trailer
}
