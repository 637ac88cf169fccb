/** Round values that divide a range into about `count` parts: multiples of 1, 2 or 5 times a power of ten, within it. */
export function linearTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => rounded((first + index) * step));
}

/** Ticks for a logarithmic axis: powers of ten, with 2 and 5 times those where the range is small. */
export function logarithmicTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const factors = last - first > 3 ? [1] : [1, 2, 5];
  const powers = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  return powers
    .flatMap((power) => factors.map((factor) => rounded(factor * power)))
    .filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
}

/** A tick as text, without the noise of binary fractions. */
export function tickText(tick: number): string {
  const size = Math.abs(tick);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return tick.toExponential().replace('e+', 'e').replace('e-', 'e−');
  return String(rounded(tick)).replace('-', '−');
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
