import { exitStatus } from '../errors/exit-status.ts';

type InterruptionSignal = 'SIGINT' | 'SIGTERM';

/** Watches for Ctrl-C and for the system's request to terminate. */
export interface Interruption {
  /** Aborted by the first signal, so that work can end in an orderly way. */
  signal: AbortSignal;
  /** The exit status for the signal that arrived; `undefined` if none did. */
  status(): number | undefined;
  /** Stops watching. */
  dispose(): void;
}

/**
 * Watches for SIGINT and SIGTERM: the first aborts `signal`, the second ends the process immediately.
 *
 * @param onFirst called when the first signal arrives, to tell the user what happens next
 */
export function watchForInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  let received: InterruptionSignal | undefined;
  const handle = (signal: InterruptionSignal): void => {
    if (received) process.exit(exitStatus[signal]);
    received = signal;
    onFirst();
    controller.abort();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    status: () => received && exitStatus[received],
    dispose: () => {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}

/** Thrown to leave interrupted work that has no result of its own to report the interruption. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('Interrupted.');
  }
}
