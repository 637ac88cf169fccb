import type { MeanDeviation } from '@interseg/training';
import { decimals } from './numbers.ts';

/** `0.812 ± 0.013`; without a spread where there is only one value, a dash without any. */
export function spread({ mean, deviation }: MeanDeviation, digits: number): string {
  const middle = decimals(mean, digits);
  return deviation === null ? middle : `${middle} ± ${decimals(deviation, digits)}`;
}

/** A p-value: two significant digits, and no pretence of more than there is. */
export function pValue(p: number): string {
  if (p < 0.001) return '< 0.001';
  return p < 0.1 ? Number(p.toPrecision(2)).toString() : p.toFixed(2);
}

/** A difference with its sign. */
export function signed(value: number | null, digits: number): string {
  if (value === null) return '–';
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value > 0 ? '+' : '−'}${text}`;
}
