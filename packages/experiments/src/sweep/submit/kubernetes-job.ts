import { createHash } from 'node:crypto';
import { OptionError } from '@interseg/errors';
import type { IJob } from 'kubernetes-models/batch/v1';
import { formatRanges } from './index-ranges.ts';
import { quoteArgument } from './shell.ts';
import type { Submission } from './submission.ts';

/** A claim of a volume, and where its pods find it. */
export interface KubernetesMount {
  claim: string;
  /** The absolute path at which the sweep or its data are, as `config.json` has it. */
  path: string;
}

/** What a Job of Kubernetes needs besides what other schedulers do. */
export interface KubernetesSettings {
  image: string;
  mounts: readonly KubernetesMount[];
}

/** Seconds that a pod is given to save when it is to end. */
const gracePeriod = 120;

/** The longest list of indices that fits into one variable of the environment, in bytes. */
const longestList = 120_000;

/**
 * The manifest of an Indexed Job with the runs of a submission. The flags are its requests of resources: of `cpu` and `memory`
 * (which is its limit, too), and of devices such as `nvidia.com/gpu`.
 *
 * @throws OptionError where no mount has the folder of the sweep, or the runs are too many for one Job
 */
export function kubernetesJob(submission: Submission, { image, mounts }: KubernetesSettings) {
  const { id, folder, indices, parallel, attempts } = submission;
  if (!mounts.some(({ path }) => isWithin(folder, path))) {
    throw new OptionError(
      `The option mount has ${mounts.map(({ path }) => path).join(', ') || 'nothing'}, expected a claim at a path that holds ${folder}, as in --mount interseg:${folder}.`,
    );
  }
  const list = indices.join(' ');
  if (list.length > longestList) {
    throw new OptionError(
      `The sweep has ${indices.length} open runs, too many for one Job of Kubernetes; expected a list of at most ${longestList} characters.`,
    );
  }
  const volumes = [...new Set(mounts.map(({ claim }) => claim))];
  return {
    apiVersion: 'batch/v1' as const,
    kind: 'Job' as const,
    metadata: {
      // The same runs have the same name, so that Kubernetes refuses to queue them twice.
      name: `interseg-${id}-${createHash('sha256').update(list).digest('hex').slice(0, 6)}`,
      labels: { 'app.kubernetes.io/name': 'interseg', 'interseg/sweep': id },
      annotations: { 'interseg/indices': formatRanges(indices) },
    },
    spec: {
      completionMode: 'Indexed',
      completions: indices.length,
      parallelism: Math.min(parallel ?? indices.length, indices.length),
      backoffLimitPerIndex: attempts - 1,
      podFailurePolicy: {
        rules: [
          // Bad input: another pod would fail as this one did.
          { action: 'FailIndex', onExitCodes: { containerName: 'run', operator: 'In', values: [2] } },
          // Another process has taken the run over, or it was told to end and has saved.
          { action: 'Ignore', onExitCodes: { containerName: 'run', operator: 'In', values: [76, 143] } },
          // Evicted, preempted, or its node was lost.
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template: {
        metadata: { labels: { 'app.kubernetes.io/name': 'interseg', 'interseg/sweep': id } },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: gracePeriod,
          containers: [
            {
              name: 'run',
              image,
              env: [{ name: 'SWEEP_INDICES', value: list }],
              command: ['sh', '-c', podScript(submission)],
              resources: resourcesOf(submission),
              volumeMounts: mounts.map(({ claim, path }) => ({ name: `v${volumes.indexOf(claim)}`, mountPath: path })),
            },
          ],
          volumes: volumes.map((claimName, place) => ({ name: `v${place}`, persistentVolumeClaim: { claimName } })),
        },
      },
    },
    // Also refuses fields that Kubernetes does not know, as its API server does.
  } satisfies IJob;
}

/** What a pod does: `exec`, so that InterSeg is sent the signals of the pod. */
function podScript({ command, prologue }: Submission): string {
  const choose = 'set -- $SWEEP_INDICES; shift "$JOB_COMPLETION_INDEX"';
  return `${prologue ? `${prologue.trimEnd()}\n` : ''}${choose}; exec ${command} "$1"`;
}

function resourcesOf({ flags }: Submission) {
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const { name, value } of flags) {
    if (value === '' || (!/^(cpu|memory|ephemeral-storage)$/.test(name) && !name.includes('/'))) {
      throw new OptionError(
        `The option flag has ${quoteArgument(name)}, expected a resource with its quantity, such as cpu=4, memory=8Gi or nvidia.com/gpu=1.`,
      );
    }
    requests[name] = value;
    // A process may use idle processors; Kubernetes wants the two to be equal for devices.
    if (name !== 'cpu') limits[name] = value;
  }
  return { requests, limits };
}

function isWithin(folder: string, path: string): boolean {
  return folder === path || folder.startsWith(path.endsWith('/') ? path : `${path}/`);
}
