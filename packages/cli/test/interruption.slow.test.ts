import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { beforeAll, expect, it } from 'vitest';
import { interseg, json, temporaryFolder, tiny } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const commandLine = (out: string, epochs: number): string[] => {
  return [
    'train',
    '--no-planned',
    '--data',
    data,
    '--out',
    join(folder, out),
    ...tiny,
    '--epochs',
    String(epochs),
    '--patience',
    '0',
  ];
};

beforeAll(() => generatePhantoms(data, { patients: 4, shape: [32, 32, 6], spacing: [4, 4, 8] }));

/** The history without the seconds, which no seed decides. */
async function history(out: string): Promise<string[]> {
  const csv = await readFile(join(folder, out, 'history.csv'), 'utf8');
  return csv
    .trimEnd()
    .split('\n')
    .map((row) => row.slice(0, row.lastIndexOf(',')));
}

it('ends with 130 on SIGINT, says how to go on, and goes on from there as if nothing had been', async () => {
  const out = join(folder, 'stopped');
  const interrupted = await interseg([...commandLine('stopped', 2000), '--json'], {
    signalAt: { signal: 'SIGINT', after: 'epoch 2/' },
  });
  expect(interrupted.status, interrupted.stderr).toBe(130);
  expect(JSON.parse(interrupted.stdout)).toMatchObject({ run: out, stopped: 'interrupted', report: null });
  expect(interrupted.stderr).toContain(`continue with: interseg resume ${out}\n`);
  const before = await history('stopped');
  const epochs = before.length + 1;
  expect(epochs).toBeLessThan(2000);

  expect(await json(['resume', out, '--epochs', String(epochs)])).toMatchObject({ stopped: 'epochs', epochs });
  const after = await history('stopped');
  expect(after.slice(0, before.length)).toEqual(before);
  await json(commandLine('straight', epochs));
  expect(after).toEqual(await history('straight'));
});

it('ends with 143 on SIGTERM, also before the first epoch is done', async () => {
  const early = await interseg(commandLine('early', 2000), { signalAt: { signal: 'SIGTERM', after: 'reading' } });
  expect(early.status, early.stderr).toBe(143);
  expect(early.stdout).toBe('');
  expect(await json(['resume', join(folder, 'early'), '--epochs', '1'])).toMatchObject({ epochs: 1 });
});
