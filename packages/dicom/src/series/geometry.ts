import { DataError } from '@interseg/errors';
import { firstDecimal, firstItem, tags } from '../parsing/values.ts';
import { sliceName, type DicomSlice } from './slice.ts';

/** A 4×4 matrix, row by row, that maps voxel indices (i, j, k, 1) to RAS+ millimetres. */
export type Affine = readonly (readonly number[])[];

/** How the slices of a series lie. */
export interface SeriesGeometry {
  /** Columns, rows, slices. */
  readonly shape: [number, number, number];
  /** Between columns, rows and slices. */
  readonly spacing: [number, number, number];
  /** Maps (column, row, slice) to RAS+ millimetres, as NIfTI does. */
  readonly affine: Affine;
  /** The smallest and the largest gap along the normal of the slices in millimetres; undefined for a single slice. */
  readonly gaps?: readonly [number, number];
  /** The angle in degrees between the stack and the normal of its slices: that of a tilted gantry. 0 below 0.1°. */
  readonly tilt: number;
  /** How far a slice lies, at most, from where its file says, in millimetres. */
  readonly deviation: number;
}

/** The most that a gap may differ from the median. */
const mostUnevenness = 0.02;
/** The most millimetres between a slice and where its file says that it is. */
const mostDeviation = 0.1;

type Vector = readonly number[];
const dot = (a: Vector, b: Vector): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
const minus = (a: Vector, b: Vector): number[] => a.map((value, index) => value - b[index]!);
const plus = (a: Vector, b: Vector, times = 1): number[] => a.map((value, index) => value + times * b[index]!);
const short = (value: number): number => Number(value.toPrecision(3));

function normalOf([a, b, c, d, e, f]: readonly number[]): number[] {
  return [b! * f! - c! * e!, c! * d! - a! * f!, a! * e! - b! * d!];
}

/**
 * Sorts slices along their normal and finds the grid on which they lie: the straight line through all positions that has
 * the least squared distance from them. A tilted gantry gives a sheared grid.
 *
 * @param name the series, for errors
 * @throws DataError naming files, if the slices differ in size, orientation or spacing, lie beside each other or on one
 * another, are missing or unevenly spaced, or one lies more than 0.1 mm from the grid
 */
export function arrangeSlices(
  slices: readonly DicomSlice[],
  name: string,
): { slices: DicomSlice[]; geometry: SeriesGeometry } {
  const [first] = slices;
  if (!first) throw new DataError(`${name}: found no slice, expected at least one.`);
  for (const slice of slices) checkAlike(slice, first, name);
  const normal = normalOf(first.orientation);
  const height = (slice: DicomSlice): number => dot(slice.position, normal);
  const sorted = [...slices].sort((a, b) => height(a) - height(b) || a.frame - b.frame);
  const gaps = sorted.slice(1).map((slice, index) => height(slice) - height(sorted[index]!));
  checkGaps(sorted, gaps, name);
  const line = fitLine(sorted.map(({ position }) => position));
  const step = sorted.length > 1 ? line.step : normal.map((value) => value * thickness(first));
  const deviation = checkDeviation(sorted, line.origin, step, name);
  const { rows, columns } = first.instance;
  const [betweenRows, betweenColumns] = first.spacing;
  const axes = [
    first.orientation.slice(0, 3).map((value) => value * betweenColumns),
    first.orientation.slice(3).map((value) => value * betweenRows),
    step,
  ];
  const length = Math.hypot(...step);
  const tilt = (Math.acos(Math.min(1, dot(step, normal) / length)) * 180) / Math.PI;
  return {
    slices: sorted,
    geometry: {
      shape: [columns, rows, sorted.length],
      spacing: [betweenColumns, betweenRows, length],
      affine: rasAffine(axes, line.origin),
      gaps: gaps.length > 0 ? [Math.min(...gaps), Math.max(...gaps)] : undefined,
      tilt: tilt < 0.1 ? 0 : tilt,
      deviation,
    },
  };
}

/** From LPS to RAS: the first two coordinates the other way round. */
function rasAffine(axes: readonly Vector[], origin: Vector): Affine {
  const rows = [0, 1, 2].map((row) => [...axes, origin].map((column) => (row < 2 ? -column[row]! : column[row]!) + 0));
  return [...rows, [0, 0, 0, 1]];
}

