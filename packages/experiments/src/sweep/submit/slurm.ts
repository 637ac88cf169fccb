import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OptionError } from '@interseg/errors';
import { slurmJobName } from './slurm-script.ts';
import type { QueuedRun } from './submission.ts';

/** Slurm's own default. */
export const defaultMaxArraySize = 1001;

/** Seconds to wait for a controller, which may be busy. */
const patience = 120;

/**
 * The number below which Slurm numbers the tasks of an array.
 *
 * @throws OptionError where there are no commands of Slurm; Error when its controller does not answer
 */
export async function readMaxArraySize(): Promise<number> {
  const found = /^MaxArraySize\s*=\s*(\d+)/m.exec(await slurm('scontrol', ['show', 'config']));
  return Number(found?.[1] ?? defaultMaxArraySize);
}

/**
 * The runs of a sweep that Slurm holds, found by the names of their jobs: also those that were submitted by hand, or by an
 * earlier call that could not write down its job.
 *
 * @param id of the sweep
 * @param runs how many there are
 * @param timeout seconds to wait for the controller
 * @throws OptionError where there are no commands of Slurm; Error when its controller does not answer
 */
export async function slurmQueue(id: string, runs: number, timeout = patience): Promise<QueuedRun[]> {
  const first = slurmJobName(id, 0);
  const columns = ['%j', '%F', '%K', '%T', '%N', '%r'];
  const states = '--states=PENDING,RUNNING,SUSPENDED,COMPLETING,CONFIGURING,REQUEUED';
  const words = ['--noheader', '--array', states, `--format=${columns.join('|')}`];
  const text = await slurm('squeue', words, timeout);
  return text.split('\n').flatMap((line) => {
    const [name = '', array = '', task = '', state = '', node = '', reason = ''] = line.trim().split('|');
    if (name !== first && !name.startsWith(`${first}-`)) return [];
    const index = Number(name.slice(first.length + 1) || 0) + Number(task);
    if (!(index < runs)) return [];
    const queued: QueuedRun = { index, job: `${array}_${task}`, state };
    if (node) queued.node = node;
    if (reason && reason !== 'None') queued.reason = reason;
    return [queued];
  });
}

/**
 * Hands an array to Slurm.
 *
 * @param path of its script
 * @param after an array that is to end first
 * @returns the id of the array
 */
export async function submitArray(path: string, after?: string): Promise<string> {
  const dependency = after === undefined ? [] : [`--dependency=afterany:${after}`];
  const text = await slurm('sbatch', ['--parsable', ...dependency, path]);
  // With several clusters the name of one stands behind the id.
  return text.trim().split(';')[0]!;
}

async function slurm(command: string, words: readonly string[], timeout = patience): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, words, { maxBuffer: 2 ** 28, timeout: 1000 * timeout });
    return stdout;
  } catch (error) {
    const { code, stderr = '' } = error as { code?: string; stderr?: string };
    if (code === 'ENOENT') {
      throw new OptionError(
        `The option on is slurm, but there is no command ${command} here; expected a host on which jobs are submitted to Slurm, or --print.`,
        { cause: error },
      );
    }
    throw new Error(`${command} failed: ${stderr.trim().replaceAll(/\s*\n\s*/g, '; ') || String(error)}`, {
      cause: error,
    });
  }
}
