import { DataError } from '@interseg/data';
import { UsageError } from './usage-error.ts';

/** What the process ends with, as scripts rely on it. Interruption has the shell's numbers: 128 plus the signal. */
export const exitStatus = { done: 0, failed: 1, badInput: 2, SIGINT: 130, SIGTERM: 143 } as const;

/** Codes of the operating system for a disk without room: it is no fault of the input, and the same command may work later. */
const noRoom = ['ENOSPC', 'EDQUOT'];

/** The exit status that an error stands for. */
export function statusOf(error: unknown): number {
  const { code } = ((error instanceof Error && error.cause) || {}) as NodeJS.ErrnoException;
  if (code !== undefined && noRoom.includes(code)) return exitStatus.failed;
  const isBadInput =
    error instanceof UsageError ||
    error instanceof DataError ||
    (error instanceof RangeError && isSentence(error.message));
  return isBadInput ? exitStatus.badInput : exitStatus.failed;
}

/**
 * Options out of range are RangeErrors whose message is a sentence. JavaScript's own, such as `Invalid array length`, have
 * no full stop: those are failures of the program, not of its user.
 */
function isSentence(message: string): boolean {
  return message.endsWith('.');
}
