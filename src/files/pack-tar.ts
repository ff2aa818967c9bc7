import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'
import type { ArchiveStream } from './pack-stream.ts'
import { fileMode, LINK_MODE, readMember } from './pack-member.ts'

/** As in our zip files; GNU tar warns of times near 1970. */
const TIME = { mtime: new Date('1980-01-01T00:00:00Z') }

/** A tar file in gzip: pax headers where needed, one time stamp for all, owner and group number 0 without names. */
export function createTarGz(): ArchiveStream {
  const tar = pack()
  return {
    stages: [Readable.from(tar, { objectMode: false }), createGzip(), nameNoSystem()],
    async addFile(member, signal) {
      const { name, size } = member
      const entry = tar.entry({ ...TIME, type: 'file', name, size, mode: fileMode(member) })
      await pipeline(readMember(member), entry, { signal })
    },
    addLink({ name, target }) {
      tar.entry({ ...TIME, type: 'symlink', name, linkname: target, mode: LINK_MODE })
    },
    end: () => tar.finalize(),
  }
}

/** Where the gzip header names the system; zlib names the one it was built for. */
const SYSTEM_POSITION = 9
const UNKNOWN_SYSTEM = 0xff

function nameNoSystem(): Transform {
  let toGo = SYSTEM_POSITION
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (toGo >= 0 && toGo < chunk.length) chunk[toGo] = UNKNOWN_SYSTEM
      toGo -= chunk.length
      done(null, chunk)
    },
  })
}
