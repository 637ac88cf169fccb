import { isInputError } from '@interseg/errors';
import { UsageError } from './usage-error.ts';

/** The exit statuses that scripts rely on. As in a shell, an interruption is 128 plus the number of the signal. */
export const exitStatus = { done: 0, failed: 1, badInput: 2, lockLost: 76, SIGINT: 130, SIGTERM: 143 } as const;

/** The exit status that an error stands for: its class alone says whose fault it is. */
export function exitStatusFor(error: unknown): number {
  // By its name: the class would bring all of training along, also for a mistyped option.
  if (error instanceof Error && error.name === 'LockLostError') return exitStatus.lockLost;
  return error instanceof UsageError || isInputError(error) ? exitStatus.badInput : exitStatus.failed;
}
