import { refuseSecondCore } from '../one-core.ts';
import { load, requireOf, versionOf } from '../packages.ts';
import { shortReason } from '../engine-error.ts';
import { restoreUtil } from './tfjs-node.ts';

const packageNames = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** The packages with the native engine that are installed in the project. */
export function installedPackages(): string[] {
  return packageNames.filter((candidate) => requireOf(candidate) !== undefined);
}

/**
 * Loads an installed package, which registers its backend.
 *
 * @returns its version
 * @throws Error whose message is the reason and what to do
 */
export function loadInstalled(packageName: string): string {
  refuseSecondCore(requireOf(packageName) as NodeJS.Require, packageName);
  try {
    restoreUtil();
    load(packageName);
  } catch (error) {
    throw new Error(`${packageName} does not load (${shortReason(error)}), reinstall it or run installNative`, {
      cause: error,
    });
  }
  return versionOf(packageName) as string;
}
