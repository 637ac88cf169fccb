import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { generatePhantoms } from '@interseg/data';
import { beforeAll, expect, it } from 'vitest';
import { bundleFolder } from './bundle.ts';
import { checkRunFolder, historyOf } from './run-folder.ts';
import { interseg, json, temporaryFolder, tiny, type Ended } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const epochs = 20;
const settings = (out: string): string[] => {
  return ['--data', data, '--out', out, '--variant', 'unet', ...tiny, '--epochs', String(epochs), '--patience', '0'];
};

beforeAll(() => generatePhantoms(data, { patients: 3, shape: [32, 32, 6], spacing: [4, 4, 8] }));

/** A command that goes on, and what it has told so far. */
interface Started {
  child: ChildProcess;
  /** Resolves once it has told this on stderr. */
  told(text: string): Promise<void>;
  ended: Promise<Ended>;
}

function start(commandLine: readonly string[]): Started {
  const child = spawn(process.execPath, [join(bundleFolder, 'command.js'), ...commandLine], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, stdout, stderr }));
  const told = async (text: string): Promise<void> => {
    while (!stderr.includes(text)) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode} before it told ${text}: ${stderr}`);
      await wait(5);
    }
  };
  return { child, told, ended };
}

/** Makes the lock of a run say that another host holds it, as another host would see it. */
async function moveLockElsewhere(run: string): Promise<void> {
  const path = join(run, 'run.lock');
  const holder = JSON.parse(await readFile(path, 'utf8')) as object;
  // In place, as the file is the same one that its holder goes on writing to.
  await writeFile(path, `${JSON.stringify({ ...holder, host: 'a-host-that-was-lost' })}\n`, { flag: 'r+' });
}

it('takes a run over from a host that was lost, once it has been silent, and says what it waits for', async () => {
  const run = join(folder, 'lost');
  const first = start(['train', '--no-planned', ...settings(run)]);
  await first.told('epoch 2/');
  first.child.kill('SIGKILL');
  await first.ended;
  await moveLockElsewhere(run);
  const began = performance.now();
  const { status, stderr } = await interseg(['resume', run, '--lock-silence', '2']);
  expect(status, stderr).toBe(0);
  expect(performance.now() - began).toBeGreaterThan(2000);
  expect(stderr).toMatch(/process \d+ on a-host-that-was-lost/);
  expect(await checkRunFolder(run)).toBe(epochs);
});

it('goes on at once after its own process was killed on this host', async () => {
  const run = join(folder, 'killed');
  const first = start(['train', '--no-planned', ...settings(run)]);
  await first.told('epoch 2/');
  first.child.kill('SIGKILL');
  await first.ended;
  expect(await json(['resume', run, '--lock-silence', '600'])).toMatchObject({ stopped: 'epochs', epochs });
});

it('counts SIGTERM once, however often it comes: the checkpoint is written and the lock released', async () => {
  const run = join(folder, 'terminated');
  const first = start(['train', '--no-planned', ...settings(run), '--epochs', '100000']);
  await first.told('epoch 2/');
  // As Slurm does, which signals each process of a job, with a wrapper that hands the signal on.
  const twice = setInterval(() => first.child.kill('SIGTERM'), 1);
  await first.told('terminated');
  clearInterval(twice);
  const { status, stderr } = await first.ended;
  expect(status, stderr).toBe(143);
  expect(stderr).toContain(`continue with: interseg resume ${run}`);
  await expect(stat(join(run, 'run.lock'))).rejects.toThrow('ENOENT');
  const { state } = JSON.parse(await readFile(join(run, 'checkpoint', 'last', 'checkpoint.json'), 'utf8')) as {
    state: { history: unknown[] };
  };
  expect(state.history.length).toBeGreaterThan(1);
});

it('ends with 76 and writes nothing more when another process has taken the run over', async () => {
  const straight = join(folder, 'straight');
  await json(['train', '--no-planned', ...settings(straight)]);
  const run = join(folder, 'frozen');
  const frozen = start(['train', '--no-planned', ...settings(run)]);
  await frozen.told('epoch 2/');
  frozen.child.kill('SIGSTOP');
  await moveLockElsewhere(run);
  expect(await json(['resume', run, '--lock-silence', '2'])).toMatchObject({ stopped: 'epochs', epochs });
  const metrics = await stat(join(run, 'metrics.json'));
  frozen.child.kill('SIGCONT');
  const { status, stderr } = await frozen.ended;
  expect(status, stderr).toBe(76);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^error: .*run\.lock: found .*, expected [^\n]*\.$/);
  expect((await stat(join(run, 'metrics.json'))).mtimeMs).toBe(metrics.mtimeMs);
  expect(await checkRunFolder(run)).toBe(epochs);
  expect(await historyOf(run)).toEqual(await historyOf(straight));
});
