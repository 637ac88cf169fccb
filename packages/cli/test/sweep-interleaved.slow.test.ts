import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRandom, generatePhantoms } from '@interseg/data';
import { comparisonFolder, isOpen, readPlan, readStandings } from '@interseg/experiments';
import { expect, it } from 'vitest';
import { bundleFolder } from './bundle.ts';
import { numbersOf } from './run-folder.ts';
import { interseg, intersegHere, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const network = ['--filters', '2,4', '--size', '16', '--engine', 'wasm', '--threads', '1', '--learning-rate', '0.01'];
const settings = ['--data', data, '--epochs', '12', '--fractions', '0.4,0.2,0.4', '--checkpoint-minutes', '0.0001'];
const plan = ['--variants', 'unet,twi-unet', '--settings', 'none,alpha=2', '--seeds', '1', ...settings, ...network];
const random = createRandom(1);
const oneOf = <T>(list: readonly T[]): T => list[random.integer(list.length)]!;

/** Does a run in a process that is left alone, or that gets a signal at some moment. @returns how it ended */
async function attempt(sweep: string, index: number): Promise<string> {
  const words = ['sweep', 'run', sweep, '--index', String(index), '--lock-silence', '2'];
  const child = spawn(process.execPath, [join(bundleFolder, 'command.js'), ...words], { stdio: 'ignore' });
  const signal = oneOf(['SIGKILL', 'SIGTERM', 'SIGINT', undefined] as const);
  const timer = setTimeout(() => signal && child.kill(signal), 500 + 4000 * random.next());
  const [code, by] = await new Promise<[number | null, string | null]>((done) =>
    child.on('close', (...end) => done(end)),
  );
  clearTimeout(timer);
  return String(code ?? by);
}

it('gives what compare gives, whoever does which run when, and whatever kills it', async () => {
  await generatePhantoms(data, { patients: 5, shape: [16, 16, 4], spacing: [8, 8, 12], seed: 2 });
  const [sweep, alone] = [join(folder, 'sweep'), join(folder, 'alone')];
  expect((await intersegHere('sweep', 'plan', ...plan, '--out', sweep)).status).toBe(0);
  const files = comparisonFolder(sweep);
  const { manifest } = await readPlan(files);
  const ends: string[] = [];
  const work = async (): Promise<void> => {
    for (;;) {
      const standings = await readStandings(files, manifest.runs, { silence: 2 });
      // Also those that another process works on: it is then waited for.
      const left = standings.filter(({ state }) => isOpen(state) || state === 'running');
      if (left.length === 0) return;
      ends.push(await attempt(sweep, oneOf(left).run.index));
      await wait(100 * random.next());
    }
  };
  await Promise.all([work(), work(), work()]);
  // None of them took its input for bad, or failed: 0, or by its signal.
  expect(ends.filter((end) => !['0', '130', '143', 'SIGKILL', 'SIGTERM', 'SIGINT'].includes(end))).toEqual([]);
  expect(new Set(ends).size).toBeGreaterThan(2);
  const collected = await intersegHere('sweep', 'collect', sweep);
  expect(collected.status, collected.stderr).toBe(0);
  const compared = await interseg(['compare', ...plan, '--out', alone]);
  expect(compared.status, compared.stderr).toBe(0);
  expect(await numbersOf(sweep)).toEqual(await numbersOf(alone));
  const weights = async (root: string): Promise<string[]> =>
    Promise.all(
      manifest.runs.map(async (run) =>
        (await readFile(join(comparisonFolder(root).run(run).model, 'weights.bin'))).toString('base64'),
      ),
    );
  expect(await weights(sweep)).toEqual(await weights(alone));
}, 600_000);
