import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { run } from '../src/main.ts';

// What takes most of the time that a command needs to start.
for (const heavy of ['@interseg/training', '@interseg/experiments', '@interseg/inference', '@tensorflow/tfjs-core']) {
  vi.doMock(heavy, () => {
    throw new Error(`${heavy} was loaded`);
  });
}

async function interseg(...commandLine: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await run({ stdout, stderr, commandLine, status: 0 });
  stdout.end();
  stderr.end();
  return { status, stdout: await text(stdout), stderr: await text(stderr) };
}

it.each([
  [['--help'], 0],
  [['help'], 0],
  [['data', '--help'], 0],
  [['--version'], 0],
  [['trian'], 2],
] as const)('answers %j without the code of any command', async (commandLine, expected) => {
  const { status, stdout, stderr } = await interseg(...commandLine);
  expect(status).toBe(expected);
  expect(stdout + stderr).not.toContain('was loaded');
});

it('loads the command that is asked for', async () => {
  expect((await interseg('help', 'train')).stderr).toMatch(/was loaded|error when mocking/);
});
