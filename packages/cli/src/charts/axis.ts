import { linearTicks, logarithmicTicks } from './ticks.ts';

/** Maps values of one axis to positions. */
export interface Axis {
  ticks: readonly number[];
  position: (value: number) => number;
}

/** An axis from `low` to `high` between two positions. */
export function linearAxis(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  count = 5,
): Axis {
  const span = high - low || 1;
  return { ticks: linearTicks(low, high, count), position: (value) => from + ((value - low) / span) * (to - from) };
}

/** The same for logarithms; values must be positive. */
export function logarithmicAxis([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Axis {
  const span = Math.log(high / low) || 1;
  return {
    ticks: logarithmicTicks(low, high),
    position: (value) => from + (Math.log(value / low) / span) * (to - from),
  };
}
