import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { quoteArgument } from '@interseg/experiments';
import type { Engine } from '@interseg/runtime';
import { describeHost, type Host } from './machine.ts';

export { quoteArgument };

/** The contents of `environment.json` besides the engine's name: how, when and where a run was made. */
export interface Environment extends Host {
  /** ISO 8601, UTC. */
  date: string;
  commandLine: string;
  engineDescription: string;
  engineVersion: string;
  device: string;
  threads: number;
  /** Commit of the working directory; ends in `-dirty` when there are changes. */
  gitCommit?: string;
  versions: Record<string, string>;
}

/**
 * Describes the environment of a run.
 *
 * @param gitCommit of the working directory: see {@link readGitCommit}
 */
export function describeEnvironment(engine: Engine, commandLine: readonly string[], gitCommit?: string): Environment {
  return {
    date: new Date().toISOString(),
    commandLine: ['interseg', ...commandLine.map(quoteArgument)].join(' '),
    engineDescription: engine.description,
    engineVersion: engine.version,
    device: engine.device,
    threads: engine.threads,
    ...describeHost(),
    gitCommit,
    versions: packageVersions(),
  };
}

/** The commit of the working directory, of which Git tells after some hundredths of a second, or more in a large one. */
export async function readGitCommit(): Promise<string | undefined> {
  try {
    const options = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
    const { stdout } = await promisify(execFile)('git', options, { timeout: 5000 });
    return stdout.trim() || undefined;
  } catch {
    // No git, or not a repository.
    return undefined;
  }
}

const packages = [
  '@interseg/cli',
  '@interseg/core-layers',
  '@interseg/data',
  '@interseg/dicom',
  '@interseg/errors',
  '@interseg/experiments',
  '@interseg/files',
  '@interseg/inference',
  '@interseg/losses',
  '@interseg/metrics',
  '@interseg/models',
  '@interseg/nifti',
  '@interseg/onnx',
  '@interseg/runtime',
  '@interseg/training',
  '@interseg/viewer',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
];

/** The installed versions of InterSeg's packages and of TensorFlow.js. */
export function packageVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  return Object.fromEntries(
    packages.flatMap((name) => {
      const version = readVersion(require, name);
      return version === undefined ? [] : [[name, version]];
    }),
  );
}

function readVersion(require: NodeJS.Require, name: string): string | undefined {
  try {
    return (require(`${name}/package.json`) as { version: string }).version;
  } catch {
    // A bundle may contain packages that can no longer be resolved.
    return undefined;
  }
}
