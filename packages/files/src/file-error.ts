import { DataError } from '@interseg/errors';

/** Codes of the operating system for a disk without room: no fault of the input, and the same work may succeed later. */
const diskFullCodes = ['ENOSPC', 'EDQUOT'];

/** Whether work failed because the disk, or the user's quota on it, has no room left. */
export function isDiskFull(error: unknown): boolean {
  const systemError = isSystemError(error) ? error : error instanceof Error && error.cause;
  return isSystemError(systemError) && diskFullCodes.includes(systemError.code!);
}

/** Whether something thrown is an error of the operating system with a code such as `ENOENT`. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string';
}

/**
 * Turns what a file operation threw into a {@link DataError} that names the file, or into an `Error` that does when the
 * disk is full; what is not an error of the file system is returned as it is.
 *
 * @param path the file or folder that was used
 * @param error what was thrown
 * @param expected what was needed there, e.g. `'a NIfTI file'`
 */
export function fileError(path: string, error: unknown, expected: string): unknown {
  if (error instanceof DataError || !isSystemError(error)) return error;
  const found: Record<string, string> = {
    ENOENT: 'no such file',
    ENOTDIR: 'a part of the path is not a folder',
    EISDIR: 'it is a folder',
    EACCES: 'no permission',
    EPERM: 'no permission',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the quota of the disk is used up',
    EROFS: 'the file system is read-only',
  };
  const ErrorClass = isDiskFull(error) ? Error : DataError;
  return new ErrorClass(`${path}: ${found[error.code ?? ''] ?? error.message}, expected ${expected}.`, {
    cause: error,
  });
}
