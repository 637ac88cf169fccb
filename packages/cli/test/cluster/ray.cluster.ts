import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFolder } from '../bundle.ts';
import { isAlive, processesWith, until } from './processes.ts';
import { folder, interseg, makeData, Sweep } from './sweep.ts';

/** The command `ray`, where there is one. */
const ray = process.env['INTERSEG_RAY'] ?? 'ray';
const reason = whyNoRay();
const address = 'http://127.0.0.1:8265';
const second = '127.0.0.2';

function whyNoRay(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'processes in a namespace need root on Linux';
  return spawnSync(ray, ['--version']).status === 0
    ? undefined
    : 'Ray is not installed; INTERSEG_RAY names its command';
}

/** Ray with two nodes, in a namespace of processes that ends with its first one. */
let cluster: ChildProcess | undefined;

function startRay(): void {
  const log = openSync(join(folder, 'ray.log'), 'a');
  const common = '--num-cpus=2 --object-store-memory=80000000 --disable-usage-stats';
  const head = `--head --node-ip-address=127.0.0.1 --port=6399 --dashboard-host=127.0.0.1 --dashboard-port=8265`;
  // Sockets have names of at most 107 characters.
  const script = `'${ray}' start ${head} --temp-dir=/tmp/interseg-ray ${common}
    '${ray}' start --address=127.0.0.1:6399 --node-ip-address=${second} ${common}
    while :; do sleep 1000 & wait $!; done`;
  const words = ['--pid', '--fork', '--mount-proc', '--kill-child', 'bash', '-c', script];
  cluster = spawn('unshare', words, { detached: true, stdio: ['ignore', log, log] });
}

/** What Ray answers; `undefined` while it does not. */
function ask<T>(path: string): Promise<T | undefined> {
  return new Promise((resolve) => {
    request(address + path, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => resolve(answer.statusCode === 200 ? (JSON.parse(text) as T) : undefined));
    })
      .on('error', () => resolve(undefined))
      .end();
  });
}

const ofSecond = (words: string[]): boolean =>
  words[0]!.endsWith('/raylet') && words.includes(`--node_ip_address=${second}`);

describe.skipIf(reason !== undefined)(`a sweep on Ray${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(async () => {
    await makeData();
    startRay();
    await until('Ray answers', async () => (await ask('/api/jobs/')) !== undefined, 240);
    await until('the second node', () => processesWith(ofSecond).length > 0, 240);
  });

  afterAll(async () => {
    if (cluster?.pid) {
      process.kill(cluster.pid, 'SIGKILL');
      await until('the end of Ray', () => !isAlive(cluster!.pid!));
    }
    if (!reason) rmSync('/tmp/interseg-ray', { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  it('sends the jobs again that were lost with their node', async () => {
    const sweep = new Sweep('ray', ['--variants', 'unet', '--seeds', '1,2,3,4']);
    const words = ['sweep', 'submit', sweep.folder, '--on', 'ray', '--address', address, '--wait'];
    const env = { ...process.env, INTERSEG_TEST_PACE: '2000' };
    const child = spawn(process.execPath, [join(bundleFolder, 'command.js'), ...words], { env });
    let told = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (told += part.toString()));
    const closed = once(child, 'close') as Promise<[number | null]>;
    const isThere = (): boolean => {
      const { runs } = JSON.parse(interseg(['sweep', 'status', sweep.folder, '--json']).stdout) as {
        runs: { queue: string | null }[];
      };
      return runs.some(({ queue }) => queue?.endsWith(` RUNNING ${second}`));
    };
    await until('a run on the second node', isThere, 180);
    await until('a checkpoint', () => sweep.names.every((name) => sweep.epochsOf(name) > 0), 180);
    for (const pid of processesWith(ofSecond)) process.kill(pid, 'SIGKILL');
    const [status] = await closed;
    expect(status, told).toBe(0);
    expect(told).toMatch(/run \d \(unet-seed\d\) was lost: .*; started again/);
    await sweep.expectSameNumbers();
  });
});
