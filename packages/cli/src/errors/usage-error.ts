/**
 * A mistake in the command line: an option that does not exist or is out of range, or a file that is not what it should be. The
 * message is one sentence that can be shown to the user as it is.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
