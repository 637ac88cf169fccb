import { createRequire } from 'node:module';

const names = [
  '@interseg/cli',
  '@interseg/core-layers',
  '@interseg/data',
  '@interseg/errors',
  '@interseg/losses',
  '@interseg/metrics',
  '@interseg/models',
  '@interseg/runtime',
  '@interseg/training',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
];

/** The versions of InterSeg's packages and of TensorFlow.js, as installed here. */
export function packageVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const versions = names.map((name) => [name, versionOf(require, name)] as const);
  return Object.fromEntries(versions.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function versionOf(require: NodeJS.Require, name: string): string | undefined {
  try {
    return (require(`${name}/package.json`) as { version: string }).version;
  } catch {
    // A bundle may have packages inside that cannot be found any more.
    return undefined;
  }
}
