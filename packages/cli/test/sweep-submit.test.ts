import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import type { SweepManifest } from '@interseg/experiments';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { interseg, intersegHere, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();
const out = join(folder, 'my sweep');
const submit = (...words: string[]) => intersegHere('sweep', 'submit', out, ...words);
let manifest: SweepManifest;

beforeAll(async () => {
  const data = join(folder, 'phantoms');
  await generatePhantoms(data, { patients: 5, shape: [16, 16, 4], spacing: [8, 8, 12], seed: 2 });
  const tiny = ['--filters', '2,4', '--size', '16', '--engine', 'wasm', '--threads', '1', '--workers', '0'];
  const runs = ['--variants', 'unet', '--seeds', '1,2,3', '--epochs', '1', '--fractions', '0.4,0.2,0.4'];
  const { status, stderr } = await intersegHere('sweep', 'plan', '--data', data, '--out', out, ...tiny, ...runs);
  expect(status, stderr).toBe(0);
  manifest = JSON.parse(await readFile(join(out, 'runs.json'), 'utf8')) as SweepManifest;
});

afterEach(() => vi.unstubAllEnvs());

/** Puts commands before those of the system, or in their place, each a program for a shell. */
async function withCommands(commands: Record<string, string>, system = ':/bin:/usr/bin'): Promise<void> {
  const bin = await temporaryFolder();
  for (const [name, text] of Object.entries(commands)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  }
  vi.stubEnv('PATH', `${bin}${system}`);
}

describe.skipIf(process.platform === 'win32')('sweep submit --on slurm', () => {
  it('prints the batch script, with the options of Slurm, a prologue and the command that it is given', async () => {
    await withCommands({ squeue: 'exit 1', scontrol: 'exit 1' });
    const prologue = join(folder, 'modules.sh');
    await writeFile(prologue, 'module load nodejs\n');
    const flags = ['--flag', 'partition=gpu', '--flag', '--gres=gpu:1', '--parallel', '2', '--prologue', prologue];
    const start = ['--command', 'apptainer exec x.sif interseg', '--run-flags', '--cache "$TMPDIR/slices"'];
    const { status, stdout, stderr } = await submit('--on', 'slurm', '--print', ...flags, ...start);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`#SBATCH --job-name=interseg-${manifest.id}\n#SBATCH --array=0-2%2\n`);
    expect(stdout).toContain('#SBATCH --partition=gpu\n#SBATCH --gres=gpu:1\n');
    expect(stdout).toContain('\nmodule load nodejs\n');
    const command = `apptainer exec x.sif interseg sweep run '${out}' --cache "$TMPDIR/slices" --index "$index" &`;
    expect(stdout).toContain(`\n${command}\n`);
  });

  it('sends what is not queued already, and notes it', async () => {
    const scripts = await temporaryFolder();
    await withCommands({
      squeue: `echo 'interseg-${manifest.id}|41|1|PENDING||Priority'; echo 'interseg-other|42|0|RUNNING|n1|None'`,
      scontrol: "echo 'MaxArraySize            = 1001'",
      sbatch: `for script; do :; done; cp "$script" ${scripts}/; echo '43;cluster'`,
    });
    const { status, stdout, stderr } = await submit('--on', 'slurm', '--json');
    expect(status, stderr).toBe(0);
    const found = JSON.parse(stdout) as unknown;
    expect(found).toMatchObject({ indices: [0, 2], queued: 1, jobs: [{ job: '43', indices: [0, 2] }] });
    const script = await readFile(join(scripts, `interseg-${manifest.id}.sbatch`), 'utf8');
    expect(script).toContain('#SBATCH --array=0,2\n');
    const [line] = (await readFile(join(out, 'submissions.jsonl'), 'utf8')).trim().split('\n').slice(-1);
    expect(JSON.parse(line!)).toMatchObject({ on: 'slurm', job: '43', indices: '0,2' });
  });

  it('is shown by sweep status, which works without it, too', async () => {
    const line = `interseg-${manifest.id}|41|1|PENDING||Priority`;
    await withCommands({ squeue: `echo '${line}'` });
    const status = async () => intersegHere('sweep', 'status', out, '--json');
    expect(JSON.parse((await status()).stdout)).toMatchObject({
      runs: [{ queue: null }, { state: 'waiting', queue: '41_1 PENDING (Priority)' }, { queue: null }],
    });
    await withCommands({ squeue: 'echo "Unable to contact slurm controller" >&2; exit 1' });
    const without = await status();
    expect(without.status).toBe(0);
    expect(without.stderr).toContain('without the queue: squeue failed: Unable to contact slurm controller');
    expect(JSON.parse(without.stdout)).toMatchObject({ runs: [{ queue: null }, { queue: null }, { queue: null }] });
  });

  it('sends nothing when it cannot know what is queued', async () => {
    await withCommands({ squeue: 'echo "Unable to contact slurm controller" >&2; exit 1', sbatch: 'echo 44' });
    const { status, stdout, stderr } = await submit('--on', 'slurm');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('squeue failed: Unable to contact slurm controller');
    await withCommands({}, '');
    const without = await submit('--on', 'slurm');
    expect(without.status).toBe(2);
    expect(without.stderr).toContain('there is no command squeue here');
  });
});

