import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { beforeAll, expect, it } from 'vitest';
import { json, temporaryFolder, tiny } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const unending = [
  'train',
  '--no-planned',
  '--data',
  data,
  '--variant',
  'unet',
  ...tiny,
  '--epochs',
  '100000',
  '--patience',
  '0',
];

beforeAll(() => generatePhantoms(data, { patients: 3, shape: [32, 32, 4], spacing: [4, 4, 8] }));

it('ends at the stop file as if that had been the last epoch, and goes on when asked to', async () => {
  const run = join(folder, 'stopped');
  const timer = setInterval(() => {
    if (!existsSync(join(run, 'history.csv'))) return;
    clearInterval(timer);
    void writeFile(join(run, 'stop'), '');
  }, 20);
  const first = await json<{ epochs: number }>([...unending, '--out', run]).finally(() => clearInterval(timer));
  expect(first).toMatchObject({ stopped: 'stop file', report: join(run, 'report.html') });
  expect(existsSync(join(run, 'model', 'model.json')) && existsSync(join(run, 'metrics.json'))).toBe(true);
  expect(existsSync(join(run, 'stop'))).toBe(false);
  const epochs = first.epochs + 1;
  expect(await json(['resume', run, '--epochs', String(epochs)])).toMatchObject({ stopped: 'epochs', epochs });
});

it('has a report also while it runs', async () => {
  const run = join(folder, 'running');
  let reported: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    if (!existsSync(join(run, 'history.csv'))) return;
    clearInterval(timer);
    reported = json(['report', run]).finally(() => writeFile(join(run, 'stop'), ''));
  }, 20);
  await json([...unending, '--out', run]);
  expect(await reported).toEqual({ run, report: join(run, 'report.html') });
});

it('ends when its minutes are over', async () => {
  const run = join(folder, 'timed');
  const started = performance.now();
  expect(await json([...unending, '--out', run, '--max-minutes', '0.05'])).toMatchObject({ stopped: 'minutes' });
  expect((performance.now() - started) / 1000).toBeLessThan(60);
  expect(existsSync(join(run, 'metrics.json'))).toBe(true);
});
