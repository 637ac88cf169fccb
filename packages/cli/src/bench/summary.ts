import type { Times } from './benchmark-case.ts';

/** The middle of repeated times and how far they lie apart. */
export interface Spread {
  median: number;
  /** A quarter of the times are below, a quarter above. */
  quartiles: [number, number];
}

/** How one way of computing did, in milliseconds, and beside the first way. */
export interface Summary {
  step: Spread;
  inference: Spread;
  /** Ratios to the first way, each within its round, so that what else the machine does hits both alike. */
  ratio: { step: Spread; inference: Spread };
}

export function summarise(times: readonly Times[], first: readonly Times[]): Summary {
  const column = (kind: keyof Times): number[] => times.map((one) => one[kind]);
  const ratios = (kind: keyof Times): number[] => times.map((one, round) => one[kind] / (first[round] as Times)[kind]);
  return {
    step: spreadOf(column('step')),
    inference: spreadOf(column('inference')),
    ratio: { step: spreadOf(ratios('step')), inference: spreadOf(ratios('inference')) },
  };
}

/** Quantiles by linear interpolation. @param values at least one */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const quantile = (q: number): number => {
    const position = (sorted.length - 1) * q;
    const low = sorted[Math.floor(position)] as number;
    const high = sorted[Math.ceil(position)] as number;
    return low + (high - low) * (position - Math.floor(position));
  };
  return { median: quantile(0.5), quartiles: [quantile(0.25), quantile(0.75)] };
}
