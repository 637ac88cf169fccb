import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { submissionFiles } from './submission-files.ts';
import type { Submission } from './submission.ts';
import type { RunEnd } from './supervise-runs.ts';

/** What a shell is given to start a run. */
export function localCommand({ command, prologue }: Submission, index: number): string {
  return `${prologue ? `${prologue.trimEnd()}\n` : ''}exec ${command} ${index}`;
}

/**
 * Starts a run on this host and waits for its end; what it prints goes to `logs/local-INDEX.log` of the sweep.
 *
 * @param signal tells the run to save and to end
 */
export async function runLocally(submission: Submission, index: number, signal?: AbortSignal): Promise<RunEnd> {
  const log = await open(join(submissionFiles(submission.folder).logs, `local-${index}.log`), 'a');
  try {
    const child = spawn('/bin/sh', ['-c', localCommand(submission, index)], { stdio: ['ignore', log.fd, log.fd] });
    const stop = (): boolean => child.kill('SIGTERM');
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    const [status, killer] = (await once(child, 'close')) as [number | null, string | null];
    signal?.removeEventListener('abort', stop);
    if (status !== null) return { how: 'exit', status };
    return signal?.aborted ? { how: 'stopped' } : { how: 'lost', reason: `killed by ${killer}` };
  } finally {
    await log.close();
  }
}
