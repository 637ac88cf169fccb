import type { MetricsFile } from '@interseg/training';

/** The mean Dice of a case over its classes; none where no class has one. */
export function meanDice(classes: MetricsFile['cases'][number]['classes'] = {}): number | undefined {
  const values = Object.values(classes).flatMap(({ dice }) => (dice === null ? [] : [dice]));
  return values.length > 0 ? values.reduce((a, b) => a + b) / values.length : undefined;
}
