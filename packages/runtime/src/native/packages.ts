import { refuseSecondCore } from '../one-core.ts';
import { load, findRequire, findPackageVersion } from '../packages.ts';
import { shortReason } from '../engine-error.ts';
import { restoreUtil } from './tfjs-node.ts';

const packageNames = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** The installed packages with the native engine. */
export function installedPackages(): string[] {
  return packageNames.filter((candidate) => findRequire(candidate) !== undefined);
}

/**
 * Loads an installed package, which registers its backend.
 *
 * @returns its version
 * @throws Error with the reason and what to do
 */
export function loadInstalled(packageName: string): string {
  refuseSecondCore(findRequire(packageName)!, packageName);
  try {
    restoreUtil();
    load(packageName);
  } catch (error) {
    throw new Error(`${packageName} does not load (${shortReason(error)}), reinstall it or run installNative`, {
      cause: error,
    });
  }
  return findPackageVersion(packageName)!;
}
