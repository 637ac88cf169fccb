import { describeExpectedSize, segmentationLosses, variants } from '@interseg/models';
import type { RunConfiguration } from '@interseg/training';
import { UsageError } from '../errors/usage-error.ts';
import { nearestName } from './names.ts';

/** @throws UsageError with the names that there are when there is no such loss */
export function checkLoss(loss: string, name: string): void {
  checkKnown(
    loss,
    segmentationLosses().map((one) => one.name),
    name,
  );
}

/** @throws UsageError with the nearest name when there is no such variant */
export function checkVariant(variant: string, name: string): void {
  checkKnown(
    variant,
    variants().map((one) => one.name),
    name,
  );
}

function checkKnown(value: string, names: readonly string[], name: string): void {
  if (names.includes(value)) return;
  const nearest = nearestName(value, names);
  const hint = nearest ? ` (did you mean ${nearest}?)` : '';
  throw new UsageError(`${name}: found '${value}', expected one of ${names.join(', ')}${hint}.`);
}

/**
 * Checks the size before anything is written: a run that cannot start must not leave a folder that looks like a run.
 *
 * @throws UsageError when the levels do not divide it
 */
export function checkSize(
  { size, filters, normalization }: Pick<RunConfiguration, 'size' | 'filters' | 'normalization'>,
  name: string,
): void {
  const expected = describeExpectedSize(size, { filters, normalization });
  if (expected) throw new UsageError(`${name}: found ${size.join('x')}, expected ${expected}.`);
}
