import { host } from './host.ts';

/** The number of cores that the browser reports. */
export function coresHere(): number {
  return host.navigator.hardwareConcurrency;
}

/**
 * Makes the browser report another number of cores until the returned function is called. The backend uses at most half
 * of the cores for its threads; it counts them as its module starts, and has no option for that.
 */
export function pretendCores(cores: number): () => void {
  Object.defineProperty(host.navigator, 'hardwareConcurrency', { configurable: true, value: cores });
  // The browser's own value is a property of the prototype.
  return () => delete (host.navigator as { hardwareConcurrency?: number }).hardwareConcurrency;
}
