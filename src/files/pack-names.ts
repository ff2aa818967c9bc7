import { FileError } from '../errors.ts'
import type { Member } from './pack-member.ts'

// eslint-disable-next-line no-control-regex -- finding control characters is its purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u
const DRIVE = /^[A-Za-z]:/u
/** The length field of a zip entry has 16 bits. */
const MAX_NAME_BYTES = 65_535

/** Members in the byte order of their names, which no locale changes. Throws a FileError for a name that could harm. */
export function orderByName<T extends Member>(members: readonly T[]): readonly T[] {
  const sorted = members
    .map((member) => ({ member, bytes: Buffer.from(checkedName(member)) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ member }) => member)
  refuseCollisions(sorted)
  return sorted
}

/** Why a name must not be in an archive, as the end of a sentence; undefined for a good one. */
function findNameProblem(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (!name.isWellFormed()) return 'is not valid Unicode'
  if (CONTROL.test(name)) return 'holds a control character'
  if (name.includes('\\')) return 'holds a backslash, which some systems take for a folder'
  if (name.startsWith('/')) return 'is absolute'
  if (DRIVE.test(name)) return 'begins like a drive of Windows'
  if (name.split('/').includes('..')) return 'leads out of its folder'
  if (name.split('/').some((part) => part === '' || part === '.')) return 'has an empty part'
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `is longer than ${MAX_NAME_BYTES} bytes`
  return undefined
}

function checkedName({ name, path }: Member): string {
  const problem = findNameProblem(name)
  if (problem === undefined) return name
  throw new FileError(path, `The name ${JSON.stringify(name)} cannot be packed: it ${problem}.`, {
    hint: 'Rename the file, or exclude it.',
  })
}

function refuseCollisions(members: readonly Member[]): void {
  const folders = new Set(members.flatMap(({ name }) => parentsOf(name)))
  for (const [index, { name, path }] of members.entries()) {
    if (members[index + 1]?.name === name) {
      throw new FileError(path, `Two files would be packed under one name: "${name}".`)
    }
    if (folders.has(name)) {
      throw new FileError(path, `"${name}" would be both a file and a folder in the archive.`)
    }
  }
}

function parentsOf(name: string): readonly string[] {
  const parts = name.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