it('prints an Indexed Job for Kubernetes', async () => {
  const mount = ['--mount', `interseg:${folder}`];
  const { status, stdout, stderr } = await submit('--on', 'kubernetes', '--image', 'interseg:1', ...mount);
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'Job',
    spec: {
      completions: 3,
      template: { spec: { containers: [{ image: 'interseg:1', volumeMounts: [{ mountPath: folder }] }] } },
    },
  });
  expect(stdout).toContain(`exec interseg sweep run '${out}' --index`);
});

it('sends jobs to Ray, and leaves out those that it holds', async () => {
  const sent: { metadata: Record<string, string> }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      if (request.method === 'POST') sent.push(JSON.parse(body) as (typeof sent)[number]);
      const metadata = { interseg_sweep: manifest.id, interseg_index: '2' };
      response.end(JSON.stringify([{ submission_id: 'held', status: 'RUNNING', metadata }]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { status, stdout, stderr } = await submit('--on', 'ray', '--address', address, '--flag', 'gpus=1');
  server.close();
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('sent 2 runs (left out: 1 queued)');
  expect(sent.map(({ metadata }) => metadata['interseg_index'])).toEqual(['0', '1']);
  expect(sent[0]).toMatchObject({ entrypoint_num_gpus: 1 });
});

it.each([
  [['--on', 'pbs'], "argument 'pbs' is invalid"],
  [['--on', 'local', '--image', 'x'], '--image: found with --on local, expected it with --on kubernetes only.'],
  [['--on', 'kubernetes'], '--image: found none, expected the image of a container'],
  [['--on', 'kubernetes', '--image', 'x'], 'The option mount has nothing, expected a claim'],
  [['--on', 'kubernetes', '--image', 'x', '--mount', 'interseg'], 'Expected CLAIM:PATH'],
  [['--on', 'ray', '--parallel', '2'], '--parallel: found without --wait, expected both for --on ray'],
  [['--on', 'slurm', '--flag', 'a b'], 'Expected NAME=VALUE, such as partition=gpu'],
  [['--on', 'local', '--prologue', '/no/such/file'], '/no/such/file'],
])('refuses %j', async (words, message) => {
  const { status, stdout, stderr } = await submit(...words);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

it.skipIf(process.platform === 'win32')('prints commands for this host, and does the runs itself', async () => {
  await mkdir(out, { recursive: true });
  const printed = await submit('--on', 'local', '--print', '--command', 'interseg');
  const lines = [0, 1, 2].map((index) => `exec interseg sweep run '${out}' --index ${index}\n`);
  expect(printed.stdout).toBe(lines.join(''));
  const words = ['sweep', 'submit', out, '--on', 'local'];
  const stopped = await interseg(words, { signalAt: { signal: 'SIGTERM', after: 'run 0 (unet-seed1) is finished' } });
  expect(stopped.status, stopped.stderr).toBe(143);
  expect(stopped.stderr).toContain('interrupted: each run ends after its current step');
  expect(stopped.stdout).toBe('1 of 2 runs are finished\n');
  const { status, stdout, stderr } = await interseg([...words, '--parallel', '2']);
  expect(status, stderr).toBe(0);
  expect(stdout).toBe('2 of 2 runs are finished (left out: 1 finished)\n');
  expect(stderr).toContain('run 1 (unet-seed2) is finished');
  expect(await readFile(join(out, 'logs', 'local-2.log'), 'utf8')).toContain('writing the report');
  const again = await submit('--on', 'local', '--json');
  expect(JSON.parse(again.stdout)).toEqual({
    indices: [],
    finished: 3,
    queued: 0,
    running: 0,
    refused: 0,
    ends: {},
  });
});
