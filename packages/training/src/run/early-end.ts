import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { RunConfiguration } from '../configuration/run-configuration.ts';
import type { EarlyEnd } from '../loop/fit-options.ts';
import type { RunFolder } from './run-folder.ts';

/** Watches for what ends training before its last epoch: the time that it may take, and the stop file of the run. */
export async function watchForEarlyEnd(
  { stop }: RunFolder,
  { maxMinutes = Infinity }: Pick<RunConfiguration, 'maxMinutes'>,
): Promise<() => EarlyEnd | undefined> {
  // One that an earlier process has heeded, or did not live to heed: who goes on now means to.
  await rm(stop, { force: true });
  const end = performance.now() + maxMinutes * 60_000;
  return () => {
    if (performance.now() >= end) return 'minutes';
    return existsSync(stop) ? 'stop file' : undefined;
  };
}
