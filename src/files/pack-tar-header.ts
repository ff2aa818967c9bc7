import { memberMode, type Member } from './pack-member.ts'

/** The unit of a tar file. */
export const TAR_BLOCK_BYTES = 512

/** What a header field of eleven octal digits can say: 8 GiB less one byte. */
const MAX_USTAR_SIZE = 0o77777777777
const MAX_USTAR_NAME_BYTES = 100
/** 1980-01-01 00:00:00 UTC, as in our zip files; GNU tar warns of times near 1970. */
const MODIFIED_SECONDS = 315_532_800
const NON_ASCII = /[^\u0020-\u007e]/u

const TYPES = { file: '0', link: '2', pax: 'x' }

interface Fields {
  readonly name: string
  readonly type: keyof typeof TYPES
  readonly mode: number
  readonly size: number
  readonly target: string
}

/** What stands before a member's bytes: a POSIX ustar header, and a pax one before it for what ustar cannot say. */
export function tarHeader(member: Member): Buffer {
  const size = member.kind === 'file' ? member.size : 0
  const target = member.kind === 'link' ? member.target : ''
  const records = [
    ...(fitsUstar(member.name) ? [] : [paxRecord('path', member.name)]),
    ...(fitsUstar(target) ? [] : [paxRecord('linkpath', target)]),
    ...(size > MAX_USTAR_SIZE ? [paxRecord('size', size.toString())] : []),
  ]
  const header = ustarHeader({
    name: member.name,
    type: member.kind,
    mode: memberMode(member),
    size: size > MAX_USTAR_SIZE ? 0 : size,
    target,
  })
  return records.length === 0 ? header : Buffer.concat([paxHeader(records), header])
}

/** The zeros that fill the last unit of a member of `size` bytes. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((TAR_BLOCK_BYTES - (size % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES)
}

function fitsUstar(text: string): boolean {
  return !NON_ASCII.test(text) && text.length <= MAX_USTAR_NAME_BYTES
}

function paxHeader(records: readonly Buffer[]): Buffer {
  const data = Buffer.concat(records)
  const header = ustarHeader({
    name: 'pax_header',
    type: 'pax',
    mode: 0o644,
    size: data.length,
    target: '',
  })
  return Buffer.concat([header, data, tarPadding(data.length)])
}

/** `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record, its own digits included. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`)
  let length = rest.length
  while (length !== rest.length + length.toString().length) {
    length = rest.length + length.toString().length
  }
  return Buffer.concat([Buffer.from(length.toString()), rest])
}

/** Owner and group are number 0 without a name; a text too long for its field is cut, and pax has it whole. */
function ustarHeader({ name, type, mode, size, target }: Fields): Buffer {
  const header = Buffer.alloc(TAR_BLOCK_BYTES)
  header.write(name, 0, MAX_USTAR_NAME_BYTES)
  header.write(octal(mode, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(size, 12), 124)
  header.write(octal(MODIFIED_SECONDS, 12), 136)
  header.write(' '.repeat(8), 148) // the checksum counts itself as spaces
  header.write(TYPES[type], 156)
  header.write(target, 157, MAX_USTAR_NAME_BYTES)
  header.write('ustar\u000000', 257)
  header.write(octal(0, 8), 329)
  header.write(octal(0, 8), 337)
  const checksum = header.reduce((sum, byte) => sum + byte, 0)
  header.write(`${octal(checksum, 7)} `, 148)
  return header
}

/** A number as the octal digits that fill a field of `length` bytes with its closing NUL. */
function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\u0000`
}
