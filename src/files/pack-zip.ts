import { crc32 } from 'node:zlib'
import { BLOCKS_AT_WORK, deflateBlock, inBlocks, type Block } from './pack-deflate.ts'
import { memberMode, readMembers, type Member } from './pack-member.ts'
import { mapInOrder } from './pack-order.ts'
import type { ArchiveOutput } from './pack-output.ts'
import { centralHeader, endOfDirectory, localHeader, type ZipEntry } from './pack-zip-records.ts'

const REGULAR_FILE = 0o100000
const SYMBOLIC_LINK = 0o120000

interface Piece {
  readonly member: Member
  readonly first: boolean
  readonly block: Block
}

/** Writes a zip file: members in the order given, zip64 where needed, one time stamp for all. */
export async function writeZip(
  members: readonly Member[],
  output: ArchiveOutput,
  signal: AbortSignal,
): Promise<void> {
  const entries: ZipEntry[] = []
  let entry: ZipEntry | undefined
  for await (const { piece, data } of mapInOrder(piecesOf(members), BLOCKS_AT_WORK, compress)) {
    signal.throwIfAborted()
    const before = piece.first || entry === undefined ? newEntry(piece.member, output) : entry
    entry = extend(before, piece.block, data)
    if (piece.first) await output.append(localHeader(entry))
    await output.append(data)
    if (!piece.block.last) continue
    if (!piece.first) await output.overwrite(localHeader(entry), entry.offset)
    entries.push(entry)
  }
  await writeDirectory(entries, output)
}

async function writeDirectory(entries: readonly ZipEntry[], output: ArchiveOutput): Promise<void> {
  const offset = output.position
  for (const entry of entries) await output.append(centralHeader(entry))
  await output.append(endOfDirectory(entries.length, offset, output.position - offset))
}

async function* piecesOf(members: readonly Member[]): AsyncGenerator<Piece> {
  for await (const { member, content } of readMembers(members)) {
    let first = true
    for await (const block of inBlocks(content)) {
      yield { member, first, block }
      first = false
    }
  }
}

async function compress(piece: Piece): Promise<{ piece: Piece; data: Buffer }> {
  const { block, member } = piece
  return { piece, data: methodOf(member) === 'stored' ? block.data : await deflateBlock(block) }
}

/** Links and empty files are stored, as every zip program does it. */
function methodOf(member: Member): ZipEntry['method'] {
  return member.kind === 'link' || member.size === 0 ? 'stored' : 'deflated'
}

/** Known from the start: a file that turns out to have another size is an error. */
function sizeOf(member: Member): number {
  return member.kind === 'file' ? member.size : Buffer.byteLength(member.target)
}

function newEntry(member: Member, output: ArchiveOutput): ZipEntry {
  return {
    name: Buffer.from(member.name),
    mode: memberMode(member) | (member.kind === 'link' ? SYMBOLIC_LINK : REGULAR_FILE),
    method: methodOf(member),
    offset: output.position,
    size: sizeOf(member),
    compressedSize: 0,
    crc: 0,
  }
}

function extend(entry: ZipEntry, block: Block, data: Buffer): ZipEntry {
  return {
    ...entry,
    compressedSize: entry.compressedSize + data.length,
    crc: crc32(block.data, entry.crc),
  }
}
