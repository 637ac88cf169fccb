import { DataError } from '@interseg/errors';

/** Codes for a disk without space: the input is not at fault, and the same work may succeed later. */
const diskFullCodes = ['ENOSPC', 'EDQUOT'];

/** Whether work failed because the disk is full, or the user's quota on it used up. */
export function isDiskFull(error: unknown): boolean {
  const systemError = isSystemError(error) ? error : error instanceof Error && error.cause;
  return isSystemError(systemError) && diskFullCodes.includes(systemError.code!);
}

/** Whether something thrown is an error of the operating system, with a code such as `ENOENT`. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string';
}

/**
 * Converts what a file operation threw into an error whose message is one sentence with the path, the reason and what was
 * expected: a {@link DataError}, or an `Error` if the disk is full.
 *
 * @param path the file or folder
 * @param error what was thrown
 * @param expected what should be there, such as `'a NIfTI file'`
 * @returns the new error, with the original as its cause; or `error` itself if it is not from the operating system
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
