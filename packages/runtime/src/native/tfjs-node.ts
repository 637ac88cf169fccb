import { createRequire } from 'node:module';

/**
 * Gives Node's `util` what tfjs-node 4.22 calls: Node 23 removed `isNullOrUndefined`, without which its type checks throw;
 * Node 22 warns of it on the terminal.
 */
export function restoreIsNullOrUndefined(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, (value: unknown) => boolean>;
  util['isNullOrUndefined'] = (value) => value === null || value === undefined;
  util['isArray'] = (value) => Array.isArray(value);
}
