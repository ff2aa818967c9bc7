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
    throw toFileError(path, message, cause)
  }
}

/** A refusal of the system as a FileError; everything else as it is: an abort, a FileError that says more, a bug. */
export function toFileError(path: string, message: string, cause: unknown): unknown {
  if (!isSystemError(cause)) return cause
  return new FileError(path, `${message}: ${REASONS[cause.code] ?? cause.code}.`, { cause })
}

function isSystemError(cause: unknown): cause is { readonly code: string } {
  return (
    typeof cause === 'object' &&
    cause !== null &&
    'syscall' in cause &&
    'code' in cause &&
    typeof cause.code === 'string'
  )
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'no space is left on the disk',
  EROFS: 'the disk is read-only',
}
