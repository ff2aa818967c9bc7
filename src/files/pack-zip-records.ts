/** The records of a zip file, as APPNOTE.TXT 6.3 has them: sizes in the headers, no data descriptors. */

/** One entry, as both of its headers tell it. */
export interface ZipEntry {
  readonly name: Buffer
  /** Unix file type and permissions. */
  readonly mode: number
  readonly method: 'stored' | 'deflated'
  /** Position of its local header. */
  readonly offset: number
  readonly size: number
  readonly compressedSize: number
  readonly crc: number
}

const MAX_16 = 0xffff
const MAX_32 = 0xffff_ffff
/** 16 MiB under 4 GiB, since deflate makes incompressible data larger, by less than 1 part in 1000. */
const ZIP64_FROM_SIZE = 0xff00_0000
const METHODS = { stored: 0, deflated: 8 }
/** 2.0 for deflate, 4.5 for zip64. */
const VERSION = 20
const VERSION_ZIP64 = 45
const MADE_BY_UNIX = (3 << 8) | VERSION_ZIP64
const UTF8_NAMES = 1 << 11
/** 1980-01-01 00:00:00, the first moment zip can tell, written without asking for the time zone. */
const DOS_TIME = 0
const DOS_DATE = (1 << 5) | 1

/** The header before the data. Its length depends on name and size alone, so that it can be written again over itself. */
export function localHeader(entry: ZipEntry): Buffer {
  const extra = hasLargeSize(entry) ? zip64Extra([entry.size, entry.compressedSize]) : NO_BYTES
  return Buffer.concat([
    uint32(0x0403_4b50),
    uint16(extra.length > 0 ? VERSION_ZIP64 : VERSION),
    sharedFields(entry),
    uint16(entry.name.length),
    uint16(extra.length),
    entry.name,
    extra,
  ])
}

/** The entry's line in the table of contents. */
export function centralHeader(entry: ZipEntry): Buffer {
  const largeOffset = entry.offset >= MAX_32
  const extra = zip64Extra([
    ...(hasLargeSize(entry) ? [entry.size, entry.compressedSize] : []),
    ...(largeOffset ? [entry.offset] : []),
  ])
  return Buffer.concat([
    uint32(0x0201_4b50),
    uint16(MADE_BY_UNIX),
    uint16(extra.length > 0 ? VERSION_ZIP64 : VERSION),
    sharedFields(entry),
    uint16(entry.name.length),
    uint16(extra.length),
    uint16(0), // no comment
    uint16(0), // first disk
    uint16(0), // internal attributes: binary
    uint32(entry.mode * 0x1_0000),
    uint32(largeOffset ? MAX_32 : entry.offset),
    entry.name,
    extra,
  ])
}

/** What ends the file: where the table of contents is, and how long. */
export function endOfDirectory(count: number, offset: number, size: number): Buffer {
  const large = count >= MAX_16 || offset >= MAX_32 || size >= MAX_32
  return Buffer.concat([
    large ? zip64EndOfDirectory(count, offset, size) : NO_BYTES,
    uint32(0x0605_4b50),
    uint16(0), // this disk
    uint16(0), // disk of the directory
    uint16(Math.min(count, MAX_16)),
    uint16(Math.min(count, MAX_16)),
    uint32(Math.min(size, MAX_32)),
    uint32(Math.min(offset, MAX_32)),
    uint16(0), // no comment
  ])
}

function zip64EndOfDirectory(count: number, offset: number, size: number): Buffer {
  return Buffer.concat([
    uint32(0x0606_4b50),
    uint64(44), // length of what follows in this record
    uint16(MADE_BY_UNIX),
    uint16(VERSION_ZIP64),
    uint32(0), // this disk
    uint32(0), // disk of the directory
    uint64(count),
    uint64(count),
    uint64(size),
    uint64(offset),
    // the locator of the record above
    uint32(0x0706_4b50),
    uint32(0), // its disk
    uint64(offset + size),
    uint32(1), // disks in all
  ])
}

/** From the flags to the sizes: the same in both headers. */
function sharedFields(entry: ZipEntry): Buffer {
  const large = hasLargeSize(entry)
  return Buffer.concat([
    uint16(UTF8_NAMES),
    uint16(METHODS[entry.method]),
    uint16(DOS_TIME),
    uint16(DOS_DATE),
    uint32(entry.crc),
    uint32(large ? MAX_32 : entry.compressedSize),
    uint32(large ? MAX_32 : entry.size),
  ])
}

function hasLargeSize({ size }: ZipEntry): boolean {
  return size >= ZIP64_FROM_SIZE
}

function zip64Extra(values: readonly number[]): Buffer {
  if (values.length === 0) return NO_BYTES
  return Buffer.concat([uint16(1), uint16(8 * values.length), ...values.map(uint64)])
}

const NO_BYTES = Buffer.alloc(0)

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
