import { FileError } from '../errors.ts'

/** Does something with a file; what the system refuses becomes a FileError of this message, with the system's reason. */
export async function orFileError<T>(
  path: string,
  message: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    throw new FileError(path, `${message}: ${reasonOf(cause)}.`, { cause })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'no space is left on the disk',
  EROFS: 'the disk is read-only',
}

function reasonOf(cause: unknown): string {
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  return REASONS[code] ?? (code === '' ? String(cause) : code)
}
