import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** One member of an archive, as Python's zipfile or tarfile reads it. */
export interface ReadMember {
  readonly name: string
  readonly kind: 'file' | 'link'
  /** Octal, for example '755'. */
  readonly mode: string
  readonly size: number
  /** md5 of the content; of a link, of what it says. */
  readonly md5: string
  /** As written in the archive, in ISO form without a zone. */
  readonly time: string
  /** Extraction to the right owner is asked for by these: always '0:0' and no names in a tar file; 'none' in a zip file. */
  readonly owner: string
}

const SCRIPT = `
import hashlib, json, sys, tarfile, zipfile, datetime, stat
def digest(stream):
    md5 = hashlib.md5()
    while chunk := stream.read(1 << 20): md5.update(chunk)
    return md5.hexdigest()
members = []
if sys.argv[1].endswith('.zip'):
    with zipfile.ZipFile(sys.argv[1]) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            members.append(dict(name=info.filename, kind='link' if stat.S_ISLNK(mode) else 'file',
                mode=format(stat.S_IMODE(mode), 'o'), size=info.file_size, md5=digest(archive.open(info)),
                time=datetime.datetime(*info.date_time).isoformat(), owner='none'))
else:
    with tarfile.open(sys.argv[1], errorlevel=2) as archive:
        for info in archive:
            link = info.issym()
            content = hashlib.md5(info.linkname.encode()).hexdigest() if link else digest(archive.extractfile(info))
            members.append(dict(name=info.name, kind='link' if link else 'file', mode=format(info.mode, 'o'),
                size=info.size, md5=content,
                time=datetime.datetime.fromtimestamp(info.mtime, datetime.timezone.utc).replace(tzinfo=None).isoformat(),
                owner=f'{info.uid}:{info.gid}{info.uname}{info.gname}'))
print(json.dumps(members))
`

/** Reads a whole archive with Python's own modules, which check every checksum on the way. Needs python3. */
export async function readArchive(archive: string): Promise<readonly ReadMember[]> {
  const env = { ...process.env, PYTHONIOENCODING: 'utf-8' }
  const { stdout } = await run('python3', ['-c', SCRIPT, archive], { env, maxBuffer: 1 << 28 })
  return JSON.parse(stdout) as readonly ReadMember[]
}

/** The checksum as `readArchive` gives it. */
export function md5(content: string | Buffer): string {
  return createHash('md5').update(content).digest('hex')
}
