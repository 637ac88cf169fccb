import type { MeanDeviation } from '@interseg/experiments';

/** A duration in its two largest units: `2 h 05 min`, `3 min 20 s`, `4.2 s`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A number with a fixed number of decimals; a dash for a value that is missing or not finite (`null` in JSON). */
export function decimals(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits);
}

/** A number rounded to so many significant digits, without trailing zeros. */
export function significant(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}

/** A number such as `7,482`; from 100 000 in millions, such as `1.94 M`. */
export function largeCount(value: number): string {
  return value < 1e5 ? value.toLocaleString('en-US') : `${(value / 1e6).toFixed(2)} M`;
}

/** A mean with its standard deviation, such as `0.812 ± 0.013`; the mean alone where there is only one value. */
export function spread({ mean, deviation }: MeanDeviation, digits: number): string {
  const middle = decimals(mean, digits);
  return deviation === null ? middle : `${middle} ± ${decimals(deviation, digits)}`;
}

/** A p-value with no more digits than it is worth. */
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

/** A volume in mm³, or in ml from 1000 mm³. */
export function volume(cubicMillimetres: number): string {
  return cubicMillimetres < 1000
    ? `${significant(cubicMillimetres)} mm³`
    : `${significant(cubicMillimetres / 1000)} ml`;
}

/** A range of volumes in words. @param upper in mm³, as `lower`; `null` for no limit */
export function volumeRange(lower: number, upper: number | null): string {
  if (upper === null) return `from ${volume(lower)}`;
  return lower === 0 ? `below ${volume(upper)}` : `${volume(lower)} to ${volume(upper)}`;
}

/** A number of things, such as `1 run` or `12 runs`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
