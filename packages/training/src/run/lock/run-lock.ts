import { setTimeout as sleep } from 'node:timers/promises';
import { createOnce } from '@interseg/files';
import { startBeat } from './lock-beat.ts';
import { LockLostError, RunHeldError } from './lock-errors.ts';
import { describeHolder, holderText, isDead, isHere, newHolder, readLock, type FoundLock } from './lock-holder.ts';
import { SilenceWatch } from './silence-watch.ts';
import { remove, succeed } from './succession.ts';

/** A lock that is held. */
export interface RunLock {
  /** Looks whether it still is. To be called before anything is written. @throws LockLostError when it is not */
  check(): Promise<void>;
  /** As {@link RunLock.check}, by what the last beat saw: takes no time. */
  checkLastBeat(): void;
  /** Gives it back, unless it has been lost. */
  release(): Promise<void>;
}

/**
 * How long to wait for a process that holds the lock of a run: not at all, until it is known to live or to be silent, or until
 * it ends.
 */
export type LockWait = 'none' | 'silence' | 'release';

/** Options of {@link lockRun}. */
export interface LockOptions {
  /** Seconds without a beat after which a process counts as gone. Defaults to 120. */
  silence?: number;
  /** Defaults to `'silence'`. */
  wait?: LockWait;
  /** Aborting it ends the waiting. */
  signal?: AbortSignal;
  /** Told of each process that is waited for. */
  onWait?: (message: string) => void;
}

/** Beats are so many seconds apart at most, so that a few may be late. */
const longestBeat = 10;

/**
 * Takes the lock of a run folder, so that no two processes write into it. The lock holds a token, names its process and
 * counts a beat. It is taken over when its process no longer runs on this host (the same name, boot and process namespace), or
 * when its beat has not moved for `silence` seconds of this process's own clock. Nothing is concluded from the times of files,
 * which other machines may have written by other clocks.
 *
 * @param path the lock file
 * @returns `undefined` when `signal` was aborted
 * @throws RunHeldError (a DataError) when another process holds it and is not to be waited for; DataError when the folder
 * cannot be written to
 */
export async function lockRun(path: string, options: LockOptions = {}): Promise<RunLock | undefined> {
  const { silence = 120, wait = 'silence', signal, onWait } = options;
  const beatSeconds = Math.min(longestBeat, silence / 6);
  const interval = Math.min(1000, (silence / 12) * 1000);
  const watch = new SilenceWatch(interval);
  const holder = await newHolder(beatSeconds);
  /** Also where the holder was told to beat less often than this process is told to expect. */
  const isSilent = (at: string, { text, holder: other }: FoundLock): boolean =>
    watch.look(at, text).silence >= Math.max(silence, 3 * (other?.beatSeconds ?? 0));
  const isGone = async (at: string, found: FoundLock): Promise<boolean> => {
    const { holder: other } = found;
    return (other && (await isHere(other)) && (await isDead(other))) || isSilent(at, found);
  };
  let told = '';
  for (;;) {
    const found = await readLock(path);
    if (!found) {
      if (await createOnce(path, holderText(holder), 'a run folder that can be written to')) break;
      continue;
    }
    if (await isGone(path, found)) {
      if (await succeed(path, found, holder, isGone)) break;
    } else if (wait === 'none' || (wait === 'silence' && (await isAlive(found, watch.look(path, found.text))))) {
      throw new RunHeldError(path, found.holder);
    } else if (told !== found.token) {
      told = found.token;
      const until = wait === 'release' ? 'to end' : `to give a sign of life within ${silence} seconds`;
      onWait?.(`waiting for ${describeHolder(found.holder)}, which has this run, ${until}`);
    }
    if (signal?.aborted) return undefined;
    await sleep(interval, undefined, { signal }).catch(() => undefined);
  }
  const beat = startBeat(path, holder);
  return {
    check: async () => {
      const found = await readLock(path);
      // While the beat is being written, the file may not be JSON; the token stays where it is.
      if (!found?.text.includes(holder.token)) throw new LockLostError(path, found?.holder);
    },
    checkLastBeat: () => {
      if (beat.isLost) throw new LockLostError(path);
    },
    release: async () => {
      await beat.stop();
      await remove(path, holder);
    },
  };
}

/** Whether a process that is not gone is known to live. */
async function isAlive({ holder }: FoundLock, { changes }: { changes: number }): Promise<boolean> {
  return changes > 0 || (holder !== undefined && (await isHere(holder)));
}
