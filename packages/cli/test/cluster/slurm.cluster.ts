import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, parentOf, until } from './processes.ts';
import { nodes, SlurmCluster, whyNoSlurm, type NodeName } from './slurm-cluster.ts';
import { folder, interseg, makeData, Sweep } from './sweep.ts';

const reason = whyNoSlurm();
const cluster = new SlurmCluster(join(folder, 'slurm'));

beforeAll(async () => {
  if (!reason) await makeData();
});

afterAll(async () => {
  if (!reason) await cluster.stop();
  if (!process.env['INTERSEG_KEEP']) rmSync(folder, { recursive: true, force: true });
});

/** What a scenario breaks does not reach the next one. */
let isWhole = false;
beforeEach(async () => {
  if (reason) return;
  if (isWhole && nodes.every((node) => cluster.stateOf(node) === 'idle')) return;
  await cluster.stop();
  await cluster.start();
  isWhole = true;
});

const four = ['--variants', 'unet,twi-unet', '--seeds', '1,2'];
const [first] = ['unet-seed1'] as const;

/** Waits for the end of a job. */
const ended = (job: string, seconds = 240): Promise<void> =>
  until(`the end of job ${job}`, () => cluster.hasEnded(job), seconds);

/** Submits a sweep whose first run starts on n1, and waits for some of its epochs. */
async function beginOnFirstNode(sweep: Sweep, pace: number, flags: readonly string[] = []): Promise<string> {
  cluster.drain('n2');
  const job = sweep.submitOne(flags, pace);
  await sweep.begun(first);
  cluster.resume('n2');
  return job;
}

const down = (node: NodeName): Promise<void> =>
  until(`${node} is down`, () => cluster.stateOf(node).startsWith('down'), 120);

