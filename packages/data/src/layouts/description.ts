import { DataError } from '@interseg/errors';
import { describeValue, isObject } from '@interseg/files';
import type { ClassDefinition, Modality } from '../dataset.ts';

/**
 * Reads the names of channels from a description `{"0": "name", "1": "name", …}`.
 *
 * @param field the name of the field, for errors
 * @param source the file of the description, for errors
 * @throws DataError if it is not an object with the keys 0, 1, … and names as values
 */
export function parseChannels(names: unknown, field: string, source: string): string[] {
  if (!isObject(names) || Object.keys(names).length === 0) {
    throw new DataError(`${source}: "${field}" is ${describeValue(names)}, expected {"0": "name of the channel", …}.`);
  }
  return Object.keys(names).map((_, index) => {
    const name = names[String(index)];
    if (typeof name !== 'string') {
      throw new DataError(`${source}: "${field}" has no name for channel ${index}, expected the keys "0", "1", ….`);
    }
    return name;
  });
}

/** Computed tomography if a channel's name has a word that starts with "CT", otherwise magnetic resonance. */
export function inferModality(channels: readonly string[]): Modality {
  return channels.some((name) => /\bct/i.test(name)) ? 'ct' : 'mr';
}

/**
 * Reads the classes, without the background (0), from a description: either `{"value": "name"}`, as in the Medical
 * Segmentation Decathlon, ordered by value; or `{"name": value}` or `{"name": [values]}` for regions that may overlap, as
 * in nnU-Net, in the order of the file.
 *
 * @param source the file of the description, for errors
 * @throws DataError if it is neither, has no class besides the background, or contains a name twice
 */
export function parseClasses(labels: unknown, source: string): ClassDefinition[] {
  if (!isObject(labels)) {
    throw new DataError(
      `${source}: "labels" is ${describeValue(labels)}, expected {"0": "background", "1": "name", …}.`,
    );
  }
  const entries = Object.entries(labels);
  const isByName = entries.length > 0 && entries.every(([, value]) => typeof value !== 'string');
  const classes = isByName ? entries.map((entry) => byName(entry, source)) : byValue(entries, source);
  const foreground = classes.filter(({ values }) => values.some((value) => value !== 0));
  if (foreground.length === 0) {
    throw new DataError(`${source}: "labels" has no class besides the background, expected at least one.`);
  }
  const twice = foreground.find(({ name }, index) => foreground.findIndex((other) => other.name === name) < index);
  if (twice) {
    throw new DataError(
      `${source}: "labels" has the name ${describeValue(twice.name)} twice, expected one value for each.`,
    );
  }
  return foreground;
}

function byValue(entries: readonly [string, unknown][], source: string): ClassDefinition[] {
  const classes = entries.map(([key, name]) => {
    if (!/^\d+$/.test(key) || typeof name !== 'string' || name === '') {
      throw new DataError(
        `${source}: "labels" has ${JSON.stringify(key)}: ${describeValue(name)}, expected a label value and its name.`,
      );
    }
    return { name, values: [Number(key)] };
  });
  return classes.sort((a, b) => a.values[0]! - b.values[0]!);
}

function byName([name, given]: [string, unknown], source: string): ClassDefinition {
  const values: unknown[] = Array.isArray(given) ? given : [given];
  const isWhole = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
  const isRegion = values.length > 1 && values.includes(0);
  if (name === '' || name === 'ignore' || values.length === 0 || !values.every(isWhole) || isRegion) {
    throw new DataError(
      `${source}: "labels" has ${JSON.stringify(name)}: ${JSON.stringify(given)}, ` +
        'expected the name of a class and its label value, or a list of values above 0.',
    );
  }
  return { name, values: [...new Set(values as number[])] };
}
