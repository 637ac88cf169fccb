import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { SweepRun } from '@interseg/experiments';
import { makeFolder } from '@interseg/files';
import { exitStatus } from '../errors/exit-status.ts';

/** How a process that did a run has ended. */
export interface EndedProcess {
  /** As `interseg sweep run` ends; 128 plus the number of the signal where one ended it. */
  status: number;
  /** The last line that it wrote on stderr: its error, if it had one. */
  lastLine: string;
}

/** Options of {@link runInProcesses}. */
export interface ProcessesOptions {
  /** How many processes at a time. */
  parallel: number;
  /** Further flags of `interseg sweep run`. */
  flags?: readonly string[];
  /** Aborting asks each process to end with a checkpoint, and begins no other run. */
  signal: AbortSignal;
  onBegin?: (run: SweepRun) => void;
  /** @returns whether to go on with other runs; those that are worked on are asked to end otherwise */
  onEnd: (run: SweepRun, ended: EndedProcess) => boolean | Promise<boolean>;
}

/** Does runs of a sweep in processes of their own, several at a time, with `interseg sweep run`. What each tells is in `logs/`. */
export async function runInProcesses(
  sweep: string,
  runs: readonly SweepRun[],
  { parallel, flags = [], signal, onBegin, onEnd }: ProcessesOptions,
): Promise<void> {
  await makeFolder(join(sweep, 'logs'));
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < runs.length && !either.aborted) {
      const run = runs[next++]!;
      onBegin?.(run);
      const ended = await runInProcess(sweep, run, flags, either);
      if (!(await onEnd(run, ended))) stop.abort();
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, runs.length) }, work));
}

async function runInProcess(
  sweep: string,
  { index, name }: SweepRun,
  flags: readonly string[],
  signal: AbortSignal,
): Promise<EndedProcess> {
  const words = [process.argv[1]!, 'sweep', 'run', sweep, '--index', String(index), ...flags];
  const child = spawn(process.execPath, [...process.execArgv, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  const log = createWriteStream(join(sweep, 'logs', `${name}.log`), { flags: 'a' });
  // A log that cannot be written is no reason not to train.
  log.on('error', () => undefined);
  let end = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log.write(chunk);
    end = (end + chunk.toString()).slice(-4000);
  });
  // Of what a terminal has sent it already, the process takes no second notice.
  const terminate = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', terminate);
  try {
    const status = await new Promise<number>((done, fail) => {
      child.on('error', fail);
      child.on('close', (code, by) => done(code ?? (by === 'SIGINT' ? exitStatus.SIGINT : 137)));
    });
    return { status, lastLine: end.trimEnd().split('\n').at(-1) ?? '' };
  } finally {
    signal.removeEventListener('abort', terminate);
    log.end();
  }
}
