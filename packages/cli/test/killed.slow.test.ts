import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRandom, generatePhantoms } from '@interseg/data';
import { beforeAll, expect, it } from 'vitest';
import { bundleFolder } from './bundle.ts';
import { checkRunFolder, historyOf } from './run-folder.ts';
import { json, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const epochs = 150;
const network = ['--variant', 'unet', '--filters', '2,4', '--size', '16', '--engine', 'wasm', '--threads', '1'];
const settings = ['--data', data, ...network, '--epochs', String(epochs), '--patience', '0', '--learning-rate', '0.01'];

beforeAll(() => generatePhantoms(data, { patients: 3, shape: [16, 16, 4], spacing: [8, 8, 12], classes: ['lesion'] }));

/** Runs the command and kills it without notice, so many milliseconds after so many lines of its progress. */
async function kill(commandLine: readonly string[], lines: number, milliseconds: number): Promise<boolean> {
  const child = spawn(process.execPath, [join(bundleFolder, 'command.js'), ...commandLine], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  let seen = 0;
  const enough = new Promise<void>((resolve) => {
    if (lines === 0) resolve();
    child.stderr.on('data', (chunk: Buffer) => {
      seen += chunk.toString().split('\n').length - 1;
      if (seen >= lines) resolve();
    });
  });
  await Promise.race([enough, ended]);
  await wait(milliseconds);
  child.kill('SIGKILL');
  return (await ended)[1] === 'SIGKILL';
}

/** Starts a run and kills it, resumes it and kills it, and so on; after each kill the folder must be whole. */
async function killAgainAndAgain(run: string, kills: number, seed: string): Promise<number[]> {
  const random = createRandom(seed);
  const done: number[] = [];
  while (done.length < kills) {
    const isBegun = await readFile(join(run, 'config.json')).then(
      () => true,
      () => false,
    );
    const commandLine = isBegun ? ['resume', run] : ['train', '--no-planned', '--out', run, ...settings];
    // Three lines come before the first epoch; some kills are to come before any, while the process starts.
    const lines = random.integer(8) === 0 ? 0 : random.integer(14);
    const wasKilled = await kill(commandLine, lines, random.next() * (lines === 0 ? 400 : 20));
    const counted = await checkRunFolder(run);
    expect(counted).toBeGreaterThanOrEqual(done.at(-1) ?? 0);
    if (wasKilled) done.push(counted);
  }
  return done;
}

it('loses nothing but the epoch in progress in 50 kills at random moments', async () => {
  const [straight, ...killed] = ['straight', 'killed-a', 'killed-b'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await json(['train', '--no-planned', '--out', straight, ...settings]);
  const chains = await Promise.all(killed.map((run, index) => killAgainAndAgain(run, 25, `kills ${index}`)));
  // They did make progress while they were being killed, and were not all killed after their end.
  for (const done of chains) expect(new Set(done).size).toBeGreaterThan(5);
  for (const run of killed) {
    expect(await json(['resume', run])).toMatchObject({ stopped: 'epochs', epochs });
    expect(await checkRunFolder(run)).toBe(epochs);
    expect(await historyOf(run)).toEqual(await historyOf(straight));
    for (const file of [join('model', 'weights.bin'), 'metrics.json']) {
      const [one, other] = await Promise.all([run, straight].map((root) => readFile(join(root, file))));
      expect(one!.equals(other!), file).toBe(true);
    }
  }
}, 300_000);
