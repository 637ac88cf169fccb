import { exitStatus } from '../errors/exit-status.ts';

type InterruptionSignal = 'SIGINT' | 'SIGTERM';

/** Watches for Ctrl-C and for the system's request to end. */
export interface Interruption {
  /** Aborted by the first signal, for work that can end in order. */
  signal: AbortSignal;
  /** The exit status of the signal that came, if one did. */
  status(): number | undefined;
  /** Stops watching. */
  dispose(): void;
}

/**
 * The first SIGINT or SIGTERM aborts `signal`; the second ends the process at once.
 *
 * @param onFirst to tell the user what happens now
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
