/** An axis: its ticks, and a map from values to positions. */
export interface Axis {
  ticks: readonly number[];
  position: (value: number) => number;
}

/** A linear axis from `low` to `high` between two positions. */
export function linearAxis(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  count = 5,
): Axis {
  const span = high - low || 1;
  return { ticks: linearTicks(low, high, count), position: (value) => from + ((value - low) / span) * (to - from) };
}

/** A logarithmic axis from `low` to `high`, both positive, between two positions. */
export function logarithmicAxis([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Axis {
  const span = Math.log(high / low) || 1;
  return {
    ticks: logarithmicTicks(low, high),
    position: (value) => from + (Math.log(value / low) / span) * (to - from),
  };
}

/** Round values (multiples of 1, 2 or 5 times a power of ten) that divide a range into about `count` parts. */
export function linearTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => rounded((first + index) * step));
}

/** Ticks of a logarithmic axis: powers of ten and, where the range is small, 2 and 5 times those. */
export function logarithmicTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const factors = last - first > 3 ? [1] : [1, 2, 5];
  const powers = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  return powers
    .flatMap((power) => factors.map((factor) => rounded(factor * power)))
    .filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
}

/** A tick as text, free of binary rounding errors. */
export function tickText(tick: number): string {
  const size = Math.abs(tick);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return tick.toExponential().replace('e+', 'e').replace('e-', 'e−');
  return String(rounded(tick)).replace('-', '−');
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
