import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { expect } from 'vitest';
import { run } from '../src/index.ts';
import { bundleFolder } from './bundle.ts';

export { temporaryFolder } from '../../../tools/build/temporary-folder.ts';

/** What a process left behind. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** When to send a signal: once stderr contains the text. */
export interface SignalAt {
  signal: 'SIGINT' | 'SIGTERM';
  after: string;
}

/** Runs the command in a process of its own. */
export async function interseg(
  commandLine: readonly string[],
  { cwd, env, signalAt }: { cwd?: string; env?: Record<string, string>; signalAt?: SignalAt } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [join(bundleFolder, 'command.js'), ...commandLine], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, isSent] = ['', '', false];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (!signalAt || isSent || !stderr.includes(signalAt.after)) return;
    isSent = true;
    child.kill(signalAt.signal);
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout, stderr };
}

/** A command that runs until it is told to end. */
export interface Running {
  process: ChildProcess;
  stdout: Readable;
  /** Its exit status. */
  ended: Promise<number | null>;
  /** What a stream has said once that is enough. */
  until(stream: Readable, isEnough: (text: string) => boolean): Promise<string>;
}

/** Starts the command in a process of its own. */
export function startInterseg(commandLine: readonly string[]): Running {
  const child = spawn(process.execPath, [join(bundleFolder, 'command.js'), ...commandLine], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const until: Running['until'] = (stream, isEnough) =>
    new Promise((resolve, reject) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (isEnough(text)) resolve(text);
      });
      void ended.then(() => reject(new Error(`interseg ${commandLine.join(' ')} ended: ${stderr}`)));
    });
  return { process: child, stdout: child.stdout, ended, until };
}

/** Runs a command line in this process, which is enough where nothing is trained. */
export async function intersegHere(...commandLine: string[]): Promise<Ended> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await run({ stdout, stderr, commandLine, status: 0 });
  const textOf = (stream: PassThrough): string => String(stream.read() ?? '');
  return { status, stdout: textOf(stdout), stderr: textOf(stderr) };
}

/** Runs the command and expects it to succeed; its JSON document, which must be all of stdout. */
export async function json<T>(commandLine: readonly string[], options: { cwd?: string } = {}): Promise<T> {
  const { status, stdout, stderr } = await interseg([...commandLine, '--json'], options);
  if (status !== 0) throw new Error(`interseg ${commandLine.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** Runs the commands of an example one after the other in a folder, and expects each to succeed. */
export async function runExample(example: string, cwd: string): Promise<void> {
  const commands = example.trim().split('\n');
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    const [name, ...commandLine] = command.split(' ');
    expect(name).toBe('interseg');
    const { status, stderr } = await interseg(commandLine, { cwd });
    expect(status, `${command}\n${stderr}`).toBe(0);
  }
}

/** A network that trains in moments. */
export const tiny = [
  '--filters',
  '4,8',
  '--size',
  '32',
  '--engine',
  'wasm',
  '--threads',
  '1',
  '--learning-rate',
  '0.01',
];
