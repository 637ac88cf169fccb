import { execFile } from 'node:child_process';
import { availableParallelism, cpus, release } from 'node:os';
import { promisify } from 'node:util';
import type { Engine } from '@interseg/runtime';
import { packageVersions } from './package-versions.ts';

/** What `environment.json` holds beside the engine's name: with what, where and how a run was made. */
export interface Environment {
  date: string;
  commandLine: string;
  engineDescription: string;
  engineVersion: string;
  device: string;
  threads: number;
  node: string;
  platform: string;
  cpu: string;
  cores: number;
  /** Of the working directory; `-dirty` when there are changes. */
  gitCommit?: string;
  versions: Record<string, string>;
}

/** Describes where a run takes place. */
export async function describeEnvironment(engine: Engine, commandLine: readonly string[]): Promise<Environment> {
  return {
    date: new Date().toISOString(),
    commandLine: ['interseg', ...commandLine.map(quoteArgument)].join(' '),
    engineDescription: engine.description,
    engineVersion: engine.version,
    device: engine.device,
    threads: engine.threads,
    node: process.version,
    platform: `${process.platform} ${process.arch} (${release()})`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    gitCommit: await gitCommit(),
    versions: packageVersions(),
  };
}

/** An argument as a shell would take it. */
export function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

async function gitCommit(): Promise<string | undefined> {
  try {
    const options = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
    const { stdout } = await promisify(execFile)('git', options, { timeout: 5000 });
    return stdout.trim() || undefined;
  } catch {
    // No git, or no repository: nothing to tell.
    return undefined;
  }
}
