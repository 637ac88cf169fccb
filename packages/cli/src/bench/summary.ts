import type { StepTimes } from './benchmark-case.ts';

/** The median and the quartiles of repeated measurements. */
export interface Spread {
  median: number;
  /** A quarter of the values lie below the first, a quarter above the second. */
  quartiles: [number, number];
}

/** The times of one benchmark case in milliseconds, and its ratios to the first case. */
export interface Summary {
  step: Spread;
  inference: Spread;
  /** Ratios to the first case within each round, so that other load on the machine affects both alike. */
  ratio: { step: Spread; inference: Spread };
}

/** Summarises the times of a benchmark case. @param first times of the first case, round by round */
export function summarize(times: readonly StepTimes[], first: readonly StepTimes[]): Summary {
  const column = (kind: keyof StepTimes): number[] => times.map((one) => one[kind]);
  const ratios = (kind: keyof StepTimes): number[] => times.map((one, round) => one[kind] / first[round]![kind]);
  return {
    step: describeSpread(column('step')),
    inference: describeSpread(column('inference')),
    ratio: { step: describeSpread(ratios('step')), inference: describeSpread(ratios('inference')) },
  };
}

/** Median and quartiles by linear interpolation. @param values at least one */
export function describeSpread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const quantile = (q: number): number => {
    const position = (sorted.length - 1) * q;
    const low = sorted[Math.floor(position)]!;
    const high = sorted[Math.ceil(position)]!;
    return low + (high - low) * (position - Math.floor(position));
  };
  return { median: quantile(0.5), quartiles: [quantile(0.25), quantile(0.75)] };
}
