import { OptionError } from '@interseg/errors';

/** The most characters of a decimal string (PS3.5, table 6.2-1). */
const longest = 16;

/**
 * A number as a decimal string: as many digits as 16 characters hold.
 *
 * @throws OptionError if the number is not finite
 */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new OptionError(`decimal string: found ${value}, expected a finite number.`);
  if (value === 0) return '0';
  for (let digits = 16; ; digits--) {
    // `Number` drops zeros at the end; both ways of writing it are allowed, and one may be shorter.
    const rounded = Number(value.toPrecision(digits));
    const shortest = [String(rounded), rounded.toExponential()].sort((a, b) => a.length - b.length)[0]!;
    if (shortest.length <= longest) return shortest;
  }
}
