import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../../tools/build/temporary-folder.ts';
import { slurmArrays } from './slurm-script.ts';
import type { Submission } from './submission.ts';

const submission: Submission = {
  id: '0123abcd',
  folder: '/shared/my sweep',
  indices: [0, 1, 2, 5],
  command: 'interseg sweep run --index',
  flags: [],
  attempts: 3,
};
const settings = { maxArraySize: 1001, warning: 60 };

const headerOf = (script: string): string[] => script.split('\n').filter((line) => line.startsWith('#SBATCH'));

it('writes one array with the options that it needs, and those that it is given', () => {
  const flags = [
    { name: 'partition', value: 'gpu' },
    { name: 'comment', value: "it's mine" },
    { name: 'exclusive', value: '' },
  ];
  const arrays = slurmArrays({ ...submission, parallel: 2, flags }, settings);
  expect(arrays).toHaveLength(1);
  expect(arrays[0]).toMatchObject({ offset: 0, indices: [0, 1, 2, 5] });
  expect(headerOf(arrays[0]!.script)).toEqual([
    '#SBATCH --job-name=interseg-0123abcd',
    '#SBATCH --array=0-2,5%2',
    '#SBATCH --requeue',
    '#SBATCH --open-mode=append',
    "#SBATCH --output='/shared/my sweep/logs/slurm-'%A_%a.log",
    '#SBATCH --signal=B:USR1@60',
    '#SBATCH --partition=gpu',
    "#SBATCH --comment='it'\\''s mine'",
    '#SBATCH --exclusive',
  ]);
});

it('splits what one array cannot number', () => {
  const arrays = slurmArrays({ ...submission, indices: [8, 9, 10, 11, 35] }, { ...settings, maxArraySize: 10 });
  expect(arrays.map(({ offset, indices }) => [offset, indices])).toEqual([
    [0, [8, 9]],
    [10, [10, 11]],
    [30, [35]],
  ]);
  const [, second, third] = arrays.map(({ script }) => script);
  expect(second).toContain('#SBATCH --job-name=interseg-0123abcd-10\n#SBATCH --array=0-1\n');
  expect(second).toContain('index=$((SLURM_ARRAY_TASK_ID + 10))');
  expect(third).toContain('#SBATCH --array=5\n');
});

/** What a script did. */
interface Ended {
  status: number | null;
  output: string;
  /** The tasks that it queued again. */
  queued: string[];
}

/**
 * Runs a batch script with a `scontrol` that notes what it is asked for.
 *
 * @param run a program for a shell, in the place of InterSeg; the index is its `$1`
 */
async function runScript(
  run: string,
  {
    folder,
    signal,
    restarts = 0,
    prologue,
  }: { folder?: string; signal?: NodeJS.Signals; restarts?: number; prologue?: string } = {},
): Promise<Ended> {
  const root = folder ?? (await temporaryFolder());
  const bin = join(root, 'bin');
  for (const name of [bin, join(root, 'submissions')]) await mkdir(name, { recursive: true });
  const notes = join(root, 'queued.txt');
  await writeFile(notes, '');
  const tool = `#!/bin/bash
if [ "$1" = show ]; then echo "   Requeue=1 Restarts=${restarts} BatchFlag=1"; else echo "$2" >> '${notes}'; fi
`;
  const program = join(bin, 'run.sh');
  for (const [path, text] of [
    [join(bin, 'scontrol'), tool],
    // The script waits for Slurm to end it.
    [join(bin, 'sleep'), '#!/bin/bash\n'],
    [program, `#!/bin/bash\n${run}\n`],
  ] as const) {
    await writeFile(path, text);
    await chmod(path, 0o755);
  }
  const [array] = slurmArrays({ ...submission, folder: root, prologue, command: program }, settings);
  const path = join(root, 'submit.sbatch');
  await writeFile(path, array!.script);
  const task = { SLURM_ARRAY_JOB_ID: '70', SLURM_ARRAY_TASK_ID: '5', SLURM_JOB_ID: '70' };
  const child = spawn('bash', [path], {
    env: { ...process.env, ...task, PATH: `${bin}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  if (signal) {
    while (!output.includes('ready')) await wait(10);
    child.kill(signal);
  }
  const [status] = await closed;
  return { status, output, queued: (await readFile(notes, 'utf8')).split('\n').filter(Boolean) };
}

/** What saves when it is told to end, and says so. */
const saving = 'trap "echo saved; exit 143" TERM\necho ready\nwhile :; do /bin/sleep 0.02; done';

describe.skipIf(process.platform === 'win32')('the batch script', () => {
  it('does the run of its task, after the prologue', async () => {
    const { status, output, queued } = await runScript('echo "run $1 with $VALUE"', { prologue: 'export VALUE=a b\n' });
    expect(output).toContain('run 5 with a');
    expect([status, queued]).toEqual([0, []]);
  });

  it.each([0, 2, 76])('ends with status %i as the run does, and queues nothing', async (expected) => {
    const { status, queued } = await runScript(`exit ${expected}`);
    expect([status, queued]).toEqual([expected, []]);
  });

  it('queues its own task again after a failure, up to three tries in all', async () => {
    const folder = await temporaryFolder();
    for (const expected of [['70_5'], ['70_5'], []]) {
      const { status, queued } = await runScript('kill -KILL $$', { folder });
      expect([status, queued]).toEqual([137, expected]);
    }
  });

  it('queues nothing where Slurm has started the task again already', async () => {
    expect((await runScript('exit 1', { restarts: 1 })).queued).toEqual([]);
  });

  it('saves on TERM, and leaves the rest to Slurm', async () => {
    const { status, output, queued } = await runScript(saving, { signal: 'SIGTERM' });
    expect(output).toContain('saved');
    expect([status, queued]).toEqual([143, []]);
  });

  it('saves on USR1 and queues itself again, which counts as a try when it comes at once', async () => {
    const folder = await temporaryFolder();
    const { status, output, queued } = await runScript(saving, { signal: 'SIGUSR1', folder });
    expect(output).toContain('saved');
    expect([status, queued]).toEqual([143, ['70_5']]);
    expect(await readFile(join(folder, 'submissions', 'slurm-70_5.tries'), 'utf8')).toBe('143\n');
    const later = await runScript(saving, { signal: 'SIGUSR1', prologue: 'SECONDS=11' });
    expect(later.queued).toEqual(['70_5']);
  });

  it('has the status of a run that finishes all the same', async () => {
    const { status, queued } = await runScript('trap : TERM USR1\necho ready\n/bin/sleep 0.3\nexit 0', {
      signal: 'SIGUSR1',
    });
    expect([status, queued]).toEqual([0, []]);
  });

  it('starts nothing when it is told to end while the prologue works', async () => {
    const prologue = 'echo ready; /bin/sleep 0.3';
    const { status, output, queued } = await runScript('echo begun', { signal: 'SIGTERM', prologue });
    expect(output).not.toContain('begun');
    expect([status, queued]).toEqual([143, []]);
  });
});
