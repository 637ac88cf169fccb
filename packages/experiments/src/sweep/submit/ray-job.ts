import { randomBytes } from 'node:crypto';
import { OptionError } from '@interseg/errors';
import type { Submission } from './submission.ts';

/** What Ray's Jobs API is sent to start a run (`POST /api/jobs/`). */
export interface RayRequest {
  submission_id: string;
  /** For a shell on a node of the cluster. */
  entrypoint: string;
  entrypoint_num_cpus: number;
  entrypoint_num_gpus?: number;
  entrypoint_memory?: number;
  entrypoint_resources?: Record<string, number>;
  /** Tells which run it is, also to a later call. */
  metadata: { interseg_sweep: string; interseg_index: string };
}

const ofRay: Record<string, 'entrypoint_num_cpus' | 'entrypoint_num_gpus' | 'entrypoint_memory'> = {
  cpus: 'entrypoint_num_cpus',
  gpus: 'entrypoint_num_gpus',
  memory: 'entrypoint_memory',
};

/**
 * The job of one run. The flags are what Ray reserves for it: `cpus` (by default 1), `gpus`, `memory` in bytes, and resources of
 * the cluster's own.
 *
 * @throws OptionError where a flag is not a number
 */
export function rayRequest({ id, command, prologue, flags }: Submission, index: number): RayRequest {
  const request: RayRequest = {
    // A name is used once: also a job that was lost keeps its own.
    submission_id: `interseg-${id}-${index}-${randomBytes(3).toString('hex')}`,
    entrypoint: `${prologue ? `${prologue.trimEnd()}\n` : ''}exec ${command} ${index}`,
    entrypoint_num_cpus: 1,
    metadata: { interseg_sweep: id, interseg_index: String(index) },
  };
  for (const { name, value } of flags) {
    const amount = Number(value);
    if (value === '' || !(amount >= 0)) {
      throw new OptionError(
        `The option flag has ${name}=${value}, expected an amount for Ray, such as cpus=4, gpus=1 or memory=8e9.`,
      );
    }
    const field = ofRay[name];
    if (field) request[field] = amount;
    else request.entrypoint_resources = { ...request.entrypoint_resources, [name]: amount };
  }
  return request;
}
