import { OptionError } from '@interseg/errors';
import { inputSlices } from '../geometry/context.ts';
import { createResizeAndPad, invertChannel, type ResizeAndPad } from '../geometry/resize-and-pad.ts';
import type { PreparedArrays, PreparedCase } from '../preparation/prepared-case.ts';
import type { CompleteSliceSettings } from '../slice-settings.ts';
import { insertSlice, createSlicing, type Slicing } from '../geometry/slicing.ts';

/** Adds what depends on the geometry to a prepared case, which may come from another thread or a file. */
export function withGeometry(prepared: PreparedArrays, settings: CompleteSliceSettings): PreparedCase {
  const { id, source, classes } = prepared;
  const slicing = createSlicing(source.shape, source.affine, settings.plane);
  const transform = createResizeAndPad([slicing.rows, slicing.columns], settings, [
    slicing.spacing[1],
    slicing.spacing[2],
  ]);
  const stack = { slices: slicing.slices, gap: slicing.spacing[0] };
  return {
    ...prepared,
    restore: inverseTransform(id, slicing, transform, classes),
    inputSlices: (slice) => inputSlices(settings, stack, slice),
  };
}

/** The inverse transform. It keeps no reference to the voxels, so that they can be freed. */
function inverseTransform(
  id: string,
  slicing: Slicing,
  transform: ResizeAndPad,
  classes: number,
): PreparedCase['restore'] {
  const pixels = transform.to[0] * transform.to[1];
  const expected = slicing.slices * pixels * classes;
  return (probabilities) => {
    if (probabilities.length !== expected) {
      throw new OptionError(
        `${id}: found ${probabilities.length} probabilities, expected ${slicing.slices} × ${transform.to.join(' × ')} × ${classes}.`,
      );
    }
    return Array.from({ length: classes }, (_, index) => {
      const volume = new Float32Array(slicing.slices * slicing.rows * slicing.columns);
      for (let s = 0; s < slicing.slices; s++) {
        insertSlice(volume, slicing, s, invertChannel(transform, probabilities, s * pixels * classes + index, classes));
      }
      return volume;
    });
  };
}
