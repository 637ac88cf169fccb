import { createHash } from 'node:crypto';
import type { Split } from '@interseg/data';
import { optionFacts, runOptionsSchema, type RunConfiguration } from '@interseg/training';
import type { z } from 'zod';

interface DigestedOption {
  name: keyof RunConfiguration;
  /** The default as JSON; `undefined` where it has none. */
  standard: string | undefined;
}

/**
 * The options that say what is trained, sorted by name. Paths may differ from one host to the next, and so may the engine; the
 * split is digested by what it holds.
 */
const digested: readonly DigestedOption[] = Object.entries(runOptionsSchema.shape as Record<string, z.ZodType>)
  .filter(([, schema]) => {
    const { changesResult, path, resumable, variesInComparison } = optionFacts(schema);
    return changesResult && path === undefined && (variesInComparison || !resumable);
  })
  .map(([name, schema]) => {
    const { data } = schema.safeParse(undefined);
    return { name: name as keyof RunConfiguration, standard: JSON.stringify(data) };
  })
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/**
 * Tells whether a run is that of a manifest: SHA-256 of its options that decide the result and of its split, the first 16
 * hexadecimal digits. Options that have their defaults are left out, so that one that a later version adds changes no digest.
 */
export function digestOfRun(configuration: RunConfiguration, splitDigest: string): string {
  const hash = createHash('sha256').update(splitDigest);
  for (const { name, standard } of digested) {
    const value = JSON.stringify(configuration[name]);
    if (value !== undefined && value !== standard) hash.update(`\n${name}=${value}`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The digest of the cases of each part of a split, in whichever order. */
export function digestOfSplit({ train, validation, test }: Split): string {
  const parts = [train, validation, test].map((ids) => [...ids].sort());
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
