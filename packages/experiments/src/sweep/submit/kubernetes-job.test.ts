import { Job, type IJob } from 'kubernetes-models/batch/v1';
import { expect, it } from 'vitest';
import { kubernetesJob } from './kubernetes-job.ts';
import type { Submission } from './submission.ts';

const submission: Submission = {
  id: '0123abcd',
  folder: '/sweeps/spleen',
  indices: [0, 1, 2, 7],
  command: "interseg sweep run '/sweeps/spleen' --index",
  prologue: 'ulimit -c 0\n',
  parallel: 2,
  flags: [
    { name: 'cpu', value: '4' },
    { name: 'memory', value: '8Gi' },
    { name: 'nvidia.com/gpu', value: '1' },
  ],
  attempts: 3,
};
const settings = { image: 'registry.example/interseg:1', mounts: [{ claim: 'interseg', path: '/sweeps' }] };

/** As the compiler sees it, a Job of Kubernetes. */
const job: IJob = kubernetesJob(submission, settings);

/** Checks a Job by the schema of Kubernetes. */
const check = (manifest: unknown): void => new Job(manifest as IJob).validate();

it('is what the schema of Kubernetes says', () => {
  expect(() => check(JSON.parse(JSON.stringify(job)))).not.toThrow();
  expect(() => check(kubernetesJob({ ...submission, flags: [], prologue: undefined }, settings))).not.toThrow();
});

it.each([
  ['a number as a text', { spec: { ...job.spec, completions: '4' } }, /completions/],
  ['a rule without an action', { spec: { ...job.spec, podFailurePolicy: { rules: [{}] } } }, /action/],
  ['no containers', { spec: { ...job.spec, template: { spec: { restartPolicy: 'Never' } } } }, /containers/],
])('is refused with %s', (_, changes, message) => {
  expect(() => check({ ...job, ...changes })).toThrow(message);
});

it('has no field that Kubernetes does not know, by its types', () => {
  // @ts-expect-error: `completionsMode` is none.
  const wrong: IJob = { apiVersion: 'batch/v1', kind: 'Job', spec: { ...job.spec!, completionsMode: 'Indexed' } };
  expect(wrong.spec).toHaveProperty('completionsMode');
});

it('has a pod for each run', () => {
  expect(job.metadata?.name).toMatch(/^interseg-0123abcd-[0-9a-f]{6}$/);
  expect(job.metadata?.annotations).toEqual({ 'interseg/indices': '0-2,7' });
  const { completions, completionMode, parallelism, backoffLimitPerIndex, template } = job.spec!;
  expect([completions, completionMode, parallelism, backoffLimitPerIndex]).toEqual([4, 'Indexed', 2, 2]);
  const [container] = template.spec!.containers;
  expect(container).toMatchObject({
    image: 'registry.example/interseg:1',
    env: [{ name: 'SWEEP_INDICES', value: '0 1 2 7' }],
    resources: {
      requests: { cpu: '4', memory: '8Gi', 'nvidia.com/gpu': '1' },
      limits: { memory: '8Gi', 'nvidia.com/gpu': '1' },
    },
    volumeMounts: [{ name: 'v0', mountPath: '/sweeps' }],
  });
  expect(template.spec!.volumes).toEqual([{ name: 'v0', persistentVolumeClaim: { claimName: 'interseg' } }]);
});

it('mounts a claim once at several places', () => {
  const mounts = ['/sweeps', '/data'].map((path) => ({ claim: 'interseg', path }));
  const { spec } = kubernetesJob(submission, { ...settings, mounts }).spec.template;
  expect(spec.volumes).toHaveLength(1);
  expect(spec.containers[0]!.volumeMounts.map(({ name, mountPath }) => [name, mountPath])).toEqual([
    ['v0', '/sweeps'],
    ['v0', '/data'],
  ]);
});

it('has another name when other runs are open', () => {
  const { name } = kubernetesJob({ ...submission, indices: [2, 7] }, settings).metadata;
  expect(name).not.toBe(job.metadata?.name);
});

it('does not try again what had bad input, and counts no pod against a run that was put off its node', () => {
  expect(job.spec!.podFailurePolicy!.rules.map(({ action, onExitCodes }) => [action, onExitCodes?.values])).toEqual([
    ['FailIndex', [2]],
    ['Ignore', [76, 143]],
    ['Ignore', undefined],
  ]);
});

it('says what it cannot do', () => {
  const elsewhere = { ...settings, mounts: [{ claim: 'interseg', path: '/sweep' }] };
  expect(() => kubernetesJob(submission, elsewhere)).toThrow(
    'The option mount has /sweep, expected a claim at a path that holds /sweeps/spleen',
  );
  const many = { ...submission, indices: Array.from({ length: 30_000 }, (_, index) => index) };
  expect(() => kubernetesJob(many, settings)).toThrow('has 30000 open runs, too many for one Job');
  const flags = [{ name: 'partition', value: 'gpu' }];
  expect(() => kubernetesJob({ ...submission, flags }, settings)).toThrow(
    'The option flag has partition, expected a resource with its quantity',
  );
});
