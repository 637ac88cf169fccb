import { join } from 'node:path';
import { DataError, OptionError } from '@interseg/errors';
import { readJsonObject } from '@interseg/files';
import { openMsd } from '../layouts/msd.ts';
import type { CompletePhantomOptions } from './options.ts';

/** What a folder of phantoms holds. `O` is an entry of `objects.json`. */
export interface Phantoms<O> {
  readonly training: { image: string; label: string }[];
  readonly test: string[];
  readonly objects: Record<string, O[]>;
  /** The fields of `dataset.json`. */
  readonly description: Readonly<Record<string, unknown>>;
}

/** What a new folder holds. */
export function noPhantoms(): Phantoms<never> {
  return { training: [], test: [], objects: {}, description: {} };
}

/** The name of a patient, from 1. */
export function phantomId(number: number): string {
  return `phantom_${String(number).padStart(3, '0')}`;
}

/**
 * Reads a folder that patients are to be appended to.
 *
 * @throws DataError when it holds anything but phantoms in the layout of MSD; OptionError when they have other channels
 * or classes than the options
 */
export async function readPhantoms<O>(folder: string, options: CompletePhantomOptions): Promise<Phantoms<O>> {
  const { channels, classes, cases, unlabelled } = await openMsd(folder);
  const source = join(folder, 'dataset.json');
  const ids = [...cases, ...unlabelled].map(({ id }) => id).sort();
  const expectedIds = ids.map((_, index) => phantomId(index + 1)).sort();
  const stranger = ids.findIndex((id, index) => id !== expectedIds[index]);
  if (stranger >= 0) {
    throw new DataError(`${source}: found the case ${ids[stranger]}, expected ${expectedIds[stranger]} of phantoms.`);
  }
  const found = { channels, classes: classes.map(({ name }) => name) };
  for (const name of ['channels', 'classes'] as const) {
    const expected = found[name].join(', ');
    if (options[name].join(', ') === expected) continue;
    throw new OptionError(
      `The option ${name} is ${options[name].join(', ')}, expected ${expected} as in ${source}, which it is to append to.`,
    );
  }
  const description = await readJsonObject(source, 'the description of phantoms');
  const objects = await readJsonObject(join(folder, 'objects.json'), 'the objects of phantoms');
  return {
    // As openMsd has checked them.
    training: [...(description['training'] as Phantoms<O>['training'])],
    test: [...((description['test'] ?? []) as string[])],
    objects: objects as Record<string, O[]>,
    description,
  };
}
