import { OptionError } from '@interseg/errors';
import { optionFacts } from '@interseg/training';
import { comparisonOptionsSchema, noSettings, type ComparisonConfiguration } from './sweep-configuration.ts';
import type { ComparisonFolder } from './sweep-folder.ts';

/** @throws OptionError when a variant, a setting or a seed is there twice */
export function checkRepetition({ variants, settings = [], seeds }: ComparisonConfiguration): void {
  for (const [name, list] of Object.entries({ variants, settings, seeds })) {
    const repeated = list.find((value, index) => list.indexOf(value as never) !== index);
    if (repeated !== undefined) {
      throw new OptionError(`The option ${name} has ${repeated} twice, expected each of its values once.`);
    }
  }
}

/**
 * Checks that a comparison that is there is the one that is asked for.
 *
 * @throws OptionError naming the first setting that differs
 */
export function checkSameSettings(
  now: ComparisonConfiguration,
  before: ComparisonConfiguration,
  { root }: ComparisonFolder,
): void {
  const names = Object.keys({ ...before, ...now }) as (keyof ComparisonConfiguration)[];
  for (const name of names) {
    const { changesResult, extendable } = optionFacts(comparisonOptionsSchema.shape[name]);
    if (!changesResult) continue;
    const [found, expected] = [now[name], before[name]];
    const isLonger = extendable && startsWith(listOf(found), listOf(expected));
    if (isLonger || JSON.stringify(found) === JSON.stringify(expected)) continue;
    const more = extendable ? ', to which more may be added at the end' : '';
    throw new OptionError(
      `${root}: the option ${name} is ${text(found)}, but the comparison there has ${text(expected)}${more}: repeat that, or choose another folder.`,
    );
  }
}

/** Without any, the settings are what they say where there are none. */
function listOf(value: unknown): readonly unknown[] {
  return (value as readonly unknown[] | undefined) ?? [noSettings];
}

function startsWith(list: readonly unknown[], beginning: readonly unknown[]): boolean {
  return beginning.every((value, index) => list[index] === value);
}

function text(value: unknown): string {
  if (value === undefined) return 'the default';
  return Array.isArray(value) ? value.join(',') : String(value);
}
