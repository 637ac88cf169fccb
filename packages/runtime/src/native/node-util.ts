import { createRequire } from 'node:module';

/**
 * Gives Node's `util` back what Node 23 removed and tfjs-node 4.22 calls: without it, each `node:util`-based type check
 * there throws.
 */
export function restoreIsNullOrUndefined(): void {
  const util = createRequire(import.meta.url)('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
