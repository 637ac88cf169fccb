import { host } from './host.ts';

/** How many cores the browser tells of. */
export function coresHere(): number {
  return host.navigator.hardwareConcurrency;
}

/**
 * Lets what asks see another number of cores until the returned function is called. The backend takes at most half of the
 * cores for its threads, which it counts as its module starts, and it cannot be told otherwise.
 */
export function pretendCores(cores: number): () => void {
  Object.defineProperty(host.navigator, 'hardwareConcurrency', { configurable: true, value: cores });
  // The browser's own is a property of the prototype.
  return () => delete (host.navigator as { hardwareConcurrency?: number }).hardwareConcurrency;
}
