import { InvalidArgumentError } from 'commander';

/**
 * Makes what reads the number of a flag that is no option of a run.
 *
 * @param isValid whether a number is in range; never asked for an empty text
 * @param expected what the error says was expected, such as `a number above 0`
 */
export function parseNumber(isValid: (value: number) => boolean, expected: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && isValid(value)) return value;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}

/** Makes what reads a whole number of at least so much. */
export function parseWholeNumber(least: number): (text: string) => number {
  return parseNumber((value) => Number.isInteger(value) && value >= least, `a whole number of at least ${least}`);
}
