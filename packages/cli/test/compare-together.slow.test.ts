import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { generatePhantoms } from '@interseg/data';
import { expect, it } from 'vitest';
import { bundleFolder } from './bundle.ts';
import { numbersOf } from './run-folder.ts';
import { interseg, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const network = ['--filters', '2,4', '--size', '16', '--engine', 'wasm', '--threads', '1', '--learning-rate', '0.01'];
const commandLine = (out: string): string[] => {
  const runs = ['--variants', 'unet,twi-unet', '--seeds', '1,2', '--epochs', '2', '--fractions', '0.4,0.2,0.4'];
  return ['compare', '--data', data, '--out', out, ...runs, ...network];
};

/** A command that goes on, with what it has told so far. */
function start(words: readonly string[]) {
  const child = spawn(process.execPath, [join(bundleFolder, 'command.js'), ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const told = async (text: string): Promise<void> => {
    while (!stderr.includes(text) && child.exitCode === null) await wait(2);
  };
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, stderr }));
  return { child, told, ended };
}

it('shares the runs with a second process on the same folder, to the numbers of one process alone', async () => {
  await generatePhantoms(data, { patients: 5, shape: [16, 16, 4], spacing: [8, 8, 12], seed: 2 });
  const [shared, alone] = [join(folder, 'shared'), join(folder, 'alone')];
  const first = start(commandLine(shared));
  await first.told('run 1/4');
  first.child.kill('SIGSTOP');
  const files = ['config.json', 'split.json', 'runs.json'].map((name) => join(shared, name));
  const written = async (): Promise<number[]> => Promise.all(files.map(async (path) => (await stat(path)).mtimeMs));
  const times = await written();
  const second = start(commandLine(shared));
  await second.told('run 2/4');
  first.child.kill('SIGCONT');
  const both = await Promise.all([first.ended, second.ended]);
  for (const { status, stderr } of both) expect(status, stderr).toBe(0);
  expect(await written()).toEqual(times);
  expect(both[1].stderr).toContain('unet, seed 1: another process works on it; waiting for it at the end');
  // Each run has begun in one of them only.
  const begun = both.flatMap(({ stderr }) => [...stderr.matchAll(/^run (\d)\/4: /gm)].map(([, number]) => number));
  expect(begun.sort()).toEqual(['1', '2', '3', '4']);
  expect((await interseg(commandLine(alone))).status).toBe(0);
  expect(await numbersOf(shared)).toEqual(await numbersOf(alone));
}, 400_000);
