import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@interseg/files';
import { lockRun } from '@interseg/training';
import type { PlannedSweep } from '../plan-sweep.ts';
import { formatRanges } from './index-ranges.ts';
import { rayRequest } from './ray-job.ts';
import { RayCluster } from './ray.ts';
import { runLocally } from './run-locally.ts';
import { selectRuns, type RunSelection } from './select-runs.ts';
import { slurmArrays, slurmJobName } from './slurm-script.ts';
import { readMaxArraySize, slurmQueue, submitArray } from './slurm.ts';
import { makeSubmissionFolders, recordSubmission, submissionFiles } from './submission-files.ts';
import type { QueuedRun, Submission } from './submission.ts';
import { superviseRuns, type RunEnd, type Supervision } from './supervise-runs.ts';

/** A sweep that is sent to an engine. */
export type SentSweep = Pick<PlannedSweep, 'folder' | 'configuration' | 'manifest'>;

/** How the runs of a sweep are started, on whichever engine. */
export interface SubmitOptions extends Omit<Submission, 'id' | 'folder' | 'indices'> {
  /** Aborting it ends the waiting. */
  signal?: AbortSignal;
  /** Told what is waited for. */
  onWait?: (message: string) => void;
}

/** Jobs of an engine, and the runs of the sweep that they are for. */
export interface SentJobs {
  jobs: { job: string; indices: readonly number[] }[];
  selection: RunSelection;
}

/** What a supervised sweep came to. */
export interface SupervisedRuns {
  selection: RunSelection;
  /** The last end of each run that was started. */
  ends: ReadonlyMap<number, RunEnd>;
}

/** The runs of a sweep that an engine with such a queue is to be sent, and how each is started. */
export async function planSubmission(
  sweep: SentSweep,
  options: SubmitOptions,
  queue: readonly QueuedRun[],
): Promise<{ submission: Submission; selection: RunSelection }> {
  const selection = await selectRuns(sweep, queue);
  const { signal: _signal, onWait: _onWait, ...rest } = options;
  const submission = { ...rest, id: sweep.manifest.id, folder: sweep.folder.root, indices: selection.indices };
  return { submission, selection };
}

/**
 * Sends the open runs of a sweep that Slurm does not hold already, as job arrays.
 *
 * @param warning seconds before the time limit at which a run is told to save
 * @returns `undefined` when waiting for another process that submits was interrupted
 */
export function submitToSlurm(
  sweep: SentSweep,
  options: SubmitOptions,
  { warning }: { warning: number },
): Promise<SentJobs | undefined> {
  const { root } = sweep.folder;
  return whileSubmitting(sweep, options, async () => {
    const { id, runs } = sweep.manifest;
    const { submission, selection } = await planSubmission(sweep, options, await slurmQueue(id, runs.length));
    const jobs: SentJobs['jobs'] = [];
    const maxArraySize = await readMaxArraySize();
    for (const { offset, indices, script } of slurmArrays(submission, { maxArraySize, warning })) {
      const path = join(submissionFiles(root).submissions, `${slurmJobName(id, offset)}.sbatch`);
      await writeAtomically(path, (temporary) => writeFile(temporary, script));
      // A throttle holds for one array: several follow each other.
      const after = submission.parallel === undefined ? undefined : jobs.at(-1)?.job;
      const job = await submitArray(path, after);
      await recordSubmission(root, { on: 'slurm', job, indices: formatRanges(indices) });
      jobs.push({ job, indices });
    }
    return { jobs, selection };
  });
}

/**
 * Sends the open runs of a sweep that a Ray cluster does not hold already, each as a job.
 *
 * @param address of the head node's dashboard
 * @returns `undefined` when waiting for another process that submits was interrupted
 */
export function submitToRay(
  sweep: SentSweep,
  options: SubmitOptions,
  { address }: { address: string },
): Promise<SentJobs | undefined> {
  const cluster = new RayCluster(address);
  return whileSubmitting(sweep, options, async () => {
    const { submission, selection } = await planSubmission(sweep, options, await cluster.queue(sweep.manifest.id));
    const jobs: SentJobs['jobs'] = [];
    for (const index of submission.indices) jobs.push(await sendToRay(cluster, submission, index));
    return { jobs, selection };
  });
}

/**
 * As {@link submitToRay}, and stays until all runs have ended: Ray does not start a job again whose node was lost, so this
 * sends it again.
 *
 * @param interval seconds between two looks at the jobs
 */
export async function superviseOnRay(
  sweep: SentSweep,
  options: SubmitOptions,
  { address, interval = 5, onEnd }: { address: string; interval?: number; onEnd?: Supervision['onEnd'] },
): Promise<SupervisedRuns> {
  const cluster = new RayCluster(address);
  const queue = await cluster.queue(sweep.manifest.id);
  const { submission, selection } = await planSubmission(sweep, options, queue);
  await makeSubmissionFolders(sweep.folder.root);
  const { attempts, signal } = options;
  // Ray queues what does not fit.
  const parallel = options.parallel ?? Math.max(1, submission.indices.length + queue.length);
  const held = new Map(queue.map(({ index, job }) => [index, job]));
  const all = [...held.keys(), ...submission.indices];
  const ends = await superviseRuns(all, { parallel, attempts, signal, onEnd }, async (index) => {
    const job = held.get(index) ?? (await sendToRay(cluster, submission, index)).job;
    held.delete(index);
    return cluster.ended(job, { interval, signal });
  });
  return { selection, ends };
}

/** Does the open runs of a sweep on this host, so many at a time (by default one), each in a process of its own. */
export async function submitLocally(
  sweep: SentSweep,
  options: SubmitOptions,
  { onEnd }: { onEnd?: Supervision['onEnd'] } = {},
): Promise<SupervisedRuns> {
  const { submission, selection } = await planSubmission(sweep, options, []);
  await makeSubmissionFolders(sweep.folder.root);
  const { attempts, signal, parallel = 1 } = options;
  const ends = await superviseRuns(submission.indices, { parallel, attempts, signal, onEnd }, (index) =>
    runLocally(submission, index, signal),
  );
  return { selection, ends };
}

async function sendToRay(cluster: RayCluster, submission: Submission, index: number) {
  const request = rayRequest(submission, index);
  await cluster.submit(request);
  const job = request.submission_id;
  const { address } = cluster;
  await recordSubmission(submission.folder, { on: 'ray', address, job, indices: String(index) });
  return { job, indices: [index] };
}

/** Chooses and sends under a lock: of two calls at the same time, the second finds what the first has queued. */
async function whileSubmitting<T>(
  { folder: { root }, configuration }: SentSweep,
  { signal, onWait }: SubmitOptions,
  work: () => Promise<T>,
): Promise<T | undefined> {
  await makeSubmissionFolders(root);
  const silence = configuration.lockSilence;
  const lock = await lockRun(submissionFiles(root).lock, { silence, wait: 'release', signal, onWait });
  if (!lock) return undefined;
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