describe.skipIf(reason !== undefined)(`a sweep on Slurm${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('is worked on by two nodes', async () => {
    const sweep = new Sweep('two nodes', four);
    await ended(sweep.submitOne());
    await sweep.expectUndisturbed();
    const starts = sweep.names.map((_, index) => sweep.startsOf(index));
    expect(starts.every((list) => list.length === 1)).toBe(true);
    expect(new Set(starts.flat())).toEqual(new Set(nodes));
  });

  it('goes on from its checkpoint when a task is killed', async () => {
    const sweep = new Sweep('killed task');
    const job = sweep.submitOne([], 250);
    await sweep.begun(first);
    for (const pid of sweep.processesOf(0)) process.kill(pid, 'SIGKILL');
    await ended(job);
    await sweep.expectUndisturbed();
    expect(sweep.startsOf(0)).toHaveLength(2);
    expect(sweep.logOf(0)).toContain('ended with status 137');
  });

  it('is finished by the same command when a batch script is killed', async () => {
    const sweep = new Sweep('killed script');
    const job = sweep.submitOne([], 250);
    await sweep.begun(first);
    const [run] = sweep.processesOf(0) as [number];
    for (const pid of [parentOf(run), run]) process.kill(pid, 'SIGKILL');
    await ended(job);
    expect(cluster.statesOf(job)).toEqual(['FAILED']);
    expect(interseg(['sweep', 'collect', sweep.folder]).status).toBe(1);
    // Until its lock is silent, the run may be worked on outside the queue.
    let jobs: string[] = [];
    await until('the run is sent', () => (jobs = sweep.submit()).length > 0);
    await ended(jobs[0]!);
    await sweep.expectUndisturbed();
  });

  it('queues the last task of an array again, and no other', async () => {
    const sweep = new Sweep('last task', ['--variants', 'unet', '--seeds', '1,2,3']);
    const job = sweep.submitOne([], 250);
    await sweep.begun('unet-seed3');
    for (const pid of sweep.processesOf(2)) process.kill(pid, 'SIGKILL');
    await ended(job);
    await sweep.expectUndisturbed();
    expect([0, 1, 2].map((index) => sweep.startsOf(index).length)).toEqual([1, 1, 2]);
  });

  it('stays cancelled after scancel, with a checkpoint', async () => {
    const sweep = new Sweep('scancel');
    const job = sweep.submitOne([], 500);
    await sweep.begun(first, 2);
    cluster.slurm('scancel', job);
    await ended(job);
    await wait(7000);
    expect(cluster.hasEnded(job)).toBe(true);
    expect(cluster.statesOf(job)).toEqual(['CANCELLED']);
    expect(sweep.processesOf(0)).toEqual([]);
    expect(sweep.logOf(0)).toContain('ended with status 143');
    const saved = sweep.epochsOf(first);
    expect(saved).toBeGreaterThanOrEqual(2);
    await ended(sweep.submitOne());
    await sweep.expectUndisturbed();
  });

  it('goes on past the time limit of its jobs', async () => {
    const sweep = new Sweep('time limit');
    // 12 epochs of 2 steps: longer than a minute.
    const job = sweep.submitOne(['--flag', 'time=1', '--warning', '25'], 2700);
    await ended(job, 500);
    await sweep.expectUndisturbed();
    expect(sweep.startsOf(0).length).toBeGreaterThan(1);
    expect(sweep.logOf(0)).toContain('ended with status 143');
  });

  it('keeps off a node that is drained', async () => {
    const sweep = new Sweep('drain', ['--variants', 'unet', '--seeds', '1,2,3']);
    cluster.drain('n1');
    await ended(sweep.submitOne());
    cluster.resume('n1');
    await sweep.expectUndisturbed();
    expect([0, 1, 2].flatMap((index) => sweep.startsOf(index))).toEqual(['n2', 'n2', 'n2']);
  });

  it('goes on elsewhere when a host is killed', async () => {
    const sweep = new Sweep('killed host');
    const job = await beginOnFirstNode(sweep, 500);
    cluster.kill('n1');
    isWhole = false;
    await down('n1');
    await ended(job);
    await sweep.expectUndisturbed();
    expect(sweep.startsOf(0)).toEqual(['n1', 'n2']);
  });

  it('waits for a task that has outlived the daemon of its node', async () => {
    const sweep = new Sweep('killed daemon');
    const job = await beginOnFirstNode(sweep, 2500);
    cluster.killDaemon('n1');
    isWhole = false;
    await down('n1');
    await until('two processes', () => sweep.processesOf(0).length === 2, 120);
    await ended(job);
    await sweep.expectUndisturbed();
    expect(sweep.startsOf(0)).toEqual(['n1', 'n2']);
  });

  it('is not written to any more by a host that was frozen and comes back', async () => {
    const sweep = new Sweep('frozen host');
    const job = await beginOnFirstNode(sweep, 1000);
    const [old] = sweep.processesOf(0) as [number];
    const thaw = cluster.freeze('n1');
    isWhole = false;
    await down('n1');
    const before = sweep.epochsOf(first);
    await until('the other goes on', () => sweep.epochsOf(first) > before, 120);
    thaw();
    await until('the old one gives up', () => !isAlive(old), 60);
    await ended(job);
    await sweep.expectUndisturbed();
    expect(sweep.startsOf(0)).toEqual(['n1', 'n2']);
  });

  it('goes on after a job of higher rank has taken its place', async () => {
    const sweep = new Sweep('preemption');
    const job = await beginOnFirstNode(sweep, 400, ['--flag', 'cpus-per-task=2', '--flag', 'nodelist=n1']);
    const urgent = ['--parsable', '-p', 'urgent', '-c', '2', '-w', 'n1', '-o', '/dev/null', '--wrap', 'sleep 2'];
    const other = cluster.slurm('sbatch', ...urgent);
    await ended(other);
    await ended(job);
    await sweep.expectUndisturbed();
    expect(sweep.startsOf(0)).toHaveLength(2);
  });

  it('gives a run up that always fails, and finishes the others', async () => {
    const sweep = new Sweep('failing', ['--variants', 'unet,unet+loss=failing', '--seeds', '1']);
    const job = sweep.submitOne(['--attempts', '2']);
    await ended(job);
    expect(sweep.startsOf(1)).toHaveLength(2);
    expect(sweep.finishesOf(0)).toBe(1);
    const { status, stderr } = interseg(['sweep', 'collect', sweep.folder]);
    expect(status, stderr).toBe(1);
    const comparison = readFileSync(join(sweep.folder, 'comparison.json'), 'utf8');
    expect(JSON.parse(comparison)).toMatchObject({ failed: [{ variant: 'unet+loss=failing', seed: 1 }] });
    expect(interseg(['sweep', 'collect', sweep.folder, '--partial']).status).toBe(0);
  });

  it('goes on while the controller is away', async () => {
    const sweep = new Sweep('restarted controller', four);
    const job = sweep.submitOne([], 250);
    await sweep.begun(first, 1);
    const { controller } = cluster;
    process.kill(controller, 'SIGTERM');
    await until('the end of the controller', () => !isAlive(controller));
    const { status, stdout, stderr } = interseg(['sweep', 'status', sweep.folder, '--json']);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(first);
    await cluster.startController();
    await ended(job);
    await sweep.expectUndisturbed();
  });

  it('is finished by the same command when the queue was forgotten', async () => {
    const sweep = new Sweep('killed controller', four);
    sweep.submitOne([], 250);
    await sweep.begun(first, 1);
    process.kill(cluster.controller, 'SIGKILL');
    // Its operator begins anew.
    await cluster.stop();
    await cluster.start();
    // Locks of lost hosts are silent after a while.
    for (let open = 1; open > 0;) {
      const jobs = sweep.submit();
      for (const job of jobs) await ended(job);
      const { status } = interseg(['sweep', 'collect', sweep.folder]);
      open = status === 0 ? 0 : 1;
      if (jobs.length === 0) await wait(1000);
    }
    await sweep.expectUndisturbed();
  });

  it('does each run once, also when it is submitted twice', async () => {
    const sweep = new Sweep('twice', ['--variants', 'unet', '--seeds', '1,2']);
    const job = sweep.submitOne([], 100);
    expect(sweep.submit()).toEqual([]);
    const { id } = JSON.parse(readFileSync(join(sweep.folder, 'runs.json'), 'utf8')) as { id: string };
    const other = cluster.slurm('sbatch', '--parsable', join(sweep.folder, 'submissions', `interseg-${id}.sbatch`));
    await ended(job);
    await ended(other);
    await sweep.expectUndisturbed();
  });

  it('is several arrays where one cannot number all its runs', async () => {
    const sweep = new Sweep('many runs', ['--variants', 'unet', '--seeds', '1,2,3,4,5', '--epochs', '1']);
    const jobs = sweep.submit(['--parallel', '2']);
    expect(jobs).toHaveLength(2);
    for (const job of jobs) await ended(job);
    await sweep.expectUndisturbed();
  });
});
