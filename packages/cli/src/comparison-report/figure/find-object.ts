import type { CaseVolume, ClassDefinition } from '@interseg/data';
import { connectedComponents } from '@interseg/metrics';
import { classMask } from '@interseg/training';
import type { DisplayView } from '../../slice-pictures/display-view.ts';

/** An object of the ground truth, and the slice in which it is largest. */
export interface FoundObject {
  /** In mm³. */
  volume: number;
  slice: number;
  /** Its extent in that slice, in pixels, both ends included. */
  rows: readonly [first: number, last: number];
  columns: readonly [first: number, last: number];
}

/** Smaller objects are probably noise in the label map: they count only where there are no others. */
const leastVoxels = 4;

/** Finds the smallest object of a case, over all classes; `undefined` when the case has none. */
export function findSmallestObject(
  { labels, shape, spacing }: CaseVolume,
  classes: readonly ClassDefinition[],
  view: DisplayView,
): FoundObject | undefined {
  if (!labels) return undefined;
  let smallest: { voxels: number; data: Uint8Array } | undefined;
  // Objects below the least size rank after all others.
  const rank = (voxels: number): number => (voxels >= leastVoxels ? voxels : Number.MAX_SAFE_INTEGER - voxels);
  for (const definition of classes) {
    const components = connectedComponents(classMask({ data: labels, shape, spacing }, definition));
    components.sizes.forEach((voxels, index) => {
      if (smallest && rank(smallest.voxels) <= rank(voxels)) return;
      smallest = { voxels, data: Uint8Array.from(components.labels, (label) => (label === index + 1 ? 1 : 0)) };
    });
  }
  if (!smallest) return undefined;
  const { voxels, data } = smallest;
  return { volume: voxels * spacing[0] * spacing[1] * spacing[2], ...locate(data, view) };
}

function locate(data: Uint8Array, view: DisplayView): Omit<FoundObject, 'volume'> {
  const areas = Array.from({ length: view.slices }, (_, index) =>
    [...view.slice(data, index)].reduce((sum, value) => sum + value, 0),
  );
  const slice = areas.indexOf(Math.max(...areas));
  const inside = [...view.slice(data, slice)].flatMap((value, at) => (value > 0 ? [at] : []));
  const range = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  return {
    slice,
    rows: range(inside.map((at) => Math.floor(at / view.columns))),
    columns: range(inside.map((at) => at % view.columns)),
  };
}
