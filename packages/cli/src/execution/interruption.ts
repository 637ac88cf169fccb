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
 * Two signals within so many milliseconds are one: `npx` and other wrappers hand a Ctrl-C on to a process that the terminal has
 * sent it already. Nobody has read by then what the first one does.
 */
const sameMoment = 500;

/**
 * Watches for SIGINT and SIGTERM: the first aborts `signal`. A further SIGINT, which is Ctrl-C pressed again, ends the process
 * immediately. A further SIGTERM changes nothing: Slurm sends it to every process of a job, and a wrapper that hands it on
 * doubles it, so it does not say that anybody has lost patience; who has, sends SIGKILL.
 *
 * @param onFirst called when the first signal arrives, to tell the user what happens next
 */
export function watchForInterruption(onFirst: (signal: InterruptionSignal) => void): Interruption {
  const controller = new AbortController();
  let received: InterruptionSignal | undefined;
  let since = 0;
  const handle = (signal: InterruptionSignal): void => {
    const now = performance.now();
    if (received) {
      if (signal === 'SIGINT' && now - since > sameMoment) process.exit(exitStatus.SIGINT);
      return;
    }
    received = signal;
    since = now;
    onFirst(signal);
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
