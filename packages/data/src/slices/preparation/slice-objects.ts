import type { Random } from '../../random/random.ts';
import { allocate } from './allocate.ts';

/**
 * The objects of each class in each slice of a case, i.e. the connected components of its mask within the slice (pixels
 * that touch by an edge or a corner). An object is a list of runs of pixels along rows, so that all take little memory.
 */
export interface SliceObjects {
  /** The first object of each slice, and at the end their number: S + 1 elements. */
  readonly firsts: Uint32Array;
  /** Three numbers for each object: its class, its first run and its pixels. Ordered by slice, then by class. */
  readonly objects: Uint32Array;
  /** Two numbers for each run: the index of its first pixel in the slice, and how many pixels of the object come before. */
  readonly runs: Uint32Array;
}

/** The bytes of the arrays. */
export function objectBytes({ firsts, objects, runs }: SliceObjects): number {
  return firsts.byteLength + objects.byteLength + runs.byteLength;
}

/** The same lists in memory that threads share. */
export function shareObjects({
  firsts,
  objects,
  runs,
}: Readonly<Record<keyof SliceObjects, ArrayLike<number>>>): SliceObjects {
  return { firsts: shared(firsts), objects: shared(objects), runs: shared(runs) };
}

/**
 * Finds the objects of a case.
 *
 * @param masks [S, H, W, K], 0 or 1
 */
export function findObjects(
  masks: Uint8Array,
  { slices, size: [height, width], classes }: { slices: number; size: readonly [number, number]; classes: number },
): SliceObjects {
  const firsts = [0];
  const objects: number[] = [];
  const runs: number[] = [];
  const perSlice = height * width * classes;
  for (let slice = 0; slice < slices; slice++) {
    const mask = masks.subarray(slice * perSlice, (slice + 1) * perSlice);
    for (let index = 0; index < classes && mask.includes(1); index++) {
      for (const object of connectRuns(findRuns(mask, index, classes, [height, width]), width)) {
        const first = runs.length / 2;
        let pixels = 0;
        for (const { start, length } of object) {
          runs.push(start, pixels);
          pixels += length;
        }
        objects.push(index, first, pixels);
      }
    }
    firsts.push(objects.length / 3);
  }
  return shareObjects({ firsts, objects, runs });
}

/**
 * Draws a pixel of an object: a class first, each that the slice has alike; then one of its objects, each alike, however
 * small; then one of its pixels.
 *
 * @returns the index of the pixel in the slice; undefined if the slice has no object
 */
export function drawObjectPixel(
  { firsts, objects, runs }: SliceObjects,
  slice: number,
  random: Random,
): number | undefined {
  const [from, to] = [firsts[slice]!, firsts[slice + 1]!];
  if (from === to) return undefined;
  const byClass = new Map<number, number[]>();
  for (let object = from; object < to; object++) {
    const index = objects[3 * object]!;
    byClass.set(index, [...(byClass.get(index) ?? []), object]);
  }
  const members = [...byClass.values()][random.integer(byClass.size)]!;
  const object = members[random.integer(members.length)]!;
  const pixel = random.integer(objects[3 * object + 2]!);
  // The last run of the object that begins at this pixel or before.
  let low = objects[3 * object + 1]!;
  let high = (objects[3 * (object + 1) + 1] ?? runs.length / 2) - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (runs[2 * middle + 1]! <= pixel) low = middle;
    else high = middle - 1;
  }
  return runs[2 * low]! + pixel - runs[2 * low + 1]!;
}

interface Run {
  readonly start: number;
  readonly length: number;
}

/** The runs of pixels of a class along the rows of a slice, in order. */
function findRuns(mask: Uint8Array, index: number, classes: number, [height, width]: readonly [number, number]): Run[] {
  const found: Run[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const start = row * width + column;
      while (column < width && mask[(row * width + column) * classes + index] === 1) column++;
      const length = row * width + column - start;
      if (length > 0) found.push({ start, length });
    }
  }
  return found;
}

/** Groups runs, which are in order, by the object that they are part of. */
function connectRuns(runs: readonly Run[], width: number): Run[][] {
  const parents = runs.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]!]!;
    return root;
  };
  const rowOf = ({ start }: Run): number => Math.floor(start / width);
  let above = 0;
  runs.forEach((run, index) => {
    const row = rowOf(run);
    const left = run.start % width;
    // Runs of the row above that end before this one begins touch none of the later ones of this row either.
    const endsBefore = (other: Run): boolean =>
      rowOf(other) < row - 1 || (rowOf(other) === row - 1 && (other.start % width) + other.length < left);
    while (above < index && endsBefore(runs[above]!)) above++;
    for (let at = above; at < index && rowOf(runs[at]!) === row - 1; at++) {
      if (runs[at]!.start % width > left + run.length) break;
      parents[rootOf(index)] = rootOf(at);
    }
  });
  const groups = new Map<number, Run[]>();
  runs.forEach((run, index) => {
    const root = rootOf(index);
    const group = groups.get(root);
    if (group) group.push(run);
    else groups.set(root, [run]);
  });
  return [...groups.values()];
}

function shared(values: ArrayLike<number>): Uint32Array {
  const array = new Uint32Array(allocate(4 * values.length));
  array.set(values);
  return array;
}
