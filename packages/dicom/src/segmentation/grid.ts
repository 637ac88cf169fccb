import { DataError } from '@interseg/errors';
import type { Affine } from '../series/geometry.ts';
import type { DicomSlice } from '../series/slice.ts';
import type { FoundFrame } from './read-frames.ts';

/** A grid of voxels, as that of a series. */
export interface Grid {
  /** Columns, rows, slices. */
  readonly shape: [number, number, number];
  /** Between columns, rows and slices, in millimetres. */
  readonly spacing: [number, number, number];
  /** Maps (column, row, slice) to RAS+ millimetres. */
  readonly affine: Affine;
}

/** The images that were segmented: their slices along the normal, and the grid on which they lie. */
export interface SegmentedSeries {
  readonly slices: readonly DicomSlice[];
  readonly geometry: Grid;
}

/** A frame that lies somewhere. */
export type PlacedFrame = FoundFrame & Required<Pick<FoundFrame, 'position' | 'orientation' | 'spacing'>>;

/** How far a voxel of a frame may lie from one of the grid, in voxels. */
const mostShift = 0.25;
/** The most millimetres between a frame and its place on the grid that all frames make. */
const mostDeviation = 0.1;

type Vector = readonly number[];
const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);
const cross = (a: Vector, b: Vector): number[] =>
  [0, 1, 2].map((i) => a[(i + 1) % 3]! * b[(i + 2) % 3]! - a[(i + 2) % 3]! * b[(i + 1) % 3]!);
const along = ({ orientation }: PlacedFrame): [number[], number[]] => [orientation.slice(0, 3), orientation.slice(3)];

/**
 * The grid of the frames themselves: from the first to the last that is there, as far apart as the file says if all lie
 * there.
 *
 * @param size columns and rows
 * @param gap the distance between slices that the file names
 * @throws DataError if the frames do not lie on one grid
 */
export function gridOfFrames(
  frames: readonly PlacedFrame[],
  [columns, rows]: readonly [number, number],
  gap: number | undefined,
  name: string,
): Grid {
  const [first] = frames as [PlacedFrame];
  for (const { orientation, spacing } of frames) {
    const isTurned = orientation.some((value, index) => Math.abs(value - first.orientation[index]!) > 1e-3);
    if (isTurned || spacing.some((value, index) => Math.abs(value / first.spacing[index]! - 1) > 1e-3)) {
      throw new DataError(`${name}: found frames with several orientations or spacings, expected one of each.`);
    }
  }
  const [across, down] = along(first);
  const normal = cross(across, down);
  const height = (frame: PlacedFrame): number => dot(frame.position, normal);
  const sorted = [...frames].sort((a, b) => height(a) - height(b));
  const heights = sorted.map((frame) => height(frame) - height(sorted[0]!));
  const steps = heights
    .slice(1)
    .flatMap((value, index) => (value - heights[index]! > 1e-3 ? value - heights[index]! : []));
  const smallest = Math.min(...steps);
  const fits = (step: number): boolean =>
    heights.every((value) => Math.abs(value - Math.round(value / step) * step) < mostDeviation);
  const step =
    steps.length === 0 ? (gap ?? 1) : gap !== undefined && gap > smallest / 1000 && fits(gap) ? gap : smallest;
  const top = heights.at(-1)!;
  if (!fits(step)) {
    throw new DataError(
      `${name}: found frames at uneven distances (the smallest is ${Number(smallest.toPrecision(4))} mm), expected a grid.`,
    );
  }
  const slices = Math.round(top / step) + 1;
  // Frames of a tilted gantry lie beside each other: from the first to the last.
  const [bottom, last] = [sorted[0]!.position, sorted.at(-1)!.position];
  const shift = last.map((value, axis) => (slices > 1 ? (value - bottom[axis]!) / (slices - 1) : normal[axis]! * step));
  const axes = [
    across.map((value) => value * first.spacing[1]!),
    down.map((value) => value * first.spacing[0]!),
    shift,
  ];
  const rasRows = [0, 1, 2].map((row) =>
    [...axes, bottom].map((column) => (row < 2 ? -column[row]! : column[row]!) + 0),
  );
  return {
    shape: [columns, rows, slices],
    spacing: [first.spacing[1]!, first.spacing[0]!, Math.hypot(...shift)],
    affine: [...rasRows, [0, 0, 0, 1]],
  };
}

/** Which voxel of a grid the pixels of a frame are: that of the first, and how far the next column and row are from it. */
export interface FramePlace {
  readonly start: Vector;
  readonly nextColumn: Vector;
  readonly nextRow: Vector;
}

/**
 * Finds the voxels of a frame on a grid. The frame may be cut, turned by right angles or mirrored: what counts is where its
 * pixels lie in the patient.
 *
 * @throws DataError if its pixels lie between the voxels of the grid
 */
