import type { ClassDefinition } from '@interseg/data';
import type { Mask } from '@interseg/metrics';

/** A label map with the grid it lies on: first axis fastest, spacing in millimetres. */
export interface LabelVolume {
  data: ArrayLike<number>;
  shape: readonly number[];
  spacing: readonly number[];
}

/** The voxels of one class as a mask for `@interseg/metrics`, whose axes are row-major: the last one fastest. */
export function classMask({ data, shape, spacing }: LabelVolume, { values }: ClassDefinition): Mask {
  const members = new Set(values);
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) mask[i] = members.has(data[i]!) ? 1 : 0;
  return { data: mask, shape: [...shape].reverse(), spacing: [...spacing].reverse() };
}
