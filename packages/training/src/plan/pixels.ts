import type { Fingerprint } from './fingerprint/fingerprint.ts';
import type { Chosen } from './rule.ts';

/** Pixels of the slices that training sees per pixel of the files, by the spacing that was chosen. */
export function zoom({ spacing }: Fingerprint, { configuration }: Chosen): number {
  return configuration.spacing === undefined ? 1 : spacing.pixels.median / configuration.spacing;
}

/** Rows and columns of the median slice and of the largest one, in pixels at the spacing that was chosen. */
export function slicePixels(
  fingerprint: Fingerprint,
  chosen: Chosen,
): { median: [number, number]; largest: [number, number] } {
  const scale = zoom(fingerprint, chosen);
  const { rows, columns } = fingerprint.size;
  const at = (which: 'median' | 'largest'): [number, number] => [
    Math.round(rows[which] * scale),
    Math.round(columns[which] * scale),
  ];
  return { median: at('median'), largest: at('largest') };
}

/** A diameter that nine of ten objects of the class with the smallest ones have, in pixels of the files. */
export function smallDiameter({ classes }: Fingerprint): number {
  return Math.min(...classes.flatMap(({ diameter }) => diameter?.tenth ?? []));
}

/** The median diameter of the class with the largest objects, in pixels of the files. */
export function usualDiameter({ classes }: Fingerprint): number {
  return Math.max(...classes.flatMap(({ diameter }) => diameter?.median ?? []));
}

/** A number with few digits, for people. */
export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}