export function placeFrame(
  frame: PlacedFrame,
  { affine }: Grid,
  [columns, rows]: readonly [number, number],
  name: string,
): FramePlace {
  const ras = ([x, y, z]: Vector): Vector => [-x!, -y!, z!];
  const [across, down] = along(frame);
  const axes = [across.map((value) => value * frame.spacing[1]!), down.map((value) => value * frame.spacing[0]!)];
  const place = voxelsOf(affine, ras(frame.position), axes.map(ras), [columns, rows]);
  if (!(place.shift <= mostShift)) {
    throw new DataError(
      `${name}: found frames on another grid than that of the series, expected its pixels (cut, turned by right angles or mirrored at most).`,
    );
  }
  const [nextColumn, nextRow] = place.steps as [Vector, Vector];
  return { start: place.start, nextColumn, nextRow };
}

/** Where a grid, or a part of one, lies on another: the voxel of its first one, and the way to the next along each axis. */
interface VoxelPlace {
  readonly start: Vector;
  readonly steps: readonly Vector[];
  /** How far a voxel lies, at most, from the one that it is taken for, in voxels; infinite if axes are not along axes. */
  readonly shift: number;
}

function voxelsOf(affine: Affine, first: Vector, axes: readonly Vector[], extents: readonly number[]): VoxelPlace {
  const inverse = inverted(affine);
  const toVoxels = (vector: Vector): number[] => inverse.map((row) => dot(row, vector));
  const origin = affine.slice(0, 3).map((row) => row[3]!);
  const exact = [first.map((value, axis) => value - origin[axis]!), ...axes].map(toVoxels);
  const rounded = exact.map((vector) => vector.map((value) => Math.round(value) + 0));
  const [start, steps] = [rounded[0]!, rounded.slice(1)];
  const isAlong = steps.every((step) => step.reduce((sum, value) => sum + Math.abs(value), 0) === 1);
  const shifts = [0, 1, 2].map((axis) =>
    exact.reduce((sum, vector, index) => {
      const off = Math.abs(vector[axis]! - (index === 0 ? start : steps[index - 1]!)[axis]!);
      return sum + off * (index === 0 ? 1 : extents[index - 1]! - 1);
    }, 0),
  );
  return { start, steps, shift: isAlong ? Math.max(...shifts) : Infinity };
}

/**
 * Puts labels on another grid with the same voxels, whose axes may be in another order or run the other way, and which may
 * be larger or smaller.
 *
 * @param labels on the grid `from`, first axis fastest
 * @param name the labels, for errors
 * @returns labels on the grid `to`; 0 where `from` has no voxel
 * @throws DataError if voxels of one grid lie between those of the other, or a label lies outside of it
 */
export function regridLabels(
  labels: ArrayLike<number>,
  from: Omit<Grid, 'spacing'>,
  to: Grid,
  name: string,
): Uint16Array {
  const column = (index: number): number[] => from.affine.slice(0, 3).map((row) => row[index]!);
  const { start, steps, shift } = voxelsOf(to.affine, column(3), [0, 1, 2].map(column), from.shape);
  if (!(shift <= mostShift)) {
    const found =
      shift === Infinity
        ? 'axes along other directions than those of the series'
        : `voxels up to ${shift.toFixed(2)} voxels beside those of the series`;
    throw new DataError(
      `${name}: found ${found}, expected its grid (cut, turned by right angles or mirrored at most).`,
    );
  }
  const [columns, rows, slices] = to.shape;
  const result = new Uint16Array(columns * rows * slices);
  let index = 0;
  for (let z = 0; z < from.shape[2]; z++) {
    for (let y = 0; y < from.shape[1]; y++) {
      for (let x = 0; x < from.shape[0]; x++, index++) {
        const label = labels[index]!;
        if (label === 0) continue;
        const at = (axis: number): number =>
          start[axis]! + x * steps[0]![axis]! + y * steps[1]![axis]! + z * steps[2]![axis]!;
        const [i, j, k] = [at(0), at(1), at(2)];
        if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) {
          throw new DataError(
            `${name}: found the label ${label} outside of the series, expected all labels within it.`,
          );
        }
        result[i + columns * (j + rows * k)] = label;
      }
    }
  }
  return result;
}

/** The inverse of the 3 × 3 part. */
function inverted(affine: Affine): number[][] {
  const columns = [0, 1, 2].map((column) => [0, 1, 2].map((row) => affine[row]![column]!));
  const volume = dot(columns[0]!, cross(columns[1]!, columns[2]!));
  return [0, 1, 2].map((i) => cross(columns[(i + 1) % 3]!, columns[(i + 2) % 3]!).map((value) => value / volume));
}
