import { OptionError } from '@interseg/errors';
import { readGrid, type Triple } from './internal/grid.ts';
import { findRuns, type Runs } from './internal/runs.ts';
import { UnionFind } from './internal/union-find.ts';
import type { Mask } from './mask.ts';

/**
 * The number of neighbours of a voxel: across faces (2, 4 or 6 with one, two or three axes), also across edges (8 with
 * two axes, 18 with three), also across corners (26).
 */
export type Connectivity = 2 | 4 | 8 | 6 | 18 | 26;

/** Options of {@link connectedComponents}. */
export interface ConnectivityOptions {
  /** Defaults to all neighbours: 8 with two axes, 26 with three. */
  connectivity?: Connectivity;
}

/** The connected components of a mask. */
export interface Components {
  /** The component of each voxel, from 1, or 0 for background; row-major like the mask. */
  labels: Int32Array;
  /** Number of components. */
  count: number;
  /** Number of voxels of each component: `sizes[0]` belongs to label 1. */
  sizes: number[];
}

/**
 * Finds the connected components of the foreground, numbered in the order of their first voxels.
 *
 * Works on runs of voxels along the fastest axis: it unites touching runs of neighbouring rows.
 *
 * @throws OptionError if `data` does not fit `shape`, a voxel is NaN, or the number of axes has no such connectivity.
 */
export function connectedComponents(mask: Mask, options: ConnectivityOptions = {}): Components {
  const { rank, size } = readGrid('mask', mask);
  const reach = findReach(rank, options.connectivity);
  const runs = findRuns(mask.data, size);
  const sets = touchingRuns(runs, size, reach);
  const labels = new Int32Array(mask.data.length);
  const labelOfRoot = new Int32Array(runs.starts.length);
  const sizes: number[] = [];
  for (let row = 0; row < size[0] * size[1]; row++) {
    for (let run = runs.firstOfRow[row]!; run < runs.firstOfRow[row + 1]!; run++) {
      const root = sets.findRoot(run);
      if (root === run) {
        labelOfRoot[root] = sizes.push(0);
      }
      const label = labelOfRoot[root]!;
      const [start, end] = [runs.starts[run]!, runs.ends[run]!];
      labels.fill(label, row * size[2] + start, row * size[2] + end);
      sizes[label - 1]! += end - start;
    }
  }
  return { labels, count: sizes.length, sizes };
}

/** The number of axes along which neighbours may differ at the same time. */
function findReach(rank: number, connectivity: Connectivity | undefined): number {
  const known = [[2], [4, 8], [6, 18, 26]][rank - 1]!;
  const reach = connectivity === undefined ? known.length : known.indexOf(connectivity) + 1;
  if (reach === 0) {
    throw new OptionError(
      `connectivity is ${connectivity}, expected ${known.join(' or ')} for a mask of ${rank} axes.`,
    );
  }
  return reach;
}

/** Unites each run with those that it touches in the rows that come before its own. */
function touchingRuns(runs: Runs, [depth, height]: Triple, reach: number): UnionFind {
  const sets = new UnionFind(runs.starts.length);
  const earlierRows = [
    [0, -1],
    [-1, -1],
    [-1, 0],
    [-1, 1],
  ] as const;
  for (const [dz, dy] of earlierRows) {
    const left = reach - Math.abs(dz) - Math.abs(dy);
    if (left < 0) {
      continue;
    }
    for (let z = -dz; z < depth; z++) {
      for (let y = Math.max(0, -dy); y < height - Math.max(0, dy); y++) {
        // With a step along the row to spare, runs also touch by a corner.
        uniteRows(runs, sets, z * height + y, (z + dz) * height + y + dy, Math.min(left, 1));
      }
    }
  }
  return sets;
}

/** Unites the runs of two rows that share a position, or, with a margin of 1, that follow each other. */
function uniteRows(
  { starts, ends, firstOfRow }: Runs,
  sets: UnionFind,
  row: number,
  other: number,
  margin: number,
): void {
  let a = firstOfRow[row]!;
  let b = firstOfRow[other]!;
  while (a < firstOfRow[row + 1]! && b < firstOfRow[other + 1]!) {
    if (starts[a]! < ends[b]! + margin && starts[b]! < ends[a]! + margin) {
      sets.unite(a, b);
    }
    // Runs of one row are apart, so the one that ends first cannot touch what follows the other.
    if (ends[a]! < ends[b]!) {
      a++;
    } else {
      b++;
    }
  }
}
