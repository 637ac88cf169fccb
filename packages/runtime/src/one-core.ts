import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';

const core = '@tensorflow/tfjs-core';

function readManifest(require: NodeJS.Require): { path: string; version: string } {
  const path = realpathSync(require.resolve(`${core}/package.json`));
  return { path, version: (require(path) as { version: string }).version };
}

/**
 * Refuses a package that uses another copy of tfjs-core than InterSeg: two copies share one engine by a global
 * variable, but each has its own classes, flags and operations, so that a backend of one fails in odd ways with the
 * other.
 *
 * @param require a `require` that sees the package
 * @throws Error with the reason
 */
export function refuseSecondCore(require: NodeJS.Require, packageName: string): void {
  let from = createRequire(require.resolve(`${packageName}/package.json`));
  try {
    // tfjs-node reaches tfjs-core through this package.
    from = createRequire(from.resolve('@tensorflow/tfjs/package.json'));
  } catch {
    // other packages reach it directly
  }
  const ours = readManifest(createRequire(import.meta.url));
  const theirs = readManifest(from);
  if (theirs.path === ours.path) return;
  throw new Error(
    `${packageName} uses a second copy of ${core} (${theirs.version}) beside InterSeg's (${ours.version}), ` +
      'install both into one project, with the same version',
  );
}
