import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { fileMode, LINK_MODE, readMember } from './pack-member.ts'
import { closeStream, type ArchiveStream } from './pack-stream.ts'

const REGULAR_FILE = 0o100000
const SYMBOLIC_LINK = 0o120000

/** The first moment zip can tell. Zip tells local time, so this is 1980-01-01 00:00 wherever we run; the other time field, in UTC, would not be, and is left out. */
const TIME = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true }

/** A zip file: zip64 where needed, one time stamp for all. */
export function createZip(): ArchiveStream {
  const zip = new ZipFile()
  return {
    stages: [zip.outputStream],
    async addFile(member, signal) {
      const content = Readable.from(readMember(member), { objectMode: false })
      const mode = REGULAR_FILE | fileMode(member)
      zip.addReadStream(content, member.name, { ...TIME, mode })
      try {
        await finished(content, { signal })
      } finally {
        await closeStream(content)
      }
    },
    addLink({ name, target }) {
      const mode = SYMBOLIC_LINK | LINK_MODE
      zip.addBuffer(Buffer.from(target), name, { ...TIME, mode, compress: false })
    },
    end: () => zip.end(),
  }
}