/** The points `origin + k · step` that are nearest to points by least squares. */
function fitLine(points: readonly Vector[]): { origin: number[]; step: number[] } {
  const middle = (points.length - 1) / 2;
  const mean = points.reduce<number[]>((sum, point) => plus(sum, point, 1 / points.length), [0, 0, 0]);
  const squares = points.reduce((sum, _, k) => sum + (k - middle) ** 2, 0);
  const step = points.reduce<number[]>(
    (sum, point, k) => plus(sum, minus(point, mean), squares === 0 ? 0 : (k - middle) / squares),
    [0, 0, 0],
  );
  return { origin: plus(mean, step, -middle), step };
}

function checkAlike(slice: DicomSlice, first: DicomSlice, name: string): void {
  const refuse = (found: string, expected: string): never => {
    throw new DataError(`${name}: found ${found}, expected ${expected} as in ${sliceName(first)}.`);
  };
  const { rows, columns } = slice.instance;
  if (rows !== first.instance.rows || columns !== first.instance.columns) {
    refuse(
      `${sliceName(slice)} with ${columns} × ${rows} pixels`,
      `${first.instance.columns} × ${first.instance.rows}`,
    );
  }
  if (slice.orientation.some((value, index) => Math.abs(value - first.orientation[index]!) > 1e-3)) {
    refuse(`several orientations, the other in ${sliceName(slice)}`, 'one orientation,');
  }
  if (slice.spacing.some((value, index) => Math.abs(value / first.spacing[index]! - 1) > 1e-3)) {
    refuse(`${sliceName(slice)} with the spacing ${slice.spacing.join(', ')}`, first.spacing.join(', '));
  }
}

function checkGaps(sorted: readonly DicomSlice[], gaps: readonly number[], name: string): void {
  if (gaps.length === 0) return;
  const places = 1 + gaps.filter((gap) => gap > 1e-3).length;
  const same = gaps.findIndex((gap) => gap <= 1e-3);
  if (same >= 0) {
    throw new DataError(
      `${name}: found ${sorted.length} slices at ${places} positions (${sliceName(sorted[same]!)} and ` +
        `${sliceName(sorted[same + 1]!)} lie at the same one), expected one slice at each position.`,
    );
  }
  const median = [...gaps].sort((a, b) => a - b)[gaps.length >> 1]!;
  const worst = gaps.reduce(
    (at, gap, index) => (Math.abs(gap - median) > Math.abs(gaps[at]! - median) ? index : at),
    0,
  );
  const gap = gaps[worst]!;
  const ratio = gap / median;
  if (Math.abs(ratio - 1) <= mostUnevenness) return;
  const between = `between ${sliceName(sorted[worst]!)} and ${sliceName(sorted[worst + 1]!)}`;
  if (ratio > 1.5 && Math.abs(ratio - Math.round(ratio)) < 0.1) {
    const missing = gaps.reduce((sum, one) => sum + Math.max(0, Math.round(one / median) - 1), 0);
    throw new DataError(
      `${name}: found a gap of ${short(gap)} mm ${between}, where the others have ${short(median)} mm, ` +
        `expected ${missing === 1 ? 'the slice that is missing' : `the ${missing} slices that are missing`}.`,
    );
  }
  throw new DataError(
    `${name}: found a gap of ${short(gap)} mm ${between}, where the others have ${short(median)} mm, ` +
      `expected gaps that differ by at most ${100 * mostUnevenness} %.`,
  );
}

function checkDeviation(sorted: readonly DicomSlice[], origin: Vector, step: Vector, name: string): number {
  let [worst, most] = [0, 0];
  sorted.forEach(({ position }, k) => {
    const distance = Math.hypot(...minus(position, plus(origin, step, k)));
    if (distance > most) [worst, most] = [k, distance];
  });
  if (most <= mostDeviation) return most;
  throw new DataError(
    `${name}: found ${sliceName(sorted[worst]!)} ${short(most)} mm beside the straight line of the others, ` +
      `expected at most ${mostDeviation} mm.`,
  );
}

/** What lies between a single slice and the next that there might be. */
function thickness({ instance, frame }: DicomSlice): number {
  const { dataSet } = instance;
  const own = dataSet.elements[tags.frameGroups]?.items?.[frame]?.dataSet;
  const measures =
    firstItem(own, tags.pixelMeasures) ?? firstItem(firstItem(dataSet, tags.sharedGroups), tags.pixelMeasures);
  for (const tag of [tags.spacingBetweenSlices, tags.sliceThickness]) {
    const value = firstDecimal(measures ?? dataSet, tag);
    if (value !== undefined && Math.abs(value) > 1e-6 && Math.abs(value) < 1e6) return Math.abs(value);
  }
  return 1;
}
