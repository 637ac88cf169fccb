/**
 * The command line was used wrongly: an option that does not exist or is out of range, a file that is not what it should
 * be. The message is one sentence that can be shown as it is.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
