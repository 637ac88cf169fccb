import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folder, interseg, makeData, Sweep } from './sweep.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
const program = join(folder, 'strict');

/** Reads a manifest as Kubernetes 1.29 does with strict field validation. */
function decode(manifest: unknown): { status: number | null; stdout: string; stderr: string } {
  const input = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  return spawnSync(program, { input, encoding: 'utf8' });
}

describe.skipIf(!hasGo)(
  `the Job that is printed for Kubernetes${hasGo ? '' : ' (skipped: Go is not installed)'}`,
  () => {
    let text = '';

    beforeAll(async () => {
      await makeData();
      const sources = join(import.meta.dirname, 'strict');
      const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: sources, encoding: 'utf8' });
      expect(built.status, built.stderr).toBe(0);
      const sweep = new Sweep('kubernetes', ['--variants', 'unet', '--seeds', '1,2,3']);
      const words = ['--on', 'kubernetes', '--image', 'interseg:1', '--mount', `interseg:${folder}`, '--flag', 'cpu=2'];
      const { status, stdout, stderr } = interseg(['sweep', 'submit', sweep.folder, ...words]);
      expect(status, stderr).toBe(0);
      text = stdout;
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('is read strictly', () => {
      const { status, stdout, stderr } = decode(text);
      expect([status, stdout], stderr).toEqual([0, '3 Indexed 2\n']);
    });

    it.each([
      [
        'a field that there is not',
        (job: string) => job.replace('"completionMode"', '"completionsMode"'),
        'unknown field',
      ],
      [
        'a number as a text',
        (job: string) => job.replace('"completions": 3', '"completions": "3"'),
        'cannot unmarshal',
      ],
      [
        'a field that is there twice',
        (job: string) => job.replace('"parallelism"', '"parallelism": 1, "parallelism"'),
        'duplicate field',
      ],
    ])('is refused with %s', (_, change, message) => {
      const { status, stderr } = decode(change(text));
      expect(status).toBe(1);
      expect(stderr).toContain(message);
    });
  },
);
