import { DataError } from '@interseg/errors';
import { describeHolder, type LockHolder } from './lock-holder.ts';

/** A folder in which a run was to be started holds one. */
export class RunExistsError extends DataError {
  constructor(folder: string) {
    super(`${folder}: found a run, expected a new or empty folder: continue the run with 'interseg resume'.`);
  }
}

/** Another process holds the lock of a run, and lives. */
export class RunHeldError extends DataError {
  constructor(path: string, holder: LockHolder | undefined) {
    super(
      `${path}: found the lock of ${describeHolder(holder)}, which works on this run; expected none: wait until it ends, or stop it.`,
    );
  }
}

/**
 * Another process has taken over the run that this one worked on, as this one gave no sign of life for too long: it was
 * stopped, or cut off from the disk. Nothing is written any more. No input is at fault, and the run goes on elsewhere.
 */
export class LockLostError extends Error {
  override readonly name = 'LockLostError';

  /** @param holder who has the lock now; absent when nobody has */
  constructor(path: string, holder?: LockHolder) {
    const found = holder ? `the lock of ${describeHolder(holder)}` : 'no lock of this process';
    super(
      `${path}: found ${found}, expected its own: it was silent for so long that another process took this run over.`,
    );
  }
}
