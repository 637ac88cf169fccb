import { kubernetesJob, type KubernetesSettings } from './kubernetes-job.ts';
import { rayRequest } from './ray-job.ts';
import { RayCluster } from './ray.ts';
import { localCommand } from './run-locally.ts';
import type { RunSelection } from './select-runs.ts';
import { slurmArrays } from './slurm-script.ts';
import { defaultMaxArraySize, readMaxArraySize, slurmQueue } from './slurm.ts';
import { planSubmission, type SentSweep, type SubmitOptions } from './submit-sweep.ts';

/** What an engine would be sent. */
export interface ShownSubmission {
  selection: RunSelection;
  /** In the engine's own language: batch scripts, a manifest, requests or commands, each ready to be used by hand. */
  text: string;
}

/**
 * The batch scripts for the open runs of a sweep. Where Slurm answers, runs that it holds are left out; elsewhere its defaults are
 * taken.
 */
export async function showForSlurm(
  sweep: SentSweep,
  options: SubmitOptions,
  { warning }: { warning: number },
): Promise<ShownSubmission> {
  const { id, runs } = sweep.manifest;
  const queue = await slurmQueue(id, runs.length).catch(() => []);
  const maxArraySize = await readMaxArraySize().catch(() => defaultMaxArraySize);
  const { submission, selection } = await planSubmission(sweep, options, queue);
  const scripts = slurmArrays(submission, { maxArraySize, warning });
  return { selection, text: scripts.map(({ script }) => script).join('\n') };
}

/** The manifest of an Indexed Job for the open runs of a sweep, as JSON. @throws OptionError as {@link kubernetesJob} */
export async function showForKubernetes(
  sweep: SentSweep,
  options: SubmitOptions,
  settings: KubernetesSettings,
): Promise<ShownSubmission> {
  const { submission, selection } = await planSubmission(sweep, options, []);
  const isEmpty = submission.indices.length === 0;
  return { selection, text: isEmpty ? '' : `${JSON.stringify(kubernetesJob(submission, settings), null, 2)}\n` };
}

/** The requests to Ray's Jobs API for the open runs of a sweep, one JSON document per line. */
export async function showForRay(
  sweep: SentSweep,
  options: SubmitOptions,
  { address }: { address: string },
): Promise<ShownSubmission> {
  const queue = await new RayCluster(address).queue(sweep.manifest.id).catch(() => []);
  const { submission, selection } = await planSubmission(sweep, options, queue);
  const lines = submission.indices.map((index) => `${JSON.stringify(rayRequest(submission, index))}\n`);
  return { selection, text: lines.join('') };
}

/** The commands for the open runs of a sweep, one per line, as `xargs` and GNU Parallel take them. */
export async function showForLocal(sweep: SentSweep, options: SubmitOptions): Promise<ShownSubmission> {
  const { submission, selection } = await planSubmission(sweep, options, []);
  const lines = submission.indices.map((index) => `${localCommand(submission, index)}\n`);
  return { selection, text: lines.join('') };
}
