/** What Git LFS commits in place of a large file: where to find it is another matter. */
export interface LfsPointer {
  readonly sha256: string
  readonly size: number
}

/** The LFS specification says that pointers are smaller than this. */
export const POINTER_LIMIT_BYTES = 1024
const POINTER =
  /^version https:\/\/git-lfs\.github\.com\/spec\/v1\noid sha256:([0-9a-f]{64})\nsize (\d+)\n$/u

/** Reads a pointer; undefined for every other text. */
export function parseLfsPointer(text: string): LfsPointer | undefined {
  const [, sha256, size] = POINTER.exec(text) ?? []
  if (sha256 === undefined || size === undefined) return undefined
  return { sha256, size: Number(size) }
}
