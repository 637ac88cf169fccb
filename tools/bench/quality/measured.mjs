import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const peers = fileURLToPath(new URL('peers/', import.meta.url));

/** The path of a Python program of the benchmark. */
export const peer = (name) => join(peers, name);

/**
 * Runs a command on one core, with one thread, and tells what it took.
 *
 * @param {string} python
 * @param {{ name: string, folder: string, command: string[], core: number | null, progress?: string, header?: number,
 *   stopAfter?: { epochs: number, seconds: number }, environment?: Record<string, string> }} request see `peers/measure.py`; the log and the usage are
 *   `<name>.log` and `<name>.json` in the folder
 * @returns {Promise<{ cpu: number, wall: number, memory: number, marks: { cpu: number, wall: number }[] }>} seconds and
 *   bytes
 */
export async function measured(python, { name, folder, ...request }) {
  const at = (end) => join(folder, `${name}${end}`);
  writeFileSync(at('.request'), JSON.stringify({ ...request, log: at('.log'), usage: at('.json') }));
  rmSync(at('.json'), { force: true });
  rmSync(at('.log'), { force: true });
  const child = spawn(python, [peer('measure.py'), at('.request')], { stdio: ['ignore', 'inherit', 'inherit'] });
  running.add(child);
  await once(child, 'exit');
  running.delete(child);
  const usage = JSON.parse(readFileSync(at('.json'), 'utf8'));
  if (usage.status !== 0) throw new Error(`${name} ended with status ${usage.status}: see ${at('.log')}.`);
  return usage;
}

/** Runs a Python program of the benchmark with a request and returns the JSON that it prints. */
export async function askPython(python, name, request, folder) {
  const path = join(folder, `${name}.request`);
  writeFileSync(path, JSON.stringify(request));
  const child = spawn(python, [peer(`${name}.py`), path], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  const [status] = await once(child, 'close');
  running.delete(child);
  if (status !== 0) throw new Error(`${name}.py ended with status ${status}.`);
  return JSON.parse(text);
}

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of running) child.kill('SIGTERM');
    process.exit(130);
  });
}
